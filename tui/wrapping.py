"""Words on lines of so many cells: wide characters count as two, long words are broken.

`textwrap` counts characters, and Rich wraps a page at a time: a transcript has thousands of lines,
all of whose heights are asked for at once. Pure; what the lines look like is the caller's.
"""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len, chop_cells, get_character_cell_size

# Rich remembers so few widths that a page of Chinese asks its tables again and again.
_size = lru_cache(maxsize=1 << 16)(get_character_cell_size)

_JOINING = ("\u200d", "\ufe0f")
"""Characters that make one of several: only Rich knows how wide."""

_LEAST = 10
"""Cells that an indent leaves for text in any case."""


def wrapped(text: str, width: int) -> list[str]:
    """Return words in lines of at most so many cells, at least one line, any white space as one.

    A word that is wider is cut into pieces.
    """
    flat = " ".join(text.split())
    if len(flat) * 2 <= width:
        return [flat]
    return _by_place(flat, width) if _is_narrow(flat) else _by_cells(flat, width)


def indented(text: str, width: int, *, first: str = "", rest: str = "") -> list[str]:
    """Return text in lines of at most ``width`` cells, each behind its indent; at least one line.

    Args:
        text: What to write; its own line ends count as blanks.
        width: Cells of a line, its indent included; at least ten are used for text.
        first: Stands before the first line.
        rest: Stands before the others. Of a narrower ``first`` the first line has no more room.

    """
    room, more = max(_LEAST, width - cell_len(rest)), cell_len(first) - cell_len(rest)
    if not 1 < more <= room - _LEAST:
        lines = wrapped(text, min(room, max(_LEAST, width - cell_len(first))))
        return [first + lines[0], *(rest + line for line in lines[1:])]
    # What the first indent has more than the others is wrapped as a word in front of them all.
    lines = wrapped(f"{'x' * (more - 1)} {text}", room)
    return [first + lines[0][more:], *(rest + line for line in lines[1:])]


def _is_narrow(text: str) -> bool:
    """Return whether each character takes one cell."""
    return (text.isascii() and text.isprintable()) or all(_size(each) == 1 for each in set(text))


def _by_place(text: str, width: int) -> list[str]:
    """Wrap text of which each character takes one cell: no word has to be measured."""
    lines, at = [], 0
    while len(text) - at > width:
        blank = text.rfind(" ", at, at + width + 1)
        until = at + width if blank < 0 else blank
        lines.append(text[at:until])
        at = until if blank < 0 else blank + 1
    return [*lines, text[at:]]


def _by_cells(text: str, width: int) -> list[str]:
    lines, line, used = [], "", 0
    for word in text.split(" "):
        for piece in _pieces(word, width):
            length = _cells(piece)
            if line and used + 1 + length > width:
                lines.append(line)
                line, used = piece, length
            else:
                used += length + bool(line)
                line = f"{line} {piece}" if line else piece
    return [*lines, line]


def _pieces(word: str, width: int) -> list[str]:
    if len(word) * 2 <= width or _cells(word) <= width:
        return [word]
    if _is_joined(word):
        return chop_cells(word, width)
    pieces, start, used = [], 0, 0
    for place, character in enumerate(word):
        size = _size(character)
        if used + size > width and place > start:
            pieces.append(word[start:place])
            start, used = place, 0
        used += size
    return [*pieces, word[start:]]


def _cells(word: str) -> int:
    return cell_len(word) if _is_joined(word) else sum(map(_size, word))


def _is_joined(word: str) -> bool:
    return any(each in word for each in _JOINING)
