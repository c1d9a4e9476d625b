"""What text and scrolling do to the rows of the screen.

pyte's methods under pyte's names, over rows that are lists; each takes any number of parameters.
Lines that leave the main screen at its top are kept for the analyst and counted. Modes, sizes and
the alternate screen do not belong here.
"""

from __future__ import annotations

from collections import deque

from pyte import modes

from analyzer.emulator.blocks import shift_down, shift_up
from analyzer.emulator.motions import Motions
from analyzer.emulator.pen import Pen, Pens
from analyzer.emulator.rows import Row, width_of

_IRM = modes.IRM

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
    shifted_once: int
    last_drawn: str

    def _blank_rows(self, count: int) -> list[Row]:
        pen = self.pen.erased
        return [Row(self.columns, pen) for _ in range(count)]

    # Text

    def draw(self, data: str) -> None:
        """Draw printable characters at the cursor, at least one."""
        if self.translation or self.shifted_once:
            data = self._translated(data)
        self.last_drawn = data[-1]
        if not data.isascii():
            self._draw_mixed(data)
            return
        cursor = self.cursor
        x = cursor.x
        end = x + len(data)
        if end >= self.columns or self.narrowed or _IRM in self.mode:
            self.draw_narrow(data)
            return
        # Nearly all text: on one line, with room behind it.
        row = self.rows[cursor.y]
        cells = row.cells
        if cells[x] == "":
            cells[x - 1] = " "
        if cells[end] == "":
            cells[end] = " "
        cells[x:end] = data
        row.text = None
        row.pens[x:end] = [self.pen] * (end - x)
        cursor.x = end

    def draw_narrow(self, data: str) -> None:
        """Draw characters that each take one cell."""
        if self.narrowed or _IRM in self.mode:
            for character in data:
                self._draw_one(character, 1)
            return
        cursor, columns = self.cursor, self.columns
        while data:
            x = cursor.x
            if x >= columns:
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
            row.text = None
            row.pens[x:end] = [self.pen] * (end - x)
            cursor.x = end
            data = data[end - x :]
        if cursor.x >= columns:
            self._at_edge()

    def _at_edge(self) -> None:
        """Have the next character wrap, where text wraps at all."""
        if modes.DECAWM not in self.mode:
            self.cursor.x -= 1
        elif self.cursor.x < self.columns:
            self.margin_wrap = True

    def _edge(self) -> int:
        """Return the column that text cannot reach from where the cursor is."""
        if self.narrowed and (self.cursor.x <= self.right or self.margin_wrap):
            return self.right + 1
        return self.columns

    def _start_of_text(self, width: int) -> int:
        """Return the column for a character of some width, after wrapping where it is due."""
        cursor, edge = self.cursor, self._edge()
        if cursor.x + width <= edge:
            return cursor.x
        if modes.DECAWM not in self.mode:
            return max(0, edge - width)
        if edge == self.columns:
            row = self.rows[cursor.y]
            row.wrapped, row.gap = True, cursor.x < edge
        self.carriage_return()
        self.index()
        return cursor.x

    def _draw_one(self, character: str, width: int) -> None:
        """Draw one character of some width, inserting it where text is inserted."""
        if width == 0:
            self._combine(character)
            return
        if width > self.columns:
            character, width = "\N{REPLACEMENT CHARACTER}", 1
        x = self.cursor.x = self._start_of_text(width)
        row, edge = self.rows[self.cursor.y], self._edge()
        if _IRM in self.mode:
            row.insert(x, width, edge, self.pen)
        row.part(x)
        row.part(x + width)
        row.cells[x : x + width] = [character, ""][:width]
        row.text = None
        row.pens[x : x + width] = [self.pen] * width
        self.cursor.x = x + width
        if self.cursor.x >= edge:
            self._at_edge()

    def _draw_mixed(self, data: str) -> None:
        for character in data:
            width = width_of(character)
            if width == 1:
                self.draw_narrow(character)
            else:
                self._draw_one(character, width)

    def _combine(self, character: str) -> None:
        x, y = self.cursor.x - 1, self.cursor.y
        if x < 0:
            if not self._goes_on_above(y):
                return
            x, y = self.columns - 1, y - 1
        row = self.rows[y]
        cells = row.cells
        if cells[x] == "" and x:
            x -= 1
        if 0 < len(cells[x]) < _COMBINED_MOST:
            cells[x] += character
            row.text = None

    def _translated(self, data: str) -> str:
        """Return text in the characters of the sets that were chosen for it."""
        raise NotImplementedError

    def _goes_on_above(self, y: int) -> bool:
        return y > 0 and self.rows[y - 1].wrapped

    def repeat_character(self, count: int | None = None, *_: int) -> None:
        """REP: draw the last character again, at most a screenful.

        At most a row where each is drawn by itself: a few bytes must not cost what a screen does.
        """
        if self.last_drawn:
            drawn, self.translation = self.translation, None
            at_once = self.last_drawn.isascii() and not (self.narrowed or _IRM in self.mode)
            most = self.columns * (self.lines if at_once else 1)
            self.draw(self.last_drawn * min(count or 1, most))
            self.translation = drawn

    def alignment_display(self) -> None:
        """DECALN: fill the screen with E; the margins go."""
        self.top, self.bottom = 0, self.lines - 1
        self._drop_side_margins()
        self.cursor.x = self.cursor.y = 0
        for row in self.rows:
            row.cells[:] = "E" * self.columns
            row.text = None
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
        if self.narrowed:
            shift_up(rows[y : self.bottom + 1], self.left, self.right + 1, count, self.pen.erased)
            return
        if keep and y == 0 and not self.alternate:
            self.history.extend(rows[:count])
            self.scrolled += count
        del rows[y : y + count]
        end = self.bottom + 1 - count
        rows[end:end] = self._blank_rows(count)

    def _insert_rows(self, y: int, count: int) -> None:
        count = min(count, self.bottom + 1 - y)
        if self.narrowed:
            moved = self.rows[y : self.bottom + 1]
            shift_down(moved, self.left, self.right + 1, count, self.pen.erased)
            return
        del self.rows[self.bottom + 1 - count : self.bottom + 1]
        self.rows[y:y] = self._blank_rows(count)

    def _between_side_margins(self) -> bool:
        return not self.narrowed or self.left <= self.cursor.x <= self.right

    def index(self) -> None:
        """IND: down one line, scrolling at the bottom margin."""
        self._settle()
        cursor = self.cursor
        if cursor.y == self.bottom:
            if self._between_side_margins():
                self._remove_rows(self.top, 1, keep=True)
        elif cursor.y < self.lines - 1:
            cursor.y += 1

    def reverse_index(self) -> None:
        """RI: up one line, scrolling at the top margin."""
        self._settle()
        if self.cursor.y == self.top:
            if self._between_side_margins():
                self._insert_rows(self.top, 1)
        elif self.cursor.y > 0:
            self.cursor.y -= 1

    def linefeed(self) -> None:
        """LF: down one line; in new-line mode to its start."""
        self.index()
        if modes.LNM in self.mode:
            self.carriage_return()

    def next_line(self) -> None:
        """NEL, and CR with LF: the start of the next line."""
        self.carriage_return()
        rows = self.rows
        last = len(rows) - 1
        if self.cursor.y != last or self.bottom - self.top != last or self.narrowed:
            self.index()
        else:
            # Nearly all lines of all output: the whole screen scrolls by one.
            row = rows.pop(0)
            if not self.alternate:
                self.history.append(row)
                self.scrolled += 1
            rows.append(Row(self.columns, self.pen.erased))

    def insert_lines(self, count: int | None = None, *_: int) -> None:
        """IL: blank lines at the cursor."""
        self._settle()
        if self.top <= self.cursor.y <= self.bottom and self._between_side_margins():
            self._insert_rows(self.cursor.y, count or 1)
            self.carriage_return()

    def delete_lines(self, count: int | None = None, *_: int) -> None:
        """DL: remove lines from the cursor on."""
        self._settle()
        if self.top <= self.cursor.y <= self.bottom and self._between_side_margins():
            self._remove_rows(self.cursor.y, count or 1, keep=False)
            self.carriage_return()

    def insert_characters(self, count: int | None = None, *_: int) -> None:
        """ICH: blanks at the cursor, the rest of the line moves right."""
        self._settle()
        if self._between_side_margins():
            row, x = self.rows[self.cursor.y], self.cursor.x
            row.insert(x, count or 1, self._edge(), self.pen.erased)

    def delete_characters(self, count: int | None = None, *_: int) -> None:
        """DCH: remove characters, the rest of the line moves left."""
        self._settle()
        if self._between_side_margins():
            row, x = self.rows[self.cursor.y], self.cursor.x
            row.delete(x, count or 1, self._edge(), self.pen.erased)
