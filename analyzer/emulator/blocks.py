"""What is done to a block of cells: some columns of some rows, shifted, filled or copied.

Only the cells inside a block change; a wide character that its border cuts becomes blanks. Which
block a control function means belongs in `regions`.
"""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.emulator.pen import Pen
from analyzer.emulator.rows import Row

_Cells = tuple[list[str], list[Pen]]


def shift_up(rows: Sequence[Row], left: int, right: int, count: int, pen: Pen) -> None:
    """Move columns ``left`` up to ``right`` so many rows up; blanks come in below."""
    count = min(count, len(rows))
    block = take(rows, left, right)
    put(rows, left, right, block[count:] + _blanks(count, right - left, pen))


def shift_down(rows: Sequence[Row], left: int, right: int, count: int, pen: Pen) -> None:
    """Move columns ``left`` up to ``right`` so many rows down; blanks come in above."""
    count = min(count, len(rows))
    block = take(rows, left, right)
    put(rows, left, right, _blanks(count, right - left, pen) + block[: len(block) - count])


def fill(rows: Sequence[Row], left: int, right: int, character: str, pen: Pen) -> None:
    """Write one narrow character into every cell."""
    for row in rows:
        row.part(left)
        row.part(right)
        row.cells[left:right] = [character] * (right - left)
        row.text = None
        row.pens[left:right] = [pen] * (right - left)


def take(rows: Sequence[Row], left: int, right: int) -> list[_Cells]:
    """Return what stands in the block, after cutting what reaches over its border."""
    for row in rows:
        row.part(left)
        row.part(right)
    return [(row.cells[left:right], row.pens[left:right]) for row in rows]


def put(rows: Sequence[Row], left: int, right: int, block: Sequence[_Cells]) -> None:
    """Write a block; rows or columns of it that have no room are left out."""
    width = right - left
    for row, (cells, pens) in zip(rows, block, strict=False):
        row.part(left)
        row.part(right)
        row.cells[left:right] = cells[:width]
        row.text = None
        row.pens[left:right] = pens[:width]
        if width < len(cells) and cells[width] == "":
            row.cells[right - 1] = " "


def _blanks(count: int, width: int, pen: Pen) -> list[_Cells]:
    return [([" "] * width, [pen] * width) for _ in range(count)]
