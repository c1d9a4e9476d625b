"""Notes the lines that one terminal shows, as its output comes in.

The screen is looked at when the output pauses, before much of it has gone by unseen, and before
lines that scrolled off are forgotten; what differs from the look before is told to a keeper. The
memory and the text that a candidate can cause are bounded (`Allowance`). No storage here.
"""

from __future__ import annotations

from analyzer.search.joined import Line, join
from analyzer.search.moving import LineNumbers
from analyzer.search.pieces import bounded_pieces
from analyzer.search.sightings import NO_ROW, Keeper, Sighting
from analyzer.terminal import Terminal

PAUSE = 0.05
"""Seconds without output after which the screen is looked at: somebody may have read it."""

UNSEEN_MOST = 16 * 1024
"""Bytes of output between two looks at most, where they are not lines that scroll off."""

SCROLLED_MOST = 900
"""Lines that may scroll off between two looks; the emulator remembers a few more than these."""

_CELLS_A_SECOND = 2_000_000
"""Cells looked at in a second of the session: only huge screens are looked at less often."""


class Allowance:
    """How many characters may be noted: some at once, some a second, some for each byte shown.

    An ordinary session stays far below it; one that redraws a huge screen for every byte is looked
    at less often.
    """

    AT_ONCE = 256 * 1024
    A_SECOND = 20_000
    A_BYTE = 8

    def __init__(self, t: float) -> None:
        self._since = t
        self._bytes = 0
        self._noted = 0

    def shown(self, count: int) -> None:
        """So many bytes were sent to the terminal."""
        self._bytes += count

    def noted(self, count: int) -> None:
        """So many characters were noted."""
        self._noted += count

    def is_left(self, t: float) -> bool:
        """Whether more may be noted at a moment in seconds."""
        earned = self.A_SECOND * (t - self._since) + self.A_BYTE * self._bytes
        return self._noted < self.AT_ONCE + earned


class LineRecorder:
    """One terminal; times are seconds since the session's start and never go back."""

    def __init__(self, t: float, columns: int, lines: int, keeper: Keeper) -> None:
        self._terminal = Terminal(columns, lines)
        self._keeper = keeper
        self._allowance = Allowance(t)
        self._now = self._looked = t
        self._unseen = 0
        self._due = False
        self._scrolled = 0
        self._alternate = False
        self._standing: dict[int, Sighting] = {}
        self._numbers = LineNumbers()

    def feed(self, t: float, data: bytes) -> None:
        """Take in output."""
        self._advance(t)
        for piece, lines in bounded_pieces(data, self._terminal.columns, self._terminal.lines):
            behind = self._terminal.scrolled - self._scrolled
            if behind + lines > SCROLLED_MOST or self._unseen + len(piece) > UNSEEN_MOST:
                self.settle()
            self._terminal.feed(piece)
            self._allowance.shown(len(piece))
            self._unseen += len(piece)
        if self._terminal.scrolled - self._scrolled >= self._terminal.lines // 2:
            self._due = True

    def resize(self, t: float, columns: int, lines: int) -> None:
        """Take in another size: lines are laid out anew, and are other lines from now on."""
        self._advance(t)
        self.settle()
        self._terminal.resize(columns, lines)
        self._scrolled = self._terminal.scrolled
        self._numbers.forget()
        self._unseen, self._due = 1, True

    def settle(self) -> None:
        """Look at the screen as it is now, if anything has come since the last look."""
        if self._unseen and self._allowance.is_left(self._now):
            self._look()
            # More may come at this very moment, and only the screen after all of it can be shown.
            self._due = True

    def _advance(self, t: float) -> None:
        """Let time pass, after a look at the screen if it stood still for long enough."""
        if t > self._now and self._unseen:
            rest = self._terminal.columns * self._terminal.lines / _CELLS_A_SECOND
            paused = t - self._now >= PAUSE and t - self._looked >= rest
            if (self._due or paused) and self._allowance.is_left(t):
                self._look()
        self._now = max(t, self._now)

    def _look(self) -> None:
        """Tell what differs from the look before; the time is that of the last output."""
        terminal, t = self._terminal, self._now
        texts = terminal.display
        wraps = list(map(terminal.wrapped, range(terminal.lines)))
        passed = self._passed(texts, wraps)
        if terminal.alternate != self._alternate:
            self._clear(t)
            self._alternate = terminal.alternate
        for number, text in passed:
            self._note_passed(t, number, text)
        lines = join(texts, wraps)
        if self._alternate:
            numbers = self._numbers.follow(texts)
            self._note_shown(t, [(numbers[row], row, text) for row, text in lines])
        else:
            first = terminal.scrolled
            self._note_shown(t, [(first + row, row, text) for row, text in lines])
        self._scrolled = terminal.scrolled
        self._looked, self._unseen, self._due = t, 0, False

    def _passed(self, texts: list[str], wraps: list[bool]) -> list[Line]:
        """Return the lines that scrolled off since the last look, by their numbers."""
        terminal, start = self._terminal, self._scrolled
        if terminal.scrolled <= start:
            return []
        kept = [
            line
            for number in range(start, terminal.scrolled)
            if (line := terminal.history_line(number)) is not None
        ]
        first = terminal.scrolled - len(kept)
        rows, continued = [line.text for line in kept], [line.wrapped for line in kept]
        if not terminal.alternate:
            # The last of them may go on below, where it still stands.
            rows, continued = rows + texts, continued + wraps
        return [(first + row, text) for row, text in join(rows, continued) if row < len(kept)]

    def _note_passed(self, t: float, number: int, text: str) -> None:
        standing = None if self._alternate else self._standing.get(number)
        if standing is None or standing.text != text:
            self._add(t, number, NO_ROW, text, alternate=False, until=t)

    def _note_shown(self, t: float, shown: list[tuple[int, int, str]]) -> None:
        columns = self._terminal.columns
        before, standing = self._standing, {}
        fresh: list[tuple[int, int, str]] = []
        for line in shown:
            old = before.get(line[0])
            if old is not None and old.text == line[2] and old.columns == columns:
                standing[line[0]] = before.pop(line[0])
                if old.t == t:
                    # Of all looks at one moment, the last is what the moment shows.
                    old.row = line[1]
            else:
                fresh.append(line)
        written = {number for number, _, _ in fresh}
        for number, old in before.items():
            self._end(old, t, changed=number in written)
        for number, row, text in fresh:
            standing[number] = self._add(
                t, number, row, text, alternate=self._alternate, until=None
            )
        self._standing = standing

    def _add(
        self, t: float, line: int, row: int, text: str, *, alternate: bool, until: float | None
    ) -> Sighting:
        sighting = Sighting(
            t=t,
            until=until,
            alternate=alternate,
            line=line,
            row=row,
            columns=self._terminal.columns,
            text=text,
        )
        self._allowance.noted(len(text))
        self._keeper.seen(sighting)
        return sighting

    def _end(self, sighting: Sighting, t: float, *, changed: bool) -> None:
        sighting.until, sighting.changed = t, changed
        self._keeper.gone(sighting)

    def _clear(self, t: float) -> None:
        for sighting in self._standing.values():
            self._end(sighting, t, changed=False)
        self._standing = {}
        self._numbers.forget()
