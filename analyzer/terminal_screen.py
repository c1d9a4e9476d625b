"""The screen behind the emulator: what each control function does to cells, cursor and modes.

It is pyte's `Screen` with its buffer replaced: a row is two lists, one of characters and one of
pens, so that text, erasing and scrolling are slices. The methods keep pyte's names, by which its
stream tables find them, and take any number of parameters. Parsing does not belong here.

A cell holds one character with what combines with it; the second cell of a wide character holds the
empty string. `cursor.x == columns` means that the next character wraps.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyte
from pyte import charsets, modes
from wcwidth import wcwidth

from analyzer.terminal_pen import Pen, Pens

HISTORY = 1000
"""Lines kept of those that scrolled off the top."""

_COMBINED_MOST = 16
"""Characters in one cell; a hostile stream can pile up any number."""

_TITLE_MOST = 256
_WIDTHS_MOST = 1 << 16

_GRAPHICS = (
    charsets.LAT1_MAP[:0x5F]
    + charsets.VT100_MAP[0x5F:0x68]
    + "\u2424"
    + charsets.VT100_MAP[0x69:0x7F]
    + charsets.LAT1_MAP[0x7F:]
)
"""DEC Special Graphics; pyte's map adds the Linux console's arrows below 0x5F."""

ALTERNATE_MODES = (47 << 5, 1047 << 5, 1049 << 5)
SAVE_CURSOR_MODE = 1048 << 5
BRACKETED_PASTE = 2004 << 5
_KEPT_MODES = frozenset(
    (modes.LNM, modes.IRM, modes.DECTCEM, modes.DECSCNM, modes.DECOM, modes.DECAWM, BRACKETED_PASTE)
)

_widths: dict[str, int] = {}


def width_of(character: str) -> int:
    """Return how many cells a character takes: 0, 1 or 2."""
    width = _widths.get(character)
    if width is None:
        if len(_widths) >= _WIDTHS_MOST:
            _widths.clear()
        width = _widths[character] = max(0, wcwidth(character))
    return width


class Row:
    """One line of the screen; ``wrapped`` when its text continues on the next one."""

    __slots__ = ("cells", "pens", "wrapped")

    def __init__(self, columns: int, pen: Pen) -> None:
        self.cells = [" "] * columns
        self.pens = [pen] * columns
        self.wrapped = False

    def resize(self, columns: int, pen: Pen) -> None:
        """Cut the row off, or fill it with blanks."""
        missing = columns - len(self.cells)
        if missing > 0:
            self.cells.extend([" "] * missing)
            self.pens.extend([pen] * missing)
        elif missing < 0:
            self.part(columns)
            del self.cells[columns:], self.pens[columns:]
        if missing:
            self.wrapped = False

    def part(self, x: int) -> None:
        """Blank a wide character that is about to be cut before column ``x``."""
        if 0 < x < len(self.cells) and self.cells[x] == "":
            self.cells[x - 1] = self.cells[x] = " "

    def blank(self, start: int, end: int, pen: Pen) -> None:
        """Erase the cells from ``start`` up to ``end``."""
        self.part(start)
        self.part(end)
        self.cells[start:end] = [" "] * (end - start)
        self.pens[start:end] = [pen] * (end - start)


@dataclass(frozen=True, slots=True)
class Saved:
    """What DECSC keeps."""

    x: int = 0
    y: int = 0
    pen: Pen | None = None
    sets: tuple[str, str] = ("B", "B")
    charset: int = 0
    origin: bool = False


class Screen(pyte.Screen):
    """Cells, cursor and modes of one terminal, with its alternate screen and scrolled-off lines."""

    def __init__(self, columns: int, lines: int) -> None:
        self.pens = Pens()
        self.history: deque[Row] = deque(maxlen=HISTORY)
        self.scrolled = 0
        super().__init__(columns, lines)

    def reset(self, *_: int) -> None:
        """RIS: everything as at power-on; what had scrolled off stays."""
        self.pen = self.pens.plain
        self.rows = self._blank_rows(self.lines)
        self.others = self._blank_rows(self.lines)
        self.alternate = False
        self.title = ""
        self.icon_name = ""
        self.tabstops = set(range(8, self.columns, 8))
        self.last_drawn = ""
        self.cursor = pyte.screens.Cursor(0, 0)
        self.saved = Saved()
        self.other_saved = Saved()
        self.soft_reset()

    def soft_reset(self, *_: int) -> None:
        """DECSTR: modes, margins, character sets and pen; text and cursor stay."""
        self.mode = {modes.DECAWM, modes.DECTCEM}
        self.cursor.hidden = False
        self.top, self.bottom = 0, self.lines - 1
        self.sets = ["B", "B"]
        self.charset = 0
        self.translation: str | None = None
        self.pen = self.pens.plain
        self.saved = Saved()

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

    def set_margins(self, top: int | None = None, bottom: int | None = None, *_: int) -> None:
        """DECSTBM: set the scrolling region; the cursor goes home."""
        first = max(1, top or 1)
        last = min(self.lines, bottom or self.lines)
        if first < last:
            self.top, self.bottom = first - 1, last - 1
            self.cursor_position()

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

    # Cursor

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

    def save_cursor(self, *_: int) -> None:
        """DECSC and SCOSC: one place to return to, for each of the two screens."""
        self.saved = Saved(
            self.cursor.x,
            self.cursor.y,
            self.pen,
            (self.sets[0], self.sets[1]),
            self.charset,
            modes.DECOM in self.mode,
        )

    def restore_cursor(self, *_: int) -> None:
        """DECRC and SCORC: to the place that was saved, else home."""
        saved = self.saved
        self.cursor.x = min(saved.x, self.columns)
        self.cursor.y = min(saved.y, self.lines - 1)
        self.pen = saved.pen or self.pens.plain
        self.choose_sets(saved.sets, saved.charset)
        self.mode.discard(modes.DECOM)
        if saved.origin:
            self.mode.add(modes.DECOM)

    # Modes, character sets, titles

    def set_mode(self, *numbers: int, private: bool = False, **_: Any) -> None:
        """SM and DECSET."""
        for number in numbers:
            mode = number << 5 if private else number
            if mode in ALTERNATE_MODES:
                self._enter_alternate(mode)
            elif mode == SAVE_CURSOR_MODE:
                self.save_cursor()
            elif mode in _KEPT_MODES:
                self.mode.add(mode)
            self._after_mode(mode, hidden=False)

    def reset_mode(self, *numbers: int, private: bool = False, **_: Any) -> None:
        """RM and DECRST."""
        for number in numbers:
            mode = number << 5 if private else number
            if mode in ALTERNATE_MODES:
                self._leave_alternate(mode)
            elif mode == SAVE_CURSOR_MODE:
                self.restore_cursor()
            self.mode.discard(mode)
            self._after_mode(mode, hidden=True)

    def _after_mode(self, mode: int, *, hidden: bool) -> None:
        if mode == modes.DECTCEM:
            self.cursor.hidden = hidden
        elif mode == modes.DECOM:
            self.cursor_position()
        elif mode == modes.DECAWM and hidden:
            self._settle()

    def _enter_alternate(self, mode: int) -> None:
        if mode == 1049 << 5:
            self.save_cursor()
        if not self.alternate:
            self._swap()
        if mode == 1049 << 5:
            self.rows[:] = self._blank_rows(self.lines)

    def _leave_alternate(self, mode: int) -> None:
        if self.alternate:
            if mode == 1047 << 5:
                self.rows[:] = self._blank_rows(self.lines)
            self._swap()
        if mode == 1049 << 5:
            self.restore_cursor()

    def _swap(self) -> None:
        self.rows, self.others = self.others, self.rows
        self.saved, self.other_saved = self.other_saved, self.saved
        self.alternate = not self.alternate

    def define_charset(self, code: str, mode: str) -> None:
        """SCS: G0 or G1 is line drawing, or text."""
        if mode in "()":
            self.sets["()".index(mode)] = code
            self._choose_translation()

    def shift_in(self) -> None:
        """SI: draw with G0."""
        self.charset = 0
        self._choose_translation()

    def shift_out(self) -> None:
        """SO: draw with G1."""
        self.charset = 1
        self._choose_translation()

    def choose_sets(self, sets: Sequence[str], charset: int) -> None:
        """Take G0 and G1 and which of them is in use."""
        self.sets = list(sets)
        self.charset = charset
        self._choose_translation()

    def _choose_translation(self) -> None:
        self.translation = _GRAPHICS if self.sets[self.charset] == "0" else None

    def set_title(self, param: str) -> None:
        """OSC 0 and 2."""
        self.title = param[:_TITLE_MOST]

    def select_pen(self, params: str) -> None:
        """SGR, with its parameters as they stand in the stream."""
        self.pen = self.pens.after(self.pen, params)

    def resize(self, lines: int | None = None, columns: int | None = None) -> None:
        """Change the size; lines leave at the top only when there are no blank ones below."""
        lines, columns = lines or self.lines, columns or self.columns
        if columns != self.columns:
            for row in (*self.rows, *self.others):
                row.resize(columns, self.pens.plain)
            self.tabstops.update(range(self.columns - self.columns % 8 + 8, columns, 8))
            self.columns = columns
        self._resize_lines(lines)
        self.lines = lines
        self.top, self.bottom = 0, lines - 1
        self.cursor.x = min(self.cursor.x, columns - 1)
        self.cursor.y = min(self.cursor.y, lines - 1)

    def _resize_lines(self, lines: int) -> None:
        main = self.others if self.alternate else self.rows
        above = max(0, self._cursor_on_main() + 1 - lines)
        if above:
            self.history.extend(main[:above])
            self.scrolled += above
            del main[:above]
            self._move_up(above)
        for rows in (self.rows, self.others):
            del rows[lines:]
            rows.extend(Row(self.columns, self.pens.plain) for _ in range(lines - len(rows)))

    def _cursor_on_main(self) -> int:
        return self.other_saved.y if self.alternate else self.cursor.y

    def _move_up(self, count: int) -> None:
        if not self.alternate:
            self.cursor.y -= count
        saved = self.other_saved if self.alternate else self.saved
        moved = Saved(
            saved.x, max(0, saved.y - count), saved.pen, saved.sets, saved.charset, saved.origin
        )
        if self.alternate:
            self.other_saved = moved
        else:
            self.saved = moved


def text_of(row: Row) -> str:
    """Return a row's text."""
    return "".join(row.cells)
