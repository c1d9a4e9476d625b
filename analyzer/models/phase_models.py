"""Trained models beside the rules, where phases are told: only activities have one.

A model of topics was tried and left out: docs/models.md has the figures. The model is scored as
plain numbers, so nothing heavy is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from analyzer.models.by_rules import Weighed
from analyzer.models.features import features_of
from analyzer.models.loading import plain_header
from analyzer.models.phases import WORK, PhaseModels
from analyzer.models.turns import Turn
from analyzer.models.weights import Weights

KIND = "activity"

_SHARE = 0.5
"""What the model and the rules count for, each."""

_LEAST = 1e-4
"""A probability below this says no more than this."""


@dataclass(frozen=True, slots=True)
class Trained:
    """The rules' topics, and activities as rules and a model see them together."""

    activities: Weights

    def weighed(self, turns: Sequence[Turn], rules: Sequence[Weighed]) -> Sequence[Weighed]:
        """Return what speaks for topics and activities of each turn, as logarithms."""
        rows = features_of(turns, rules)
        return [
            _together(said, self.activities.scores(row))
            for said, row in zip(rules, rows, strict=True)
        ]


def _together(said: Weighed, scores: Mapping[str, float]) -> Weighed:
    activities = {
        word: _SHARE * (said.activities.get(word, 0.0) + log(max(scores.get(word, 0.0), _LEAST)))
        for word in WORK
    }
    return Weighed(topics=said.topics, activities=activities)


def phase_models() -> PhaseModels | None:
    """Return the models that this installation has; None where the rules are alone."""
    header = plain_header(KIND)
    if header is None or not isinstance(header.plain, Weights):
        return None
    return Trained(header.plain)


def phase_models_mark() -> str:
    """Return what tells these models from others: what they conclude hangs on them."""
    header = plain_header(KIND)
    return "" if header is None else header.payload_sha256
