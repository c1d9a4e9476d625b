"""Where models learn from: what ships with the program, and what an installation's people judged.

The one place that knows where examples lie; kinds only take `Sources`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from analyzer.models.artifact import Data, ModelError
from analyzer.models.examples.generator import generated
from analyzer.models.examples.lines import labelled_lines
from analyzer.models.examples.played import read_truth
from analyzer.models.labels import LabelledSession
from analyzer.models.trained.kinds import Sources

SESSIONS = 60
"""Sessions that are made up to learn from; a fifth of that is held out to measure with."""

_SEED = 1
_TRUTH = "truth.json"


def _none() -> Iterable[LabelledSession]:
    return ()


def sources_of(data: Data, confirmed: Callable[[], Iterable[LabelledSession]] = _none) -> Sources:
    """Return where examples come from, for what was asked for."""
    if data == "confirmed":
        return Sources(data=data, confirmed=confirmed)
    shipped = Sources(
        data=data,
        lines=labelled_lines,
        sessions=lambda: generated(_SEED, SESSIONS, split="train"),
        held_out=lambda: generated(_SEED, SESSIONS // 5, split="held-out"),
    )
    return replace(shipped, confirmed=confirmed) if data == "both" else shipped


def recorded(directories: Iterable[Path]) -> tuple[LabelledSession, ...]:
    """Return the sessions of directories, or of those in them, whose truth is known.

    Raises:
        ModelError: There is none in a directory.
        RecordingError: One cannot be read.

    """
    found: list[LabelledSession] = []
    for directory in directories:
        inside = sorted(each.parent for each in directory.glob(f"*/{_TRUTH}"))
        here = [directory] if (directory / _TRUTH).is_file() else inside
        if not here:
            raise ModelError(
                f"there is no session with a {_TRUTH} in {directory}",
                "name a directory whose truth is known, as docs/models.md tells",
            )
        found += [read_truth(each) for each in here]
    return tuple(found)
