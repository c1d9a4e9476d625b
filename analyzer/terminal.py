"""The emulator: a terminal's bytes in, the screen that the candidate saw out.

The stable front of the emulator, which detectors, playback and outside programs use. It never
raises on any bytes and never answers them: a query in a recording reaches nobody. pyte is what
it is built on (`screen`, `stream`); what lines mean does not belong here.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

import pyte.modes

from analyzer.cells import Frame, Run, Style
from analyzer.emulator.rows import Row, part_of, text_of
from analyzer.emulator.screen import BRACKETED_PASTE, Screen
from analyzer.emulator.snapshot import dump_screen, load_screen
from analyzer.emulator.stream import Stream

MOST_COLUMNS, MOST_LINES = 2000, 1000
"""Larger sizes are cut to these: a candidate's client may ask for billions of cells."""


class Cursor(NamedTuple):
    """Where the cursor is seen, from 0; x is at most columns - 1."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line that scrolled off; ``wrapped`` when its text continues on the next one."""

    text: str
    wrapped: bool


class Terminal:
    """A terminal of some size in cells, from 1x1 to 2000x1000."""

    def __init__(self, columns: int, lines: int) -> None:
        self._screen = Screen(*_within(columns, lines))
        self._stream = Stream(self._screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, data: bytes) -> None:
        """Take in what was sent to the terminal; UTF-8 and sequences may be cut anywhere."""
        self._stream.feed(self._decoder.decode(data))

    def resize(self, columns: int, lines: int) -> None:
        """Change the size in cells; the cursor and the text at it stay on the screen."""
        columns, lines = _within(columns, lines)
        self._screen.resize(lines=lines, columns=columns)

    @property
    def columns(self) -> int:
        """Width in cells."""
        return self._screen.columns

    @property
    def lines(self) -> int:
        """Height in cells."""
        return self._screen.lines

    @property
    def display(self) -> list[str]:
        """Each row's text, blanks included; a wide character stands for two cells."""
        return [row.text or text_of(row) for row in self._screen.rows]

    @property
    def cursor(self) -> Cursor:
        """The cell that the cursor is drawn in."""
        screen = self._screen
        last = screen.right if screen.margin_wrap else screen.columns - 1
        return Cursor(min(screen.cursor.x, last), screen.cursor.y)

    @property
    def cursor_visible(self) -> bool:
        """Whether a program has left the cursor visible."""
        return not self._screen.cursor.hidden

    @property
    def title(self) -> str:
        """The window title, cut at 256 characters."""
        return self._screen.title

    @property
    def alternate(self) -> bool:
        """Whether a full-screen program has the alternate screen."""
        return self._screen.alternate

    @property
    def bracketed_paste(self) -> bool:
        """Whether pasted text is asked to come between marks."""
        return BRACKETED_PASTE in self._screen.mode

    @property
    def at_ground(self) -> bool:
        """Whether no character or sequence is half read; keyframes are taken here."""
        return self._stream.at_ground and not self._decoder.getstate()[0]

    @property
    def faults(self) -> int:
        """Control functions that were left out because they raised: defects of the emulator."""
        return self._stream.faults

    @property
    def scrolled(self) -> int:
        """Lines that ever left the main screen at its top: row ``y`` is line ``scrolled + y``."""
        return self._screen.scrolled

    def row(self, y: int) -> str:
        """Return the text of row ``y``, from 0, blanks included."""
        return text_of(self._screen.rows[y])

    def part(self, y: int, left: int, width: int) -> str:
        """Return the text of ``width`` cells of row ``y`` from column ``left``, blanks included."""
        return part_of(self._screen.rows[y], left, width)

    def parts(self, top: int, left: int, width: int, height: int) -> tuple[str, ...]:
        """Return `part` of so many rows from ``top`` on; each that has not changed is as before."""
        rows = self._screen.rows[top : top + height]
        if not left and width >= self._screen.columns:
            return tuple([row.text or text_of(row) for row in rows])
        return tuple([part_of(row, left, width) for row in rows])

    def shaded(self, y: int, x: int) -> bool:
        """Return whether a cell is drawn in reverse or on another background than the default."""
        style = self._screen.rows[y].pens[x].style
        return style.reverse or style.background is not None

    @property
    def hidden_display(self) -> list[str]:
        """Each row's text on the screen that is not shown: what a full-screen program left."""
        return [text_of(row) for row in self._screen.others]

    def wrapped(self, y: int) -> bool:
        """Return whether row ``y`` continues on the next one because the line was too long."""
        return self._screen.rows[y].wrapped

    def history_line(self, absolute: int) -> Line | None:
        """Return a line that scrolled off, None where it is not remembered or still on screen.

        ``absolute`` counts from 0 for the first line ever. The last 1000 are kept, each with the
        width that it had; a snapshot does not hold them.
        """
        history = self._screen.history
        index = absolute - self._screen.scrolled + len(history)
        if not 0 <= index < len(history):
            return None
        row = history[index]
        return Line(text_of(row), row.wrapped)

    def frame(self) -> Frame:
        """Return the screen as it is drawn."""
        screen = self._screen
        reverse = pyte.modes.DECSCNM in screen.mode
        return Frame(
            columns=screen.columns,
            lines=screen.lines,
            rows=tuple(_runs(row, reverse=reverse) for row in screen.rows),
            cursor_x=self.cursor.x,
            cursor_y=self.cursor.y,
            cursor_visible=self.cursor_visible,
            title=screen.title,
        )

    def snapshot(self) -> bytes:
        """Return all that decides what further bytes will do; scrolled-off lines are left out."""
        held, _ = self._decoder.getstate()
        return dump_screen(self._screen, self._stream, held)

    def restore(self, snapshot: bytes) -> None:
        """Become what `snapshot` was taken from, its size included; forgets scrolled-off lines.

        Raises:
            ValueError: These bytes are not a snapshot of this version of the emulator.

        """
        self._screen, self._stream, held = load_screen(snapshot)
        self._decoder.reset()
        self._decoder.decode(held)


def _within(columns: int, lines: int) -> tuple[int, int]:
    return min(max(1, columns), MOST_COLUMNS), min(max(1, lines), MOST_LINES)


def _runs(row: Row, *, reverse: bool) -> tuple[Run, ...]:
    runs: list[tuple[str, Style]] = []
    cells, pens = row.cells, row.pens
    if pens.count(pens[0]) == len(pens):
        runs.append(("".join(cells), pens[0].style))
    else:
        start = 0
        for pen, group in groupby(pens):
            end = start + len(list(group))
            text = "".join(cells[start:end])
            start = end
            if runs and runs[-1][1] == pen.style:
                runs[-1] = (runs[-1][0] + text, pen.style)
            else:
                runs.append((text, pen.style))
    return tuple(Run(text, _reversed(style) if reverse else style) for text, style in runs)


def _reversed(style: Style) -> Style:
    return replace(style, reverse=not style.reverse)
