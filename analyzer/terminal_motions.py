"""Where the cursor goes: motions, tab stops, and the margins that bound them.

pyte's own motions forget a pending wrap, stop at the wrong margins and fail on extra parameters, so
they are written anew under pyte's names, by which its stream tables find them; each takes any
number of parameters. `cursor.x == columns` means that the next character wraps. Cells do not
belong here.
"""

from __future__ import annotations

import pyte
from pyte import modes


class Motions(pyte.Screen):
    """A cursor between margins; ``top`` and ``bottom`` are the first and last line that scroll."""

    top: int
    bottom: int

    def _settle(self) -> None:
        """Give up a pending wrap."""
        if self.cursor.x >= self.columns:
            self.cursor.x = self.columns - 1

    def carriage_return(self) -> None:
        """CR: to the start of the line."""
        self.cursor.x = 0

    def backspace(self) -> None:
        """BS: one to the left."""
        self.cursor_back(1)

    def cursor_back(self, count: int | None = None, *_: int) -> None:
        """CUB: left, not past the start."""
        self._settle()
        self.cursor.x = max(0, self.cursor.x - (count or 1))

    def cursor_forward(self, count: int | None = None, *_: int) -> None:
        """CUF and HPR: right, not past the end."""
        self.cursor.x = min(self.columns - 1, self.cursor.x + (count or 1))

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
        self.cursor.x = 0

    def cursor_down1(self, count: int | None = None, *_: int) -> None:
        """CNL: down, and to the start of the line."""
        self.cursor_down(count)
        self.cursor.x = 0

    def cursor_position(self, line: int | None = None, column: int | None = None, *_: int) -> None:
        """CUP and HVP: to a place, counted from 1, in origin mode from the top margin."""
        self.cursor_to_line(line)
        self.cursor_to_column(column)

    def cursor_to_column(self, column: int | None = None, *_: int) -> None:
        """CHA and HPA: to a column, counted from 1."""
        self.cursor.x = min(max(1, column or 1), self.columns) - 1

    def cursor_to_line(self, line: int | None = None, *_: int) -> None:
        """VPA: to a line, counted from 1."""
        self._settle()
        y = max(1, line or 1) - 1
        if modes.DECOM in self.mode:
            self.cursor.y = min(y + self.top, self.bottom)
        else:
            self.cursor.y = min(y, self.lines - 1)

    def tab(self) -> None:
        """HT: to the next tab stop."""
        self.tab_forward(1)

    def tab_forward(self, count: int | None = None, *_: int) -> None:
        """CHT: forward some tab stops, at most to the last column; a pending wrap stays."""
        if self.cursor.x >= self.columns:
            return
        stops = sorted(stop for stop in self.tabstops if self.cursor.x < stop < self.columns)
        count = count or 1
        self.cursor.x = stops[count - 1] if count <= len(stops) else self.columns - 1

    def tab_back(self, count: int | None = None, *_: int) -> None:
        """CBT: back some tab stops, at most to the first column; a pending wrap stays."""
        if self.cursor.x >= self.columns:
            return
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
