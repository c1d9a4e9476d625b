"""Two sessions side by side, for calibration: the only door for the command line.

Importing this is cheap: Textual and the analyzer are loaded by the function. No widget, no key and
no colour belongs here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from analyzer.models.tasks import Tasks
    from tui.seat import Store

StepWord = Literal["clock", "task", "free"]
"""How the two are kept in step."""


def run_beside(
    one: tuple[Path, Store],
    other: tuple[Path, Store],
    *,
    step: StepWord = "clock",
    fallback: Tasks | None = None,
) -> None:
    """Show two sessions until the person leaves.

    Args:
        one: The left session's recording, finished or growing, and the store, or how to open it;
            none for a recording that is in no store: it is analysed in memory.
        other: The right one's.
        step: How they are kept in step at first.
        fallback: The tasks of sessions whose recordings name no exercise.

    Raises:
        JumpseatError: Neither recording can be read.

    """
    from tui.seat.beside.app import BesideApp  # noqa: PLC0415 - Textual loads only when shown
    from tui.seat.beside.in_step import Step  # noqa: PLC0415
    from tui.seat.beside.recorded import RecordedSource  # noqa: PLC0415

    left, right = (RecordedSource(*each, fallback=fallback) for each in (one, other))
    app = BesideApp((left, right), step=Step(step))
    app.run()
    if app.failure is not None:
        raise app.failure
