"""The screen behind the emulator: pyte's `Screen`, with everything that decides what is drawn.

`Motions` moves the cursor, `Grid`, `Erasing` and `Regions` change the rows, `Sizes` how many there
are; this adds what is chosen for longer: modes, the alternate screen, the saved cursor, character
sets and title. Parsing does not belong here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

import pyte
from pyte import charsets, modes

from analyzer.emulator.motions import REVERSE_WRAP, REVERSE_WRAP_ANYWHERE
from analyzer.emulator.pen import Pens
from analyzer.emulator.rows import Row
from analyzer.emulator.sizes import Saved, Sizes

HISTORY = 1000
"""Lines kept of those that scrolled off the top."""

_TITLE_MOST = 256

_GRAPHICS = (
    charsets.LAT1_MAP[:0x5F]
    + " "
    + charsets.VT100_MAP[0x60:0x68]
    + "\u2424"
    + charsets.VT100_MAP[0x69:0x7F]
    + charsets.LAT1_MAP[0x7F:]
)
"""DEC Special Graphics; pyte's map adds the Linux console's arrows below 0x5F."""

_TRANSLATIONS = {"0": _GRAPHICS, "A": charsets.LAT1_MAP.replace("#", "\u00a3")}
_SETS = "()*+"

ALTERNATE_MODES = (47 << 5, 1047 << 5, 1049 << 5)
SAVE_CURSOR_MODE = 1048 << 5
BRACKETED_PASTE = 2004 << 5
SIDE_MARGINS = 69 << 5
_KEPT_MODES = frozenset(
    (
        modes.LNM,
        modes.IRM,
        modes.DECTCEM,
        modes.DECSCNM,
        modes.DECOM,
        modes.DECAWM,
        BRACKETED_PASTE,
        SIDE_MARGINS,
        REVERSE_WRAP,
        REVERSE_WRAP_ANYWHERE,
    )
)


class Screen(Sizes):
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
        self.margin_wrap = False
        self.cursor = pyte.screens.Cursor(0, 0)
        self.saved = Saved()
        self.other_saved = Saved()
        self.soft_reset()

    def soft_reset(self, *_: int) -> None:
        """DECSTR: modes, margins, character sets and pen; text and cursor stay."""
        self.mode = {modes.DECAWM, modes.DECTCEM}
        self.cursor.hidden = False
        self.top, self.bottom = 0, self.lines - 1
        self._drop_side_margins()
        self.choose_sets("BBBB", 0)
        self.guarded = False
        self.pen = self.pens.plain
        self.saved = Saved()

    def save_cursor(self, *_: int) -> None:
        """DECSC and SCOSC: one place to return to, for each of the two screens."""
        self.saved = Saved(
            self.right if self.margin_wrap else self.cursor.x,
            self.cursor.y,
            self.pen,
            tuple(self.sets),
            self.charset,
            modes.DECOM in self.mode,
        )

    def restore_cursor(self, *_: int) -> None:
        """DECRC and SCORC: to the place that was saved, else home."""
        saved = self.saved
        self.margin_wrap = False
        self.cursor.x = min(saved.x, self.columns)
        self.cursor.y = min(saved.y, self.lines - 1)
        self.pen = saved.pen or self.pens.plain
        self.choose_sets(saved.sets, saved.charset)
        self.mode.discard(modes.DECOM)
        if saved.origin:
            self.mode.add(modes.DECOM)

    def save_or_set_margins(self, *numbers: int) -> None:
        """DECSLRM where side margins are enabled, else SCOSC."""
        if SIDE_MARGINS in self.mode:
            self.set_side_margins(*numbers)
        else:
            self.save_cursor()

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
        elif mode == SIDE_MARGINS and hidden:
            self._drop_side_margins()

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
        """SCS: which characters G0, G1, G2 or G3 holds."""
        self.sets[_SETS.index(mode)] = code
        self.choose_sets(self.sets, self.charset)

    def shift_in(self) -> None:
        """SI, LS0: draw with G0."""
        self.choose_sets(self.sets, 0)

    def shift_out(self) -> None:
        """SO, LS1: draw with G1."""
        self.choose_sets(self.sets, 1)

    def shift_to_second(self) -> None:
        """LS2: draw with G2."""
        self.choose_sets(self.sets, 2)

    def shift_to_third(self) -> None:
        """LS3: draw with G3."""
        self.choose_sets(self.sets, 3)

    def single_shift_second(self) -> None:
        """SS2: draw the next character with G2."""
        self.shifted_once = 2

    def single_shift_third(self) -> None:
        """SS3: draw the next character with G3."""
        self.shifted_once = 3

    def choose_sets(self, sets: Sequence[str], charset: int) -> None:
        """Take G0 to G3 and which of them is in use."""
        self.sets = list(sets)
        self.charset = charset
        self.shifted_once = 0
        self.translation = _TRANSLATIONS.get(self.sets[charset])

    def _translated(self, data: str) -> str:
        first = ""
        if self.shifted_once:
            table = _TRANSLATIONS.get(self.sets[self.shifted_once])
            self.shifted_once = 0
            first, data = data[0], data[1:]
            first = first.translate(table) if table else first
        return first + (data.translate(self.translation) if self.translation else data)

    def set_title(self, param: str) -> None:
        """OSC 0 and 2."""
        self.title = param[:_TITLE_MOST]

    def select_pen(self, params: str) -> None:
        """SGR, with its parameters as they stand in the stream."""
        self.pen = self.pens.after(self.pen, params)
