"""Turns a session's events into commands: terminals by their screens, the rest by the journal.

Synchronous and pure: `observe` takes the reader's events in order, `finish` ends what is open.
"""

from __future__ import annotations

from dataclasses import replace

from analyzer.commands.panes.layout import Rect
from analyzer.commands.panes.terminal import PanedTerminal
from analyzer.commands.run import Greeting, Run
from analyzer.records import Command, Outcome
from analyzer.shell import parse
from analyzer.terminal import Terminal
from recorder.recording.events import AnyEvent, Input, Logged, Output, Resized
from recorder.recording.journal import ChannelClosed, ChannelOpened

_Key = tuple[int, int]
_OF_TERMINALS = (Output, Input, Resized)


class Detector:
    """Commands of one session, over all its connections and channels."""

    def __init__(self) -> None:
        self._trackers: dict[_Key, PanedTerminal] = {}
        self._execs: dict[_Key, Command] = {}
        self._greetings: list[Greeting] = []
        self._printed: list[tuple[_Key, str | None, str]] = []
        self._now = 0.0

    def observe(self, event: AnyEvent) -> list[Run]:
        """Take in one event; return the commands that began, changed or ended with it."""
        self._now = max(self._now, event.t)
        match event:
            case Logged(entry=ChannelOpened() as opened):
                return self._opened(event, opened)
            case Logged(entry=ChannelClosed() as closed):
                return self._closed(closed)
            case Output() if tracker := self._trackers.get((event.connection, event.channel)):
                return self._greeted(tracker, tracker.output(event))
            case Input() if tracker := self._trackers.get((event.connection, event.channel)):
                return self._greeted(tracker, tracker.input(event))
            case Resized() if tracker := self._trackers.get((event.connection, event.channel)):
                tracker.resize(event.columns, event.lines, event.t)
                return []
            case _:
                return []

    def terminal(self, event: AnyEvent) -> Terminal | None:
        """Return the terminal of an event that was just observed, as far as it shows all of it."""
        if not isinstance(event, _OF_TERMINALS):
            return None
        tracker = self._trackers.get((event.connection, event.channel))
        return None if tracker is None or tracker.holds_back else tracker.terminal

    def pane_of(self, command: Command) -> tuple[bool, Rect | None]:
        """Return whether a running command is in a pane, and where that has the cursor."""
        tracker = self._trackers.get((command.connection, command.channel))
        return tracker.pane_of(command.id) if tracker else (False, None)

    def finish(self) -> list[Run]:
        """Cut what runs: the recording ends here."""
        runs: list[Run] = []
        for key in sorted({*self._trackers, *self._execs}):
            runs += self._end(key, None)
        return runs

    def take_greetings(self) -> list[Greeting]:
        """Return the greetings that were completed since this was asked last."""
        greetings, self._greetings = self._greetings, []
        return greetings

    def take_printed(self) -> list[tuple[_Key, str | None, str]]:
        """Return terminal, command and text of the lines printed since this was asked last."""
        printed, self._printed = self._printed, []
        return printed

    def _greeted(self, tracker: PanedTerminal, runs: list[Run]) -> list[Run]:
        if tracker.greeting is not None:
            self._greetings.append(tracker.greeting)
            tracker.greeting = None
        if printed := tracker.take_printed():
            key = tracker.place
            self._printed += [(key, command, line) for command, line in printed]
        return runs

    def _opened(self, event: Logged, opened: ChannelOpened) -> list[Run]:
        key = (opened.connection, opened.channel)
        if opened.file is not None:
            size = (opened.pty.columns, opened.pty.lines) if opened.pty else (80, 24)
            self._trackers[key] = PanedTerminal(*key, *size)
        if opened.kind != "exec" or not opened.command:
            return []
        command = Command(
            id=f"session-{event.place.offset:012d}",
            kind="command",
            connection=opened.connection,
            channel=opened.channel,
            t=opened.t,
            duration=None,
            user=opened.user,
            host=None,
            cwd=None,
            text=_storable(opened.command),
            source="exec",
            confidence=1.0,
            outcome="unknown",
            exit_status=None,
            depth=0,
        )
        self._execs[key] = command
        return [Run(command=command, simple=parse(command.text), state="started", t=opened.t)]

    def _closed(self, closed: ChannelClosed) -> list[Run]:
        self._now = max(self._now, closed.t)
        return self._end((closed.connection, closed.channel), closed)

    def _end(self, key: _Key, closed: ChannelClosed | None) -> list[Run]:
        runs: list[Run] = []
        output: tuple[str, ...] = ()
        status = closed.exit_status if closed else None
        if tracker := self._trackers.pop(key, None):
            output = tracker.written
            runs += self._greeted(tracker, tracker.close(self._now, status))
        if command := self._execs.pop(key, None):
            runs.append(_ended(command, self._now, closed, output))
        return runs


def _storable(text: str) -> str:
    """Replace what no database takes as text: NUL and halves of surrogate pairs."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _ended(
    command: Command, t: float, closed: ChannelClosed | None, output: tuple[str, ...]
) -> Run:
    """Return the end of a command that had a channel of its own; its exit status is exact."""
    if closed is None:
        return Run(command=command, simple=parse(command.text), output=output, state="cut", t=t)
    status = closed.exit_status
    outcome: Outcome = "unknown" if status is None else "ok" if status == 0 else "failed"
    if closed.exit_signal:
        outcome = "interrupted" if closed.exit_signal == "INT" else "failed"
    done = replace(
        command,
        duration=round(max(0.0, t - command.t), 6),
        outcome=outcome,
        exit_status=status,
    )
    return Run(command=done, simple=parse(command.text), output=output, state="finished", t=t)
