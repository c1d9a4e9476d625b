"""What erasing does to the rows of the screen, protected text spared where that is asked for.

pyte's methods under pyte's names. Rectangles are in `regions`.
"""

from __future__ import annotations

from typing import Any

from analyzer.emulator.grid import Grid


class Erasing(Grid):
    """Rows that can be erased; ``guarded`` when plain erasing spares protected text too (SPA)."""

    guarded: bool

    def erase_characters(self, count: int | None = None, *_: int) -> None:
        """ECH: blank characters from the cursor on."""
        self._settle()
        x = self.cursor.x
        end = min(x + (count or 1), self.columns)
        self.rows[self.cursor.y].blank(x, end, self.pen.erased, guarded=self.guarded)

    def erase_in_line(self, how: int = 0, *_: int, private: bool = False) -> None:
        """EL: to the end, to the start, or all of the line.

        A pending wrap stays, and then nothing is left to erase to the right, as in tmux and
        Alacritty: `grep --color` and gcc end their lines so, and must not lose a character, as they
        do in xterm.
        """
        del private
        x, y, columns = self.cursor.x, self.cursor.y, self.columns
        if how or self.guarded or x >= columns:
            self._erase_in_line(how, guarded=self.guarded)
            return
        # Nearly always: the rest of a line.
        row = self.rows[y]
        cells = row.cells
        if not x:
            if y:
                self.rows[y - 1].wrapped = False
        elif cells[x] == "":
            cells[x - 1] = " "
        cells[x:] = [" "] * (columns - x)
        row.text = None
        row.pens[x:] = [self.pen.erased] * (columns - x)
        row.wrapped = False

    def erase_in_display(self, how: int = 0, *_: Any, **__: Any) -> None:
        """ED: below, above or all of the screen. 3 asks for the history, which an analyst keeps."""
        self._erase_in_display(how, guarded=self.guarded)

    def select_erase_in_line(self, how: int = 0, *_: int) -> None:
        """DECSEL: as EL, but for what is protected."""
        self._erase_in_line(how, guarded=True)

    def select_erase_in_display(self, how: int = 0, *_: int) -> None:
        """DECSED: as ED, but for what is protected."""
        self._erase_in_display(how, guarded=True)

    def _erase_in_line(self, how: int, *, guarded: bool) -> None:
        x, y, columns = self.cursor.x, self.cursor.y, self.columns
        row, pen = self.rows[y], self.pen.erased
        if how == 0:
            row.blank(x, columns, pen, guarded=guarded)
        elif how == 1:
            row.blank(0, min(x + 1, columns), pen, guarded=guarded)
        elif how == 2:  # noqa: PLR2004 - the whole line
            row.blank(0, columns, pen, guarded=guarded)
        else:
            return
        if how != 1:
            row.wrapped = False
        if y and (how or x == 0):
            # What is written here from now on no longer continues the line above.
            self.rows[y - 1].wrapped = False

    def _erase_in_display(self, how: int, *, guarded: bool) -> None:
        y = self.cursor.y
        if how == 0:
            self._erase_in_line(0, guarded=guarded)
            first, last = y + 1, self.lines
        elif how == 1:
            self._erase_in_line(1, guarded=guarded)
            first, last = 0, y
        elif how == 2:  # noqa: PLR2004 - the whole screen
            first, last = 0, self.lines
        else:
            return
        if not guarded:
            self.rows[first:last] = self._blank_rows(last - first)
            return
        for row in self.rows[first:last]:
            row.blank(0, self.columns, self.pen.erased, guarded=True)
            row.wrapped = False
