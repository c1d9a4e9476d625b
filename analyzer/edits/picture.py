"""What an editor's part of the screen shows at one moment, as plain rows.

An editor may have the whole terminal or a pane of it; whatever reads it sees only its part.
"""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.emulator.rows import width_of
from analyzer.terminal import Terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A rectangle of cells, from 0; ``None`` stands for the terminal's own end."""

    top: int = 0
    left: int = 0
    lines: int | None = None
    columns: int | None = None


WHOLE = Region()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Rows as they stand, right blanks removed.

    Attributes:
        rows: One text for each row of the region.
        columns: The region's width in cells.
        x: The cursor's column in the region.
        y: The cursor's row in the region; outside of it where another pane has the cursor.
        alternate: Whether a full-screen program has the screen.

    """

    rows: tuple[str, ...]
    columns: int
    x: int
    y: int
    alternate: bool


def take(terminal: Terminal, region: Region = WHOLE, *, hidden: bool = False) -> Picture:
    """Return what a region shows; with ``hidden``, what it showed on the other screen."""
    rows = terminal.hidden_display if hidden else terminal.display
    lines = len(rows) - region.top if region.lines is None else region.lines
    columns = terminal.columns - region.left if region.columns is None else region.columns
    right = region.left + columns
    cut = region.left > 0 or right < terminal.columns
    part = rows[region.top : region.top + lines]
    cursor = terminal.cursor
    return Picture(
        rows=tuple((_cells(row, region.left, right) if cut else row).rstrip() for row in part),
        columns=columns,
        x=cursor.x - region.left,
        y=cursor.y - region.top,
        alternate=terminal.alternate,
    )


def _cells(row: str, left: int, right: int) -> str:
    """Return the characters that stand in some columns; a wide one takes two."""
    if row.isascii():
        return row[left:right]
    out: list[str] = []
    column = 0
    for each in row:
        if left <= column < right:
            out.append(each)
        column += width_of(each)
    return "".join(out)


def width(text: str) -> int:
    """Return how many cells a text takes."""
    return len(text) if text.isascii() else sum(width_of(each) for each in text)
