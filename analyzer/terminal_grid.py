"""What text, scrolling and erasing do to the rows of the screen.

pyte's methods under pyte's names, over rows that are lists; each takes any number of parameters.
Lines that leave the main screen at its top are kept for the analyst and counted. Modes, sizes and
the alternate screen do not belong here.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from pyte import modes

from analyzer.terminal_motions import Motions
from analyzer.terminal_pen import Pen, Pens
from analyzer.terminal_rows import Row, width_of

_COMBINED_MOST = 16
"""Characters in one cell; a hostile stream can pile up any number."""


class Grid(Motions):
    """The rows that are seen, and those that scrolled off."""

    pens: Pens
    pen: Pen
    rows: list[Row]
    history: deque[Row]
    scrolled: int
    alternate: bool
    translation: str | None
    last_drawn: str

    def _blank_rows(self, count: int) -> list[Row]:
        pen = self.pen.erased
        return [Row(self.columns, pen) for _ in range(count)]

    # Text

    def draw(self, data: str) -> None:
        """Draw printable characters at the cursor."""
        if self.translation is not None:
            data = data.translate(self.translation)
        if data.isascii():
            self.draw_narrow(data)
        else:
            self._draw_mixed(data)
        self.last_drawn = data[-1]

    def draw_narrow(self, data: str) -> None:
        """Draw characters that each take one cell."""
        if modes.IRM in self.mode:
            self._draw_inserting(data)
            return
        cursor, columns = self.cursor, self.columns
        while data:
            x = self._start_of_text(1)
            piece = data[: columns - x]
            end = x + len(piece)
            row = self.rows[cursor.y]
            cells = row.cells
            if cells[x] == "":
                cells[x - 1] = " "
            if end < columns and cells[end] == "":
                cells[end] = " "
            cells[x:end] = piece
            row.pens[x:end] = [self.pen] * (end - x)
            cursor.x = end
            data = data[end - x :]

    def _start_of_text(self, width: int) -> int:
        """Return the column for a character of some width, after wrapping where it is due."""
        cursor, columns = self.cursor, self.columns
        if cursor.x + width <= columns:
            return cursor.x
        if modes.DECAWM not in self.mode:
            return max(0, columns - width)
        self.rows[cursor.y].wrapped = True
        cursor.x = 0
        self.index()
        return 0

    def _draw_inserting(self, data: str) -> None:
        for character in data:
            width = min(width_of(character), self.columns)
            self.cursor.x = self._start_of_text(width)
            if width:
                self._insert_blanks(width)
            self._put(character, width)

    def _draw_mixed(self, data: str) -> None:
        if modes.IRM in self.mode:
            self._draw_inserting(data)
            return
        for character in data:
            width = width_of(character)
            if width == 1:
                self.draw_narrow(character)
            elif width == 0:
                self._put(character, 0)
            else:
                self.cursor.x = self._start_of_text(min(width, self.columns))
                self._put(character, width)

    def _put(self, character: str, width: int) -> None:
        """Put one character where the cursor is; it fits."""
        x, row = self.cursor.x, self.rows[self.cursor.y]
        if width == 0:
            self._combine(character)
            return
        if width > self.columns:
            character, width = "\N{REPLACEMENT CHARACTER}", 1
        row.part(x)
        row.part(x + width)
        row.cells[x : x + width] = [character, ""][:width]
        row.pens[x : x + width] = [self.pen] * width
        self.cursor.x = x + width

    def _combine(self, character: str) -> None:
        x, y = self.cursor.x - 1, self.cursor.y
        if x < 0:
            if y == 0 or not self.rows[y - 1].wrapped:
                return
            x, y = self.columns - 1, y - 1
        cells = self.rows[y].cells
        if cells[x] == "" and x:
            x -= 1
        if 0 < len(cells[x]) < _COMBINED_MOST:
            cells[x] += character

    def repeat_character(self, count: int | None = None, *_: int) -> None:
        """REP: draw the last character again, at most a screenful."""
        if self.last_drawn:
            self.draw(self.last_drawn * min(count or 1, self.columns * self.lines))

    def alignment_display(self) -> None:
        """DECALN: fill the screen with E."""
        self.top, self.bottom = 0, self.lines - 1
        self.cursor.x = self.cursor.y = 0
        for row in self.rows:
            row.cells[:] = "E" * self.columns
            row.pens[:] = [self.pens.plain] * self.columns
            row.wrapped = False

    # Scrolling

    def scroll_up(self, count: int | None = None, *_: int) -> None:
        """SU: move the region's lines up; from the main screen's top they go into history."""
        self._remove_rows(self.top, count or 1, keep=True)

    def scroll_down(self, count: int | None = None, *rest: int) -> None:
        """SD: move the region's lines down; five parameters would be mouse tracking."""
        if not rest:
            self._insert_rows(self.top, count or 1)

    def _remove_rows(self, y: int, count: int, *, keep: bool) -> None:
        count = min(count, self.bottom + 1 - y)
        rows = self.rows
        if keep and y == 0 and not self.alternate:
            self.history.extend(rows[:count])
            self.scrolled += count
        del rows[y : y + count]
        end = self.bottom + 1 - count
        rows[end:end] = self._blank_rows(count)

    def _insert_rows(self, y: int, count: int) -> None:
        count = min(count, self.bottom + 1 - y)
        del self.rows[self.bottom + 1 - count : self.bottom + 1]
        self.rows[y:y] = self._blank_rows(count)

    def index(self) -> None:
        """IND: down one line, scrolling at the bottom margin."""
        self._settle()
        cursor = self.cursor
        if cursor.y == self.bottom:
            self._remove_rows(self.top, 1, keep=True)
        elif cursor.y < self.lines - 1:
            cursor.y += 1

    def reverse_index(self) -> None:
        """RI: up one line, scrolling at the top margin."""
        self._settle()
        if self.cursor.y == self.top:
            self._insert_rows(self.top, 1)
        elif self.cursor.y > 0:
            self.cursor.y -= 1

    def linefeed(self) -> None:
        """LF: down one line; in new-line mode to its start."""
        self.index()
        if modes.LNM in self.mode:
            self.cursor.x = 0

    def next_line(self) -> None:
        """NEL: the start of the next line."""
        self.cursor.x = 0
        self.index()

    def insert_lines(self, count: int | None = None, *_: int) -> None:
        """IL: blank lines at the cursor."""
        if self.top <= self.cursor.y <= self.bottom:
            self._insert_rows(self.cursor.y, count or 1)
            self.cursor.x = 0

    def delete_lines(self, count: int | None = None, *_: int) -> None:
        """DL: remove lines from the cursor on."""
        if self.top <= self.cursor.y <= self.bottom:
            self._remove_rows(self.cursor.y, count or 1, keep=False)
            self.cursor.x = 0

    # Erasing

    def insert_characters(self, count: int | None = None, *_: int) -> None:
        """ICH: blanks at the cursor, the rest of the line moves right."""
        self._settle()
        self._insert_blanks(count or 1)

    def _insert_blanks(self, count: int) -> None:
        x, row = self.cursor.x, self.rows[self.cursor.y]
        count = min(count, self.columns - x)
        row.part(x)
        row.part(self.columns - count)
        del row.cells[self.columns - count :], row.pens[self.columns - count :]
        row.cells[x:x] = [" "] * count
        row.pens[x:x] = [self.pen.erased] * count
        row.wrapped = False

    def delete_characters(self, count: int | None = None, *_: int) -> None:
        """DCH: remove characters, the rest of the line moves left."""
        self._settle()
        x, row = self.cursor.x, self.rows[self.cursor.y]
        count = min(count or 1, self.columns - x)
        row.part(x)
        row.part(x + count)
        del row.cells[x : x + count], row.pens[x : x + count]
        row.cells.extend([" "] * count)
        row.pens.extend([self.pen.erased] * count)
        row.wrapped = False

    def erase_characters(self, count: int | None = None, *_: int) -> None:
        """ECH: blank characters from the cursor on."""
        self._settle()
        x = self.cursor.x
        end = min(x + (count or 1), self.columns)
        self.rows[self.cursor.y].blank(x, end, self.pen.erased)

    def erase_in_line(self, how: int = 0, *_: int, private: bool = False) -> None:
        """EL: to the end, to the start, or all of the line.

        A pending wrap stays, and then nothing is left to erase to the right: `grep --color` and
        gcc end their lines so, and must not lose a character.
        """
        del private
        x, y = self.cursor.x, self.cursor.y
        row = self.rows[y]
        if how == 0:
            row.blank(x, self.columns, self.pen.erased)
        elif how == 1:
            row.blank(0, min(x + 1, self.columns), self.pen.erased)
        elif how == 2:  # noqa: PLR2004 - the whole line
            row.blank(0, self.columns, self.pen.erased)
        else:
            return
        if how != 1:
            row.wrapped = False
        if y and (how or x == 0):
            # What is written here from now on no longer continues the line above.
            self.rows[y - 1].wrapped = False

    def erase_in_display(self, how: int = 0, *_: Any, **__: Any) -> None:
        """ED: below, above or all of the screen. 3 asks for the history, which an analyst keeps."""
        y = self.cursor.y
        if how == 0:
            self.erase_in_line(0)
            self.rows[y + 1 :] = self._blank_rows(self.lines - y - 1)
        elif how == 1:
            self.erase_in_line(1)
            self.rows[:y] = self._blank_rows(y)
        elif how == 2:  # noqa: PLR2004 - the whole screen
            self.rows[:] = self._blank_rows(self.lines)
