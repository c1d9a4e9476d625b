"""Where models learn from: what ships with the program, and what an installation's people judged.

The one place that knows where examples lie; kinds only take `Sources`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from analyzer.models.artifact import Data
from analyzer.models.examples.generator import generated
from analyzer.models.examples.lines import labelled_lines
from analyzer.models.labels import LabelledSession
from analyzer.models.trained.kinds import Sources

SESSIONS = 60
"""Sessions that are made up to learn from."""

_SEED = 1


def sources_of(data: Data, confirmed: Callable[[], Iterable[LabelledSession]]) -> Sources:
    """Return where examples come from, for what was asked for."""
    if data == "confirmed":
        return Sources(data=data, confirmed=confirmed)
    shipped = Sources(
        data=data,
        lines=labelled_lines,
        sessions=lambda: generated(_SEED, SESSIONS, split="train"),
    )
    return replace(shipped, confirmed=confirmed) if data == "both" else shipped
