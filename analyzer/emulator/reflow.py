"""What a new width does to the lines of the main screen: they are wrapped anew.

Rows that continue each other are one line, which keeps all its text at any width, as in tmux, VTE
and most others. What had scrolled off keeps the width that it had. Heights, and what leaves the
screen, do not belong here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.emulator.pen import Pen
from analyzer.emulator.rows import Row


@dataclass(slots=True)
class Place:
    """A cell that is kept track of; ``x`` may be the width, where a wrap is pending."""

    x: int
    y: int


def reflow(rows: Sequence[Row], columns: int, plain: Pen, places: Sequence[Place]) -> list[Row]:
    """Return the rows at a width of at least 2, and move the places to where their text went."""
    wrapped: list[Row] = []
    origins = [place.y for place in places]
    for first, group in _lines(rows):
        within = range(first, first + len(group))
        here = [place for place, y in zip(places, origins, strict=True) if y in within]
        wrapped += _wrap(group, first, columns, plain, here, len(wrapped))
    return wrapped


def _lines(rows: Sequence[Row]) -> Iterator[tuple[int, list[Row]]]:
    """Yield the rows of each line, with the number of its first one."""
    first = 0
    for y, row in enumerate(rows):
        if not row.wrapped or y == len(rows) - 1:
            yield first, list(rows[first : y + 1])
            first = y + 1


def _wrap(
    group: list[Row], first: int, columns: int, plain: Pen, places: list[Place], top: int
) -> list[Row]:
    """Return one line's rows at another width; they begin at row ``top``."""
    line, starts = _join(group)
    offsets = [starts[place.y - first] + place.x for place in places]
    fill = line.trim(max(offsets, default=0), plain)
    rows: list[Row] = []
    start = 0
    while not rows or start < len(line.cells):
        if rows:
            rows[-1].wrapped = True
        end = start + columns
        gap = end < len(line.cells) and line.cells[end] == ""
        end -= gap
        for place, offset in zip(places, offsets, strict=True):
            if start <= offset < end or (offset >= start and end >= len(line.cells)):
                place.x, place.y = min(offset - start, columns), top + len(rows)
        rows.append(line.part(start, end, columns, fill))
        rows[-1].gap = gap
        start = end
    rows[-1].wrapped = group[-1].wrapped
    return rows


class _Line:
    """The cells of rows that continue each other."""

    def __init__(self) -> None:
        self.cells: list[str] = []
        self.pens: list[Pen] = []

    def trim(self, least: int, plain: Pen) -> Pen:
        """Drop the blanks at the end, but for ``least`` cells; return the pen that they had."""
        end = len(self.cells)
        fill = self.pens[-1] if end and self.cells[-1] == " " else plain
        while end > least and self.cells[end - 1] == " ":
            end -= 1
        del self.cells[end:], self.pens[end:]
        return fill

    def part(self, start: int, end: int, columns: int, fill: Pen) -> Row:
        row = Row(0, fill)
        row.cells, row.pens = self.cells[start:end], self.pens[start:end]
        missing = columns - len(row.cells)
        row.cells += [" "] * missing
        row.pens += [fill] * missing
        return row


def _join(group: list[Row]) -> tuple[_Line, list[int]]:
    """Return the line that rows make up, and where each of them starts in it."""
    line, starts = _Line(), []
    for index, row in enumerate(group):
        starts.append(len(line.cells))
        end = len(row.cells)
        if row.gap and row.cells[-1] == " " and index + 1 < len(group):
            end -= 1
        line.cells += row.cells[:end]
        line.pens += row.pens[:end]
    return line, starts
