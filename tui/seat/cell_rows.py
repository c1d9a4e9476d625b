"""A row of terminal cells that is put together piece by piece, and then made into text.

Knows how wide characters are, and nothing of what they mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.cells import get_character_cell_size
from rich.text import Text

Cell = tuple[str, str]
"""What stands in a cell, and its style; the right half of a wide character holds no text."""

Row = list[Cell]

BLANK: Cell = (" ", "")


def put(row: Row, column: int, text: str, style: str) -> int:
    """Write text from a column on, as far as the row goes; return the column behind it."""
    for character in text:
        width = get_character_cell_size(character)
        if width == 0 or column < 0:
            continue
        if column + width > len(row):
            break
        _clear(row, column)
        row[column] = (character, style)
        if width > 1:
            _clear(row, column + 1)
            row[column + 1] = ("", style)
        column += width
    return column


def _clear(row: Row, column: int) -> None:
    """Take a cell, and with it the other half of a wide character."""
    if not row[column][0] and column > 0:
        row[column - 1] = (" ", row[column - 1][1])
    if column + 1 < len(row) and not row[column + 1][0]:
        row[column + 1] = (" ", row[column + 1][1])


def restyle(row: Row, column: int, style: str) -> None:
    """Give a cell another style, and with it both halves of a wide character."""
    first = column - 1 if not row[column][0] and column > 0 else column
    last = first + 1 if first + 1 < len(row) and not row[first + 1][0] else first
    for at in range(first, last + 1):
        row[at] = (row[at][0], style)


def fit(text: str, width: int) -> str:
    """Return as much of a text as so many cells hold, with an ellipsis where it was cut."""
    used = 0
    kept: list[str] = []
    for character in text:
        size = get_character_cell_size(character)
        if used + size > width:
            while kept and used > width - 1:
                used -= get_character_cell_size(kept.pop())
            return "".join(kept) + ("…" if width > 0 else "")
        kept.append(character)
        used += size
    return text


def text_of(rows: Sequence[Row]) -> Text:
    """Return rows as lines, neighbours of one style as one span."""
    text = Text(no_wrap=True, end="")
    for number, row in enumerate(rows):
        if number:
            text.append("\n")
        for style, cells in groupby(row, key=lambda cell: cell[1]):
            text.append("".join(cell[0] for cell in cells), style)
    return text
