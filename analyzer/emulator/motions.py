"""Where the cursor goes: motions, tab stops, and the margins that bound them.

pyte's own motions forget a pending wrap, stop at the wrong margins and fail on extra parameters, so
they are written anew under pyte's names, by which its stream tables find them; each takes any
number of parameters. `cursor.x == columns` means that the next character wraps; at a right margin
further left, `margin_wrap` says so beside it. Cells do not belong here.
"""

from __future__ import annotations

import pyte
from pyte import modes

REVERSE_WRAP = 45 << 5
REVERSE_WRAP_ANYWHERE = 1045 << 5


class Motions(pyte.Screen):
    """A cursor between margins; those named are the first and last line and column inside.

    Attributes:
        narrowed: Whether the margins left and right leave anything out (DECLRMM).
        margin_wrap: Whether the next character wraps though the cursor is not at the last column.

    """

    top: int
    bottom: int
    left: int
    right: int
    narrowed: bool
    margin_wrap: bool

    def _settle(self) -> None:
        """Give up a pending wrap."""
        if self.cursor.x >= self.columns:
            self.cursor.x = self.columns - 1
            self.margin_wrap = False
        elif self.margin_wrap:
            self.cursor.x = self.right
            self.margin_wrap = False

    def _goes_on_above(self, y: int) -> bool:
        """Whether the text of row ``y`` begins in the row above it."""
        raise NotImplementedError

    def carriage_return(self) -> None:
        """CR: to the start of the line, or to the left margin from right of it."""
        self.margin_wrap = False
        if self.left and (self.cursor.x >= self.left or modes.DECOM in self.mode):
            self.cursor.x = self.left
        else:
            self.cursor.x = 0

    def backspace(self) -> None:
        """BS: one to the left."""
        self.cursor_back(1)

    def cursor_back(self, count: int | None = None, *_: int) -> None:
        """CUB: left, not past the margin, or the start; with reverse wrap on into lines above."""
        wraps = not self.mode.isdisjoint((REVERSE_WRAP, REVERSE_WRAP_ANYWHERE))
        if wraps and modes.DECAWM in self.mode:
            self._back_over_lines(count or 1)
            return
        self._settle()
        x = self.cursor.x
        self.cursor.x = max(self.left if x >= self.left else 0, x - (count or 1))

    def _back_over_lines(self, count: int) -> None:
        """Go left, and on at the end of the line above where that one wrapped into this one.

        As xterm since patch 383: mode 45 goes up only where the text had wrapped, 1045 anywhere,
        from the top margin to the bottom. A pending wrap counts as a place of its own.
        """
        cursor = self.cursor
        if cursor.x >= self.columns or self.margin_wrap:
            self._settle()
            count -= 1
        first = self.left if cursor.x >= self.left else 0
        while count > cursor.x - first:
            above = self.bottom if cursor.y == self.top else max(0, cursor.y - 1)
            if REVERSE_WRAP_ANYWHERE not in self.mode and (
                cursor.y == self.top or not self._goes_on_above(cursor.y)
            ):
                break
            count = min(count - (cursor.x - first) - 1, self.lines * self.columns)
            cursor.x, cursor.y, first = self.right, above, self.left
        cursor.x = max(first, cursor.x - count)

    def cursor_forward(self, count: int | None = None, *_: int) -> None:
        """CUF and HPR: right, not past the margin, or the end."""
        self._settle()
        x = self.cursor.x
        limit = self.right if x <= self.right else self.columns - 1
        self.cursor.x = min(limit, x + (count or 1))

    def cursor_up(self, count: int | None = None, *_: int) -> None:
        """CUU: up, not past the top margin from inside."""
        self._settle()
        y = self.cursor.y
        self.cursor.y = max(self.top if y >= self.top else 0, y - (count or 1))

    def cursor_down(self, count: int | None = None, *_: int) -> None:
        """CUD: down, not past the bottom margin from inside."""
        self._settle()
        y = self.cursor.y
        limit = self.bottom if y <= self.bottom else self.lines - 1
        self.cursor.y = min(limit, y + (count or 1))

    def line_forward(self, count: int | None = None, *_: int) -> None:
        """VPR: down, margins or not."""
        self._settle()
        limit = self.bottom if modes.DECOM in self.mode else self.lines - 1
        self.cursor.y = min(limit, self.cursor.y + (count or 1))

    def cursor_up1(self, count: int | None = None, *_: int) -> None:
        """CPL: up, and to the start of the line."""
        self.cursor_up(count)
        self.carriage_return()

    def cursor_down1(self, count: int | None = None, *_: int) -> None:
        """CNL: down, and to the start of the line."""
        self.cursor_down(count)
        self.carriage_return()

    def cursor_position(self, line: int | None = None, column: int | None = None, *_: int) -> None:
        """CUP and HVP: to a place, counted from 1, in origin mode from the margins."""
        self.margin_wrap = False
        x, y = (column or 1) - 1, (line or 1) - 1
        last_x, last_y = self.columns - 1, self.lines - 1
        if modes.DECOM in self.mode:
            x, y, last_x, last_y = x + self.left, y + self.top, self.right, self.bottom
        cursor = self.cursor
        cursor.x = min(x, last_x)
        cursor.y = min(y, last_y)

    def cursor_to_column(self, column: int | None = None, *_: int) -> None:
        """CHA and HPA: to a column, counted from 1, in origin mode from the left margin."""
        y = self.cursor.y
        self.cursor_position(1, column)
        self.cursor.y = y

    def cursor_to_line(self, line: int | None = None, *_: int) -> None:
        """VPA: to a line, counted from 1, in origin mode from the top margin."""
        self._settle()
        x = self.cursor.x
        self.cursor_position(line)
        self.cursor.x = x

    def tab(self) -> None:
        """HT: to the next tab stop."""
        self.tab_forward(1)

    def tab_forward(self, count: int | None = None, *_: int) -> None:
        """CHT: forward some tab stops, at most to the margin or end; a pending wrap stays."""
        if self.cursor.x >= self.columns or self.margin_wrap:
            return
        last = self.right if self.cursor.x <= self.right else self.columns - 1
        stops = sorted(stop for stop in self.tabstops if self.cursor.x < stop < last)
        count = count or 1
        self.cursor.x = stops[count - 1] if count <= len(stops) else last

    def tab_back(self, count: int | None = None, *_: int) -> None:
        """CBT: back some tab stops, at most to the first column."""
        self._settle()
        stops = sorted((stop for stop in self.tabstops if stop < self.cursor.x), reverse=True)
        count = count or 1
        self.cursor.x = stops[count - 1] if count <= len(stops) else 0

    def set_tab_stop(self) -> None:
        """HTS: a tab stop where the cursor is."""
        self.tabstops.add(min(self.cursor.x, self.columns - 1))

    def clear_tab_stop(self, how: int = 0, *_: int) -> None:
        """TBC: the tab stop here, or all of them."""
        self._settle()
        super().clear_tab_stop(how)

    def set_margins(self, top: int | None = None, bottom: int | None = None, *_: int) -> None:
        """DECSTBM: set the scrolling region; the cursor goes home."""
        first = max(1, top or 1)
        last = min(self.lines, bottom or self.lines)
        if first < last:
            self.top, self.bottom = first - 1, last - 1
            self.cursor_position()

    def set_side_margins(self, left: int | None = None, right: int | None = None, *_: int) -> None:
        """DECSLRM: set the columns between which text wraps and scrolls; the cursor goes home."""
        first = max(1, left or 1)
        last = min(self.columns, right or self.columns)
        if first < last:
            self._settle()
            self.narrow(first - 1, last - 1)
            self.cursor_position()

    def narrow(self, left: int, right: int) -> None:
        """Take the first and the last column between which text wraps and scrolls."""
        self.left, self.right = left, right
        self.narrowed = right - left + 1 < self.columns

    def _drop_side_margins(self) -> None:
        self._settle()
        self.narrow(0, self.columns - 1)
