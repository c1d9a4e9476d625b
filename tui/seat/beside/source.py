"""What the comparison takes in: a feed a side, which also tells the session's clock and tasks.

Nothing of Textual belongs here, and no implementation: see `recorded.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tui.seat.feed import Feed

if TYPE_CHECKING:
    from analyzer.models.tasks import Tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """On what a session is measured; times are seconds since the session's start.

    Attributes:
        clock_started: When its clock was started, None where it was not.
        first_output: When a terminal first showed something, None where none did.
        exercise: The name of its exercise, empty where it names none.
        tasks: What serves the tasks of its exercise, None where that cannot be told.

    """

    clock_started: float | None = None
    first_output: float | None = None
    exercise: str = ""
    tasks: Tasks | None = None

    @property
    def origin(self) -> float:
        """The second from which its time is counted."""
        if self.clock_started is not None:
            return self.clock_started
        return self.first_output or 0.0


class Source(Feed, Protocol):
    """One side's feed. Both of these may be called from any thread, and return at once."""

    def setting(self) -> Setting:
        """Return what `open` and `refresh` have learnt so far."""
        ...

    def progress(self) -> float | None:
        """Return the share of the analysis that is done, from 0 to 1; None while none runs."""
        ...
