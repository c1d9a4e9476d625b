"""Two sessions side by side, for calibration: the only door for the command line.

Importing this is cheap: Textual and the analyzer are loaded by the function. No widget, no key and
no colour belongs here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from analyzer.models.tasks import Tasks
    from tui.seat import Store
    from tui.seat.beside.source import Source

StepWord = Literal["clock", "task", "free"]
"""How the two are kept in step."""


def run_beside(
    one: Callable[[], tuple[Path, Store]],
    other: Callable[[], tuple[Path, Store]],
    *,
    fallback: Callable[[], Tasks],
    step: StepWord = "clock",
) -> None:
    """Show two sessions until the person leaves.

    Args:
        one: Returns the left session's recording, finished or growing, and the store, or how to
            open it; none for a recording that is in no store: it is analysed in memory. Called
            once, in a thread, while the first picture stands already.
        other: The same of the right one.
        fallback: Returns the tasks of sessions whose recordings name no exercise; called likewise.
        step: How the two are kept in step at first.

    Raises:
        JumpseatError: Neither recording can be read, or whatever ``one`` or ``other`` raised.

    """
    from tui.seat.beside.app import BesideApp  # noqa: PLC0415 - Textual loads only when shown
    from tui.seat.beside.in_step import Step  # noqa: PLC0415

    def make(find: Callable[[], tuple[Path, Store]]) -> Source:
        from tui.seat.beside.recorded import RecordedSource  # noqa: PLC0415 - half a second

        return RecordedSource(*find(), fallback=fallback())

    app = BesideApp((partial(make, one), partial(make, other)), step=Step(step))
    app.run()
    if app.failure is not None:
        raise app.failure
