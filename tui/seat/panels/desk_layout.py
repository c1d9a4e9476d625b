"""Where the desk is while there is a screen: beside it, under it, or in one line below it.

The candidate's screen comes first; what it leaves is the desk's. Pure: sizes in, a plan out.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui.seat.side_panel import side_width

TALL = 30
"""Rows from which title and row of keys are shown: below, the candidate's screen needs them."""

FRAME = 2
"""Cells that a frame takes from each direction."""

LEAST_UNDER = 9
"""Rows that the desk needs below the screen."""

LEAST_LIST = 5
"""Rows that a list of commands needs below the screen."""

WIDEST = 64
"""Columns beyond which words and their times would lie too far apart to be read as one."""

_USUAL = 24
"""Lines of a candidate's screen as long as there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """In cells: columns or rows for the desk, rows for the list of commands."""

    beside: int = 0
    under: int = 0
    commands: int = 0

    @property
    def line(self) -> bool:
        """Whether the desk has only a line."""
        return not self.beside and not self.under


def bars(rows: int, timeline: int = 1) -> int:
    """Return the rows that are neither screen nor desk: timeline and status, title and keys."""
    return timeline + (3 if rows >= TALL else 1)


def plan_of(
    columns: int, rows: int, recorded: tuple[int, int], *, timeline: int = 1, hidden: bool
) -> Plan:
    """Return where the desk goes.

    Args:
        columns: The viewer's terminal.
        rows: Likewise.
        recorded: Columns and lines of the candidate's screen; 0 while there is none.
        timeline: Rows of the timeline.
        hidden: Somebody wants no desk.

    """
    frame = FRAME if columns >= recorded[0] + FRAME else 0
    free = max(rows - bars(rows, timeline) - max(recorded[1], _USUAL) - frame, 0)
    beside = min(side_width(columns, recorded[0]), WIDEST)
    commands = free if free >= LEAST_LIST else 0
    if hidden:
        return Plan(commands=commands)
    if beside:
        return Plan(beside=beside, commands=commands)
    return Plan(under=free) if free >= LEAST_UNDER else Plan()
