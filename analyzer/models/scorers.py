"""Which models of troubles this installation has, for whoever analyses; else rules alone."""

from __future__ import annotations

import hashlib
from typing import get_args

from analyzer.models.linear import Linear
from analyzer.models.loading import plain
from analyzer.models.troubles import Troubles
from analyzer.models.words import Trouble
from analyzer.signals.schema import Rules


def scorers() -> dict[str, Linear]:
    """Return the models that there are, by the name that a rule gives."""
    found = {name: plain(name) for name in get_args(Trouble)}
    return {name: model for name, model in found.items() if model is not None}


def active_troubles(rules: Rules) -> Troubles:
    """Return the models' part of some rules, for one session."""
    return Troubles(rules, scorers())


def scorers_digest() -> str:
    """Return what tells these models from others: what they conclude hangs on them."""
    text = "".join(f"{name} {model.model_dump_json()}" for name, model in scorers().items())
    return hashlib.sha256(text.encode()).hexdigest()
