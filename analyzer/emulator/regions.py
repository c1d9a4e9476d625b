"""Control functions that act on columns and rectangles of the screen.

DEC's additions of the VT400 (https://vt100.net/docs/vt510-rm/), as xterm does them. What a block of
cells is and how it moves belongs in `blocks`, the margins in `motions`.
"""

from __future__ import annotations

from pyte import modes

from analyzer.emulator.blocks import fill, put, take
from analyzer.emulator.erasing import Erasing
from analyzer.emulator.rows import Row

_Area = tuple[int, int, int, int]
"""First row, first column, the row behind the last, the column behind the last."""

_PRINTABLE = (range(0x20, 0x7F), range(0xA0, 0x100))


class Regions(Erasing):
    """A grid of which parts can be shifted, filled, copied and erased."""

    def _scrolling_rows(self) -> list[Row]:
        return self.rows[self.top : self.bottom + 1]

    def _within_margins(self) -> bool:
        return self.top <= self.cursor.y <= self.bottom and self._between_side_margins()

    def _insert_columns(self, x: int, count: int) -> None:
        for row in self._scrolling_rows():
            row.insert(x, count, self.right + 1, self.pen.erased)

    def _delete_columns(self, x: int, count: int) -> None:
        for row in self._scrolling_rows():
            row.delete(x, count, self.right + 1, self.pen.erased)

    def insert_columns(self, count: int | None = None, *_: int) -> None:
        """DECIC: blank columns at the cursor, in all lines that scroll."""
        self._settle()
        if self._within_margins():
            self._insert_columns(self.cursor.x, count or 1)

    def delete_columns(self, count: int | None = None, *_: int) -> None:
        """DECDC: remove columns at the cursor, in all lines that scroll."""
        self._settle()
        if self._within_margins():
            self._delete_columns(self.cursor.x, count or 1)

    def scroll_right(self, count: int | None = None, *_: int) -> None:
        """SR: move what is between the margins to the right."""
        self._settle()
        if self._within_margins():
            self._insert_columns(self.left, count or 1)

    def scroll_left(self, count: int | None = None, *_: int) -> None:
        """SL: move what is between the margins to the left."""
        self._settle()
        if self._within_margins():
            self._delete_columns(self.left, count or 1)

    def back_index(self) -> None:
        """DECBI: left, scrolling at the left margin."""
        self._settle()
        if self.cursor.x != self.left:
            self.cursor.x = max(0, self.cursor.x - 1)
        elif self.top <= self.cursor.y <= self.bottom:
            self._insert_columns(self.left, 1)

    def forward_index(self) -> None:
        """DECFI: right, scrolling at the right margin."""
        self._settle()
        if self.cursor.x != self.right:
            self.cursor.x = min(self.columns - 1, self.cursor.x + 1)
        elif self.top <= self.cursor.y <= self.bottom:
            self._delete_columns(self.left, 1)

    def _area(self, numbers: tuple[int, ...]) -> _Area | None:
        """Return the rectangle that top, left, bottom and right mean, None for an empty one."""
        top, left, bottom, right = (*numbers, 0, 0, 0, 0)[:4]
        above, before, below, behind = 0, 0, self.lines, self.columns
        if modes.DECOM in self.mode:
            above, before, below, behind = self.top, self.left, self.bottom + 1, self.right + 1
        first, start = above + (top or 1) - 1, before + (left or 1) - 1
        last = min(above + (bottom or self.lines), below)
        end = min(before + (right or self.columns), behind)
        return (first, start, last, end) if first < last and start < end else None

    def fill_area(self, character: int = 0, *numbers: int) -> None:
        """DECFRA: write one character, told by its code, all over a rectangle."""
        area = self._area(numbers)
        if area and any(character in codes for codes in _PRINTABLE):
            top, left, bottom, right = area
            fill(self.rows[top:bottom], left, right, chr(character), self.pen)

    def erase_area(self, *numbers: int) -> None:
        """DECERA: blank a rectangle."""
        if area := self._area(numbers):
            top, left, bottom, right = area
            fill(self.rows[top:bottom], left, right, " ", self.pen.erased)

    def select_erase_area(self, *numbers: int) -> None:
        """DECSERA: blank a rectangle, but for what is protected."""
        if area := self._area(numbers):
            top, left, bottom, right = area
            for row in self.rows[top:bottom]:
                row.blank(left, right, self.pen.erased, guarded=True)

    def copy_area(self, *numbers: int) -> None:
        """DECCRA: copy a rectangle to another place; pages are one."""
        numbers = (*numbers, 0, 0, 0, 0, 0, 0, 0)[:7]
        source = self._area(numbers[:4])
        target = self._area((numbers[5], numbers[6], 0, 0))
        if source is None or target is None:
            return
        top, left, bottom, right = source
        to_top, to_left, to_bottom, to_right = target
        to_bottom = min(to_bottom, to_top + bottom - top)
        to_right = min(to_right, to_left + right - left)
        block = take(self.rows[top:bottom], left, right)
        put(self.rows[to_top:to_bottom], to_left, to_right, block)

    def protect(self, how: int = 0, *_: int) -> None:
        """DECSCA: whether selective erasing spares what is written from now on."""
        self.guarded = False
        self.pen = self.pens.of(self.pen.style, protected=how == 1)

    def start_protected(self) -> None:
        """SPA: erasing spares what is written from now on."""
        self.guarded = True
        self.pen = self.pens.of(self.pen.style, protected=True)

    def end_protected(self) -> None:
        """EPA: what is written from now on is erased as usual."""
        self.pen = self.pens.of(self.pen.style)
