"""What an editor's part of the screen shows at one moment, as plain rows.

An editor may have the whole terminal or a pane of it; whatever reads it sees only its part.
"""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.emulator.rows import width_of
from analyzer.terminal import Terminal


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of cells: its first row and column, from 0, its height and width."""

    top: int
    left: int
    lines: int
    columns: int


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


def take(terminal: Terminal, region: Region | None = None, *, hidden: bool = False) -> Picture:
    """Return what a region shows; with ``hidden``, what the screen did that is not shown now.

    A region of a multiplexer's is never an alternate screen: what had it before comes back to it.
    """
    cursor = terminal.cursor
    if region is None:
        rows = terminal.hidden_display if hidden else terminal.display
        return Picture(
            rows=tuple(row.rstrip() for row in rows),
            columns=terminal.columns,
            x=cursor.x,
            y=cursor.y,
            alternate=terminal.alternate,
        )
    below = min(region.top + region.lines, terminal.lines)
    return Picture(
        rows=tuple(
            terminal.part(y, region.left, region.columns).rstrip() for y in range(region.top, below)
        ),
        columns=region.columns,
        x=cursor.x - region.left,
        y=cursor.y - region.top,
        alternate=False,
    )


def width(text: str) -> int:
    """Return how many cells a text takes."""
    return len(text) if text.isascii() else sum(width_of(each) for each in text)
