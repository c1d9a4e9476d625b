"""What a terminal's user saw, as lines in the order in which they were seen.

A line is said when it can change no more: it scrolled off, the screen was erased, a full-screen
program took over, or the recording ended. So a progress bar or an edited command line appears once,
as it finally stood. Of a full-screen program its last view is said when it leaves. Formats, words
and limits on size do not belong here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.emulator.rows import width_of
from analyzer.erasures import cut_at_erasures
from analyzer.terminal import Terminal

_PART = 512
"""Bytes fed at once: fewer lines scroll off in them than the emulator remembers."""

QUIET = 0.05
"""Seconds without output after which a screen was seen as it stood."""

_LONGEST = 1 << 16
"""Characters of one line; a program can go on for ever without ending it."""

_SEQUENCE_MOST = 256
"""Bytes looked at one by one for the end of a sequence that a packet's end has cut."""

_RECENT = 1000

_BACK_TO_MAIN = b"\x18\x1b[?47l"
"""CAN, which ends whatever sequence is open, and the main screen, as it was left."""


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line of the main screen; ``t`` is when output last reached it, in the caller's seconds."""

    t: float
    text: str


@dataclass(frozen=True, slots=True)
class SeenView:
    """A full-screen program's last view, its rows without the blank ones at the end."""

    since: float
    until: float
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unseen:
    """So many lines rushed by at once that the emulator did not remember them all."""

    t: float
    count: int


Seen = SeenLine | SeenView | Unseen


@dataclass(frozen=True, slots=True)
class _Look:
    """The rows of the screen without the blank ones at its end.

    ``whole`` has those that continue on the next one with all their blanks; ``first`` is the number
    of the first row, counted as the lines that scroll off are.
    """

    rows: list[str]
    whole: dict[int, str]
    first: int


class Transcript:
    """Takes one terminal's output and sizes in their order, and says what was seen."""

    def __init__(self, columns: int, lines: int) -> None:
        """Begin with an empty screen of a size in cells."""
        self._terminal = Terminal(columns, lines)
        self._taken = 0
        self._times: dict[int, float] = {}
        self._early: dict[int, str] = {}
        self._recent: deque[str] = deque(maxlen=_RECENT)
        self._unfinished = ""
        self._alternate = False
        self._since = 0.0
        self._view: list[str] = []
        self._view_stood = False
        self._last = 0.0

    def output(self, t: float, data: bytes) -> Iterator[Seen]:
        """Take in output; yield what can change no more."""
        if self._alternate and t - self._last >= QUIET:
            self._keep_view(self._look(), stood=True)
        self._last = t
        if not self._terminal.at_ground:
            before = self._look()
            end = 0
            while end < min(len(data), _SEQUENCE_MOST) and not (end and self._terminal.at_ground):
                yield from self._feed(t, data[end : end + 1])
                end += 1
            yield from self._vanished(t, before)
            data = data[end:]
        for piece, suspect in cut_at_erasures(data):
            look = self._look() if suspect else None
            for start in range(0, len(piece), _PART):
                yield from self._feed(t, piece[start : start + _PART])
            yield from self._vanished(t, look)

    def resize(self, t: float, columns: int, lines: int) -> Iterator[Seen]:
        """Take in a new size; yield what left the screen by it.

        Where lines are broken anew behind a full-screen program, they may be said once more.
        """
        terminal = self._terminal
        known = set(self._early.values())
        terminal.resize(columns, lines)
        for y in range(terminal.lines):
            self._times.setdefault(terminal.scrolled + y, t)
        back = self._taken - terminal.scrolled
        if back > 0:
            # Lines came back into view that were said when they had left it.
            known.update(list(self._recent)[-back:])
            self._taken = terminal.scrolled
        yield from self._scrolled_off(t)
        if not terminal.alternate:
            rows = self._look().rows
            self._early = {
                terminal.scrolled + y: row for y, row in enumerate(rows) if row and row in known
            }

    def finish(self, t: float) -> Iterator[Seen]:
        """Yield what is still on the screens."""
        view = self._look().rows if self._terminal.alternate else []
        self._terminal.feed(_BACK_TO_MAIN)
        yield from self._said_rows(t, self._look())
        yield from self._end_line(t)
        if view:
            yield SeenView(self._since, t, tuple(view))

    def _look(self) -> _Look:
        terminal = self._terminal
        rows = [terminal.row(y).rstrip() for y in range(terminal.lines)]
        while rows and not rows[-1]:
            rows.pop()
        whole = {y: terminal.row(y) for y in range(len(rows)) if terminal.wrapped(y)}
        return _Look(rows, whole, terminal.scrolled)

    def _feed(self, t: float, data: bytes) -> Iterator[Seen]:
        terminal = self._terminal
        before = terminal.scrolled + terminal.cursor.y
        terminal.feed(data)
        if terminal.alternate or self._alternate:
            return
        after = terminal.scrolled + terminal.cursor.y
        oldest = terminal.scrolled - _RECENT
        for line in range(max(oldest, min(before, after)), max(before, after) + 1):
            self._times[line] = t
        yield from self._scrolled_off(t)

    def _scrolled_off(self, t: float) -> Iterator[Seen]:
        terminal = self._terminal
        oldest = terminal.scrolled - _RECENT
        if self._taken < oldest:
            yield Unseen(t, oldest - self._taken)
            self._taken = oldest
            self._times = {line: at for line, at in self._times.items() if line >= oldest}
            self._early = {line: row for line, row in self._early.items() if line >= oldest}
        while self._taken < terminal.scrolled:
            line = terminal.history_line(self._taken)
            if line is not None:
                yield from self._said(self._taken, t, line.text, wrapped=line.wrapped)
            self._taken += 1

    def _vanished(self, t: float, look: _Look | None) -> Iterator[Seen]:
        """Say what a switch of screens or an erasure took along, if there was one."""
        was, self._alternate = self._alternate, self._terminal.alternate
        if not was and self._alternate:
            self._since, self._view, self._view_stood = t, [], False
            if look is not None:
                yield from self._said_rows(t, look)
                yield from self._end_line(t)
        elif was and look is not None:
            self._keep_view(look, stood=False)
        elif not was and look is not None and look.rows and not self._look().rows:
            yield from self._said_rows(t, look)
            yield from self._end_line(t)
            self._early = {}
        if was and not self._alternate and self._view:
            yield SeenView(self._since, t, tuple(self._view))

    def _keep_view(self, look: _Look, *, stood: bool) -> None:
        """Keep a full-screen program's view; one that stood still is better than what flashed by.

        Programs clear up on their way out: vim scrolls a line, ncurses erases.
        """
        if look.rows and (stood or not self._view_stood):
            self._view, self._view_stood = look.rows, stood

    def _said_rows(self, t: float, look: _Look) -> Iterator[Seen]:
        """Say the rows of the main screen; those that scroll off later unchanged are not again."""
        early = {}
        for y, row in enumerate(look.rows):
            line = look.first + y
            if line >= self._taken:
                text = look.whole.get(y, row)
                yield from self._said(line, t, text, wrapped=y in look.whole)
                early[line] = row
        self._early = early

    def _said(self, line: int, t: float, text: str, *, wrapped: bool) -> Iterator[Seen]:
        """Say one row of the screen, joined with those that it continues."""
        at = self._times.pop(line, t)
        bare = text.rstrip()
        if self._early.pop(line, None) == bare:
            return
        self._recent.append(bare)
        self._unfinished = _joined(self._unfinished, text if wrapped else bare)
        if not wrapped or len(self._unfinished) > _LONGEST:
            yield SeenLine(at, self._unfinished)
            self._unfinished = ""

    def _end_line(self, t: float) -> Iterator[Seen]:
        """Say a line whose continuation is not to be had any more."""
        if self._unfinished:
            yield SeenLine(t, self._unfinished.rstrip())
            self._unfinished = ""


def _joined(before: str, text: str) -> str:
    """Join two rows; a wide character that found no room has left a blank cell before it.

    Had there been a real blank in that cell, it looked the same.
    """
    if before.endswith(" ") and text and width_of(text[0]) > 1:
        before = before[:-1]
    return before + text
