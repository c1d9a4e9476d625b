"""Rows of a screen joined to the lines that a program wrote, and back from a place in such a line.

The emulator wraps a long line over several rows; a word that is broken there is still one word.
Only text and geometry: nothing of time or of storage.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from analyzer.emulator.rows import width_of
from analyzer.search.text import normal

MOST_TEXT = 8192
"""Characters after which a joined line is cut; its last row then begins the next one as well."""


Line = tuple[int, str]
"""A joined line: the index of its first row, its text without the blanks at its end."""


def join(texts: Sequence[str], wraps: Sequence[bool]) -> list[Line]:
    """Return the lines that rows make up, in order, without those that are blank.

    Args:
        texts: Each row's text as the emulator gives it.
        wraps: Whether each row continues on the next one.

    """
    lines: list[Line] = []
    parts: list[str] = []
    first = size = 0
    for index, text in enumerate(texts):
        if not parts and not wraps[index]:
            _add(lines, index, text)
            continue
        if not parts:
            first, size = index, 0
        elif _starts_wide(text) and parts[-1].endswith(" "):
            # A wide character had no room in the row's last cell, which stayed blank.
            parts[-1] = parts[-1][:-1]
        parts.append(text)
        size += len(text)
        if wraps[index] and size < MOST_TEXT:
            continue
        _add(lines, first, "".join(parts))
        parts = [text] if wraps[index] else []
        first, size = index, len(text)
    if parts:
        _add(lines, first, "".join(parts))
    return lines


def _add(lines: list[Line], first: int, text: str) -> None:
    text = text.rstrip()
    if text:
        lines.append((first, normal(text)))


def _starts_wide(text: str) -> bool:
    return bool(text) and not text[0].isascii() and width_of(text[0]) > 1


class Place(NamedTuple):
    """A cell: how many rows below a line's first one, and its column, both from 0."""

    row: int
    column: int


def place_of(text: str, offset: int, columns: int) -> Place:
    """Return the cell at which the character at ``offset`` stands, in rows of so many columns."""
    if text.isascii():
        return Place(*divmod(offset, columns))
    row = column = 0
    start = (0, 0)
    for character in text[: offset + 1]:
        width = min(width_of(character), columns)
        if column + width > columns:
            row, column = row + 1, 0
        start = (row, column)
        column += width
    if offset < len(text):
        return Place(*start)
    return Place(row, column)
