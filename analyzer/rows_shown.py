"""Rows of full-screen programs, as lines: pagers, editors, panes of a multiplexer.

What such a program writes are no lines but moves of the cursor, so its screen is looked at: before
each input, and when its output has paused. Only rows that were not there at the look before count.
The moments are the recording's own, so that live and later analysis agree.
"""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.signals.facts import Line
from analyzer.terminal import Terminal
from recorder.recording.events import AnyEvent, Input, Logged, Output
from recorder.recording.journal import ChannelClosed

PAUSE = 0.1
"""Seconds without output after which a screen is taken to be as it was meant."""

_Key = tuple[int, int]


@dataclass(slots=True)
class _Screen:
    """A terminal with a full-screen program, its last output, and what was on it."""

    terminal: Terminal
    t: float
    place: str
    looked: bool = False
    closed: bool = False
    rows: tuple[str, ...] = ()
    """All rows at the last look, and without the blanks at their ends those that stood there."""
    shown: frozenset[str] = frozenset()


class RowsShown:
    """The full-screen programs of a session."""

    def __init__(self) -> None:
        self._screens: dict[_Key, _Screen] = {}

    @property
    def waits(self) -> bool:
        """Whether there is any screen to look at."""
        return bool(self._screens)

    def before(self, t: float, event: AnyEvent | None = None) -> list[Line]:
        """Return the rows that were to be looked at before ``t``, or before an input is taken."""
        lines: list[Line] = []
        if isinstance(event, Logged) and isinstance(event.entry, ChannelClosed):
            gone = self._screens.get((event.entry.connection, event.entry.channel))
            if gone is not None:
                gone.closed = True
        for key, screen in list(self._screens.items()):
            if screen.looked:
                if screen.closed:
                    del self._screens[key]
                continue
            due = round(screen.t + PAUSE, 6)
            if due < t:
                lines += _look(key, screen, due)
            elif isinstance(event, Input) and (event.connection, event.channel) == key:
                lines += _look(key, screen, t)
        return sorted(lines, key=lambda line: line.t)

    def after(self, event: Output, terminal: Terminal) -> None:
        """Note what an output, which was just observed, made of its terminal."""
        key = (event.connection, event.channel)
        if not terminal.alternate:
            if self._screens:
                self._screens.pop(key, None)
            return
        place = f"{event.place.file.removesuffix('.cast')}-{event.place.offset:012d}"
        known = self._screens.get(key)
        if known is None:
            self._screens[key] = _Screen(terminal, event.t, place)
        else:
            known.terminal, known.t, known.place = terminal, event.t, place
            known.looked = False

    def finish(self) -> list[Line]:
        """Return what was not looked at: the recording ends."""
        lines: list[Line] = []
        for key, screen in self._screens.items():
            if not screen.looked:
                lines += _look(key, screen, screen.t)
        return sorted(lines, key=lambda line: line.t)


def _look(key: _Key, screen: _Screen, t: float) -> list[Line]:
    screen.looked = True
    seen = tuple(screen.terminal.display)
    if seen == screen.rows:
        return []
    screen.rows = seen
    rows = [row.rstrip() for row in seen]
    fresh = [(n, row) for n, row in enumerate(rows) if row and row not in screen.shown]
    screen.shown = frozenset(rows)
    return [
        Line(
            t=t,
            place=f"{screen.place}.r{n:03d}",
            connection=key[0],
            channel=key[1],
            text=row,
            screen=True,
        )
        for n, row in fresh
    ]
