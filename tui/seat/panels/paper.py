"""What all panels write with: rows that keep their right end, wrapped words, times for people.

Nothing of any panel belongs here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from rich.text import Text

from tui.seat.look import FAINT, INK, LINE
from tui.seat.transport import clock_words
from tui.wrapping import wrapped as in_cells

_MORE = " …"


@dataclass(frozen=True, slots=True)
class Times:
    """How moments are written: by the time of day during a call, by the session's in a replay."""

    started: datetime | None = None
    of_day: bool = False

    def at(self, t: float) -> str:
        """Return a moment in five cells or little more: ``14:02``, or ``12:31`` since the start."""
        local = self._local(t)
        return clock_words(t) if local is None else f"{local:%H:%M}"

    def exactly(self, t: float) -> str:
        """Return a moment to the second."""
        local = self._local(t)
        return clock_words(t) if local is None else f"{local:%H:%M:%S}"

    def _local(self, t: float) -> datetime | None:
        if self.started is None or not self.of_day:
            return None
        try:
            return (self.started + timedelta(seconds=t)).astimezone()
        except (OverflowError, ValueError, OSError):
            return None


def span_words(seconds: float) -> str:
    """Return a length of time, negative ones with a plus sign: they are over."""
    return f"+{clock_words(-seconds)}" if seconds <= -1 else clock_words(max(seconds, 0.0))


def row(width: int, left: Text, right: Text | None = None) -> Text:
    """Return a line of exactly so many cells; where it is tight the left end gives way."""
    line = left.copy()
    line.no_wrap, line.end = True, ""
    if right is None or right.cell_len > width - 4:
        line.truncate(width, overflow="ellipsis", pad=True)
        return line
    room = width - right.cell_len
    line.truncate(max(room - 1, 0), overflow="ellipsis")
    line.pad_right(room - line.cell_len)
    line.append_text(right)
    return line


ROOMY = 44
"""Cells from which a row has room for words that only help."""


def words(text: str, style: str = INK) -> Text:
    """Return text in one style, never markup."""
    return Text(text, style, no_wrap=True, end="")


def heading(width: int, title: str, extra: str = "", *, lit: bool = False) -> Text:
    """Return the line above a panel; ``lit`` where keys go to it."""
    line = Text(no_wrap=True, end="")
    line.append("━ " if lit else "─ ", INK if lit else LINE)
    line.append(title, f"bold {INK}")
    end = f" {extra}" if extra and len(extra) + len(title) + 6 <= width else ""
    line.truncate(max(width - len(end) - 2, 0), overflow="ellipsis")
    line.append(" ")
    line.append(("━" if lit else "─") * max(width - line.cell_len - len(end), 0), LINE)
    line.append(end, FAINT)
    line.truncate(width, pad=True)
    return line


def wrapped(text: str, width: int, most: int, style: str, *, indent: str = "") -> list[Text]:
    """Return text in at most so many lines; what does not fit ends in an ellipsis."""
    if most < 1 or not text.strip():
        return []
    room = max(width - len(indent), 1)
    lines = in_cells(text, room)
    if len(lines) > most:
        begun = in_cells(lines[most - 1], max(room - len(_MORE), 1))[0]
        lines = [*lines[: most - 1], begun + _MORE]
    return [row(width, words(indent + line, style)) for line in lines]


def filled(lines: list[Text], width: int, rows: int) -> list[Text]:
    """Return exactly so many lines."""
    empty = Text(" " * width, no_wrap=True, end="")
    return [*lines[:rows], *[empty] * max(rows - len(lines), 0)]
