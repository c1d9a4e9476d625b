"""A terminal on which a multiplexer may run: the ordinary tracker, and panes while it does.

Everything reaches the tracker; while tmux or GNU screen has the screen, what it draws and the keys
go to a `Multiplexer` as well. How a multiplexer is recognised belongs here, panes do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from analyzer.commands.panes.layout import Kind, Rect
from analyzer.commands.panes.multiplexer import Multiplexer
from analyzer.commands.run import Greeting, Run
from analyzer.commands.tracker import Tracker
from analyzer.terminal import Terminal
from recorder.recording.events import Input, Output

_TMUX = re.compile(rb"\x1b\[\?1000l\x1b\[\?1002l(?:\x1b\[\?1003l)?\x1b\[\?1006l\x1b\[\?1005l")
_SCREEN = re.compile(rb"\x1b\[\?(?:1049|47)h(?:\x1b\[22;0;0t)?(?:\x1b7)?\x1b\[4l\x1b\[\?1h\x1b=")
_PROGRAMS: dict[str, Kind] = {
    "tmux": "tmux",
    "tmate": "tmux",
    "byobu": "tmux",
    "byobu-tmux": "tmux",
    "screen": "screen",
    "byobu-screen": "screen",
}
_GOES_ON = re.compile(rb"detached")
_SAID = re.compile(rb"\[[^\]\x1b]{3,200}\]")
_HEARD_MOST = 400
_PIECES_MOST = 40
"""Looks at what one packet draws, at most."""


class PanedTerminal:
    """Commands of one terminal channel, those in panes included; as `Tracker`."""

    def __init__(self, connection: int, channel: int, columns: int, lines: int) -> None:
        self._tracker = Tracker(connection, channel, columns, lines)
        self.place = (connection, channel)
        self._panes: Multiplexer | None = None
        self._printed: list[tuple[str | None, str]] = []
        self._attached = False
        self._opened = False
        self._heard: bytes | None = None
        self._begun = b""

    @property
    def terminal(self) -> Terminal:
        """What the candidate saw."""
        return self._tracker.terminal

    @property
    def holds_back(self) -> bool:
        """As `Tracker.holds_back`."""
        return self._tracker.holds_back

    @property
    def written(self) -> tuple[str, ...]:
        """As `Tracker.written`."""
        return self._tracker.written

    @property
    def greeting(self) -> Greeting | None:
        """As `Tracker.greeting`."""
        return self._tracker.greeting

    @greeting.setter
    def greeting(self, greeting: Greeting | None) -> None:
        self._tracker.greeting = greeting

    def resize(self, columns: int, lines: int, t: float) -> None:
        """Take in a new size, in cells."""
        self._tracker.resize(columns, lines)
        if self._panes:
            self._panes.resized(t)

    def output(self, event: Output) -> list[Run]:
        """Take in what the target sent."""
        runs: list[Run] = []
        for piece in self._pieces(event) if self._attached else (event,):
            runs += self._tracker.output(piece)
            if self.terminal.alternate:
                runs += self._drawn(piece)
            elif self._attached:
                self._attached = False
                self._heard = b""
                runs += self._hear(piece)
            elif self._heard is not None:
                runs += self._hear(piece)
        self._begun = (self._begun + event.data)[-200:]
        return runs

    def input(self, event: Input) -> list[Run]:
        """Take in what the candidate sent."""
        runs = self._tracker.input(event)
        if self._attached and self._panes:
            runs += self._from_panes(self._panes.input(event))
        return runs

    def pane_of(self, command: str) -> tuple[bool, Rect | None]:
        """As `Multiplexer.pane_of`; no command is in a pane where there is no multiplexer."""
        return self._panes.pane_of(command) if self._panes else (False, None)

    def take_printed(self) -> list[tuple[str | None, str]]:
        """As `Tracker.take_printed`, with what was printed in panes."""
        if not self._printed:
            return self._tracker.take_printed()
        printed, self._printed = self._printed, []
        return printed + self._tracker.take_printed()

    def close(self, t: float, exit_status: int | None = None) -> list[Run]:
        """As `Tracker.close`."""
        runs = self._from_panes(self._panes.close(t)) if self._panes else []
        self._panes = None
        return runs + self._tracker.close(t, exit_status)

    def _from_panes(self, runs: list[Run]) -> list[Run]:
        """Hand on what the panes told, and take what was printed in them."""
        if self._panes is not None:
            self._printed += self._panes.take_printed()
        return runs

    def _pieces(self, event: Output) -> Iterator[Output]:
        """Cut what runs by into pieces that can be looked at before they scroll away."""
        data = event.data
        lines = data.count(b"\n")
        panes = self._panes if self._attached else None
        if panes is None or lines < self.terminal.lines - 1 or not panes.divisible:
            yield event
            return
        most = max(self.terminal.lines // 2, lines // _PIECES_MOST + 1, 1)
        start = 0
        while start < len(data):
            end = start
            for _ in range(most):
                end = data.find(b"\n", end) + 1 or len(data)
                if end == len(data):
                    break
            yield replace(event, data=data[start:end])
            start = end

    def _drawn(self, event: Output) -> list[Run]:
        if not self._attached:
            kind = self._kind(self._begun + event.data)
            if kind is None:
                return []
            self._attach(kind, event.t)
        return (
            self._from_panes(self._panes.output(event)) + self._open(event.t) if self._panes else []
        )

    def _open(self, t: float) -> list[Run]:
        """Say that the multiplexer opened a shell, once one of its panes shows a prompt."""
        user = None if self._opened or self._panes is None else self._panes.shell_user
        if user is None:
            return []
        self._opened = True
        return self._tracker.stack.shows_shell(_PROGRAMS, user, t)

    def _attach(self, kind: Kind, t: float) -> None:
        self._attached, self._opened, self._heard = True, False, None
        if self._panes is None or self._panes.kind != kind:
            self._panes = Multiplexer(*self.place, self.terminal, kind)
        stack = self._tracker.stack
        self._panes.depth = stack.depth + 1
        self._panes.attached(t)

    def _kind(self, data: bytes) -> Kind | None:
        """Return which multiplexer has just taken the screen."""
        if _TMUX.search(data):
            return "tmux"
        if _SCREEN.search(data):
            return "screen"
        for run in self._tracker.stack.runs:
            for command in run.simple:
                if kind := _PROGRAMS.get(command.program):
                    return kind
        return None

    def _hear(self, event: Output) -> list[Run]:
        """Wait for what the multiplexer says as it goes: whether its panes live on."""
        self._heard = ((self._heard or b"") + event.data)[-_HEARD_MOST:]
        said = _SAID.search(self._heard)
        if said is None and len(self._heard) < _HEARD_MOST:
            return []
        self._heard = None
        if self._panes is None or (said and _GOES_ON.search(said.group())):
            return []
        runs = self._from_panes(self._panes.close(event.t))
        self._panes = None
        return runs
