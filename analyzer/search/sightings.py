"""What is noted of a screen: one line of text, where it stood, from when until when.

Values and the protocol of whoever keeps them; nothing of how a screen is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

NO_ROW = -1
"""The row of a line that scrolled by between two looks."""

LINE_STEP = 1024
"""What numbers of lines of the alternate screen differ by: no screen has as many rows."""


@dataclass(slots=True, kw_only=True, eq=False)
class Sighting:
    """One line that was on a terminal's screen with one and the same text.

    Attributes:
        t: Seconds since the session's start at which it was first seen.
        until: When it was seen no more; ``t`` itself if it scrolled by within the output of that
            moment; None while it stands.
        changed: It ended because the text of that line became another.
        alternate: It was on the alternate screen.
        line: Which line it is: of the main screen the number, from 0, of its first row since the
            terminal was opened; of the alternate screen a multiple of `LINE_STEP` that the line
            keeps when it moves.
        row: The row of the screen, from 0, of its first row when it was first seen, else `NO_ROW`.
        columns: The width, in cells, of the rows that it is laid out in.
        text: What it said, wrapped rows joined, without the blanks at its end.
        place: For the keeper: where it was put, None until then.

    """

    t: float
    until: float | None = None
    changed: bool = False
    alternate: bool
    line: int
    row: int
    columns: int
    text: str
    place: tuple[int, int] | None = None


class Keeper(Protocol):
    """Takes in what was seen on one terminal; must be quick."""

    def seen(self, sighting: Sighting) -> None:
        """Take in a line that has appeared; one that scrolled by is gone already."""
        ...

    def gone(self, sighting: Sighting) -> None:
        """Take in that a line is gone: its ``until`` and ``changed`` are set now."""
        ...
