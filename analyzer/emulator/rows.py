"""One line of the screen, and how wide a character is.

A row is two lists, one of characters and one of pens, so that text, erasing and scrolling are
slices. A cell holds one character with what combines with it; the second cell of a wide character
holds the empty string. The screen as a whole does not belong here.
"""

from __future__ import annotations

from analyzer.emulator.pen import Pen

_WIDTHS_MOST = 1 << 16

_widths: dict[str, int] = {}
_NO_PARTS: dict[tuple[int, int], str] = {}
"""Shared by all rows of which no part was asked for; never written to."""


def width_of(character: str) -> int:
    """Return how many cells a character takes: 0, 1 or 2."""
    width = _widths.get(character)
    if width is None:
        from wcwidth import wcwidth  # noqa: PLC0415 - seats that draw no terminal yet import this

        if len(_widths) >= _WIDTHS_MOST:
            _widths.clear()
        width = _widths[character] = max(0, wcwidth(character))
    return width


class Row:
    """One line of the screen.

    Whoever changes ``cells`` sets ``text`` to None.

    Attributes:
        text: What `text_of` has made of the cells since they changed last.
        parts: What `part_of` has made of them, where ``text`` is known.
        wrapped: Whether its text continues on the next one.
        gap: Whether, if so, the last cell is blank only because a wide character did not fit.

    """

    __slots__ = ("cells", "gap", "parts", "pens", "text", "wrapped")

    def __init__(self, columns: int, pen: Pen) -> None:
        self.cells = [" "] * columns
        self.pens = [pen] * columns
        self.text: str | None = None
        self.parts: dict[tuple[int, int], str] = _NO_PARTS
        self.wrapped = False
        self.gap = False

    def resize(self, columns: int, pen: Pen) -> None:
        """Cut the row off, or fill it with blanks."""
        missing = columns - len(self.cells)
        self.text = None
        if missing > 0:
            self.cells.extend([" "] * missing)
            self.pens.extend([pen] * missing)
        elif missing < 0:
            self.part(columns)
            del self.cells[columns:], self.pens[columns:]
        if missing:
            self.wrapped = False

    def is_blank(self) -> bool:
        """Whether nothing is drawn in it, a background apart."""
        return self.cells.count(" ") == len(self.cells)

    def part(self, x: int) -> None:
        """Blank a wide character that is about to be cut before column ``x``."""
        if 0 < x < len(self.cells) and self.cells[x] == "":
            self.cells[x - 1] = self.cells[x] = " "
            self.text = None

    def blank(self, start: int, end: int, pen: Pen, *, guarded: bool = False) -> None:
        """Erase the cells from ``start`` up to ``end``, where guarded but for protected ones."""
        if guarded and any(each.protected for each in self.pens[start:end]):
            self._blank_unprotected(start, end, pen)
            return
        cells, count = self.cells, end - start
        self.text = None
        if 0 < start < len(cells) and cells[start] == "":
            cells[start - 1] = " "
        if end < len(cells):
            self.part(end)
        cells[start:end] = [" "] * count
        self.pens[start:end] = [pen] * count

    def _blank_unprotected(self, start: int, end: int, pen: Pen) -> None:
        self.text = None
        for x in range(start, end):
            if not self.pens[x].protected:
                self.part(x)
                self.part(x + 1)
                self.cells[x], self.pens[x] = " ", pen

    def insert(self, x: int, count: int, edge: int, pen: Pen) -> None:
        """Put blanks at ``x``; what is right of it moves, and is lost at column ``edge``."""
        count = min(count, edge - x)
        self.text = None
        self.part(x)
        self.part(edge - count)
        self.part(edge)
        del self.cells[edge - count : edge], self.pens[edge - count : edge]
        self.cells[x:x] = [" "] * count
        self.pens[x:x] = [pen] * count
        self.wrapped = False

    def delete(self, x: int, count: int, edge: int, pen: Pen) -> None:
        """Take cells out at ``x``; what is right of them up to ``edge`` moves, blanks follow."""
        count = min(count, edge - x)
        self.text = None
        self.part(x)
        self.part(x + count)
        self.part(edge)
        del self.cells[x : x + count], self.pens[x : x + count]
        end = edge - count
        self.cells[end:end] = [" "] * count
        self.pens[end:end] = [pen] * count
        self.wrapped = False


def text_of(row: Row) -> str:
    """Return a row's text, the same object as long as its cells do not change."""
    text = row.text
    if text is None:
        text = row.text = "".join(row.cells)
        row.parts = _NO_PARTS
    return text


def part_of(row: Row, left: int, width: int) -> str:
    """Return the text of some cells of a row; as `text_of`."""
    if not left and width >= len(row.cells):
        return text_of(row)
    if row.text is None:
        text_of(row)
    key = (left, width)
    part = row.parts.get(key)
    if part is None:
        part = "".join(row.cells[left : left + width])
        if row.parts is _NO_PARTS:
            row.parts = {}
        row.parts[key] = part
    return part
