"""Words on lines of so many cells: wide characters count as two, long words are broken."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells


def wrap(text: str, width: int, *, first: str = "", rest: str = "") -> list[str]:
    """Return text in lines of at most ``width`` cells, at least one line.

    Args:
        text: What to write; its own line ends count as blanks.
        width: Cells of a line, its indent included; at least ten are used for text.
        first: Stands before the first line.
        rest: Stands before the others.

    """
    lines: list[str] = []
    line, used = first, cell_len(first)
    fresh = True
    for word in _words(text, max(10, width - max(cell_len(first), cell_len(rest)))):
        length = cell_len(word)
        if not fresh and used + 1 + length > width:
            lines.append(line)
            line, used, fresh = rest, cell_len(rest), True
        line += word if fresh else f" {word}"
        used += length + (not fresh)
        fresh = False
    return [*lines, line]


def _words(text: str, width: int) -> list[str]:
    return [
        part
        for word in text.split()
        # Words of no width at all are lost in chopping.
        for part in (chop_cells(word, width) if cell_len(word) > width else (word,))
    ]
