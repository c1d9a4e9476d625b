"""Watches a session for file edits: gives editors their screens and keys, and commands their end.

Call `before` with each event before the detector gets it, `after` when it has. A screen is looked
at only while an editor runs, when it has come to rest: before the next key, or when output pauses.
Cost per event does not grow with the session.
"""

from __future__ import annotations

from collections.abc import Iterable

from analyzer.commands.run import Run
from analyzer.edits.command_lines import edits_of
from analyzer.edits.nano import Nano
from analyzer.edits.opened import Opened, opened_by
from analyzer.edits.picture import take
from analyzer.edits.record import FileEdit
from analyzer.edits.sitting import Sitting
from analyzer.edits.vim import Vim
from analyzer.terminal import Terminal
from recorder.recording.events import AnyEvent, Input, Output

PAUSE = 0.03
"""Seconds without output after which a screen has come to rest."""

PAUSE_BEFORE_KEY = 0.008
"""The same where a key comes next: somebody has seen the screen and acted on it."""

_Key = tuple[int, int]


class _Desk:
    """One terminal with an editor on it."""

    def __init__(self, run: Run, opened: Opened) -> None:
        self.run = run
        self.opened = opened
        self.sitting: Sitting | None = _sitting(run, opened)
        self.last_output = 0.0
        self.changed = False
        """Whether something was put out since the last look."""
        self.alternate = False


class EditWatcher:
    """File edits of one session, over all its terminals."""

    def __init__(self) -> None:
        self._desks: dict[_Key, _Desk] = {}
        self._stopped: dict[_Key, _Desk] = {}

    def before(self, event: AnyEvent, terminal: Terminal | None) -> list[FileEdit]:
        """Look at a screen that has come to rest; ``terminal`` has not taken the event in yet."""
        if not self._desks or terminal is None or not isinstance(event, Input | Output):
            return []
        desk = self._desks.get((event.connection, event.channel))
        if desk is None or not desk.changed:
            return []
        pause = PAUSE if isinstance(event, Output) else PAUSE_BEFORE_KEY
        if event.t - desk.last_output < pause:
            return []
        return _look(desk, terminal)

    def after(
        self, event: AnyEvent, terminal: Terminal | None, runs: Iterable[Run]
    ) -> list[FileEdit]:
        """Take in an event that the terminal has taken in, and the commands that it changed."""
        found: list[FileEdit] = []
        if self._desks and isinstance(event, Input | Output):
            desk = self._desks.get((event.connection, event.channel))
            if desk is not None:
                found += _happened(desk, event, terminal)
        for run in runs:
            found += self._changed(run)
        return found

    def finish(self, runs: Iterable[Run]) -> list[FileEdit]:
        """Take in the commands that the end of the recording cut."""
        return [edit for run in runs for edit in self._changed(run)]

    def _changed(self, run: Run) -> list[FileEdit]:
        key = (run.command.connection, run.command.channel)
        desk = self._desks.get(key)
        if run.state == "started":
            return [] if desk and desk.run.command.id == run.command.id else self._began(key, run)
        found: list[FileEdit] = []
        if desk is not None and desk.run.command.id == run.command.id:
            del self._desks[key]
            sitting = desk.sitting
            if sitting is not None and sitting.stopped and run.state == "finished":
                self._stopped[key] = desk
                found += sitting.take()
            elif sitting is not None:
                found += sitting.end(run)
        return [*found, *edits_of(run)]

    def _began(self, key: _Key, run: Run) -> list[FileEdit]:
        if run.simple and run.simple[0].program == "fg" and key in self._stopped:
            desk = self._stopped.pop(key)
            desk.run = run
            self._desks[key] = desk
            return []
        opened = opened_by(run)
        if opened is None:
            return []
        self._desks[key] = _Desk(run, opened)
        return []


def _sitting(run: Run, opened: Opened) -> Sitting | None:
    match opened.kind:
        case "nano":
            return Nano(run, opened)
        case "vim":
            return Vim(run, opened)
        case "unknown":
            return None


def _happened(desk: _Desk, event: Input | Output, terminal: Terminal | None) -> list[FileEdit]:
    if isinstance(event, Input):
        if desk.sitting is not None and not event.masked:
            desk.sitting.type(event.data)
        return []
    desk.last_output, desk.changed = event.t, True
    if terminal is None or desk.sitting is None:
        return []
    left = desk.alternate and not terminal.alternate
    desk.alternate = terminal.alternate
    if left and desk.sitting.seen:
        desk.sitting.answer(take(terminal, hidden=True), event.t, left=True)
    elif desk.sitting.waiting and terminal.alternate:
        desk.sitting.answer(take(terminal), event.t)
    return desk.sitting.take()


def _look(desk: _Desk, terminal: Terminal) -> list[FileEdit]:
    desk.changed = False
    picture = take(terminal)
    if desk.sitting is None:
        nano = Nano(desk.run, desk.opened)
        nano.look(picture, desk.last_output)
        if nano.seen:
            desk.sitting = nano
        elif terminal.alternate:
            desk.sitting = Vim(desk.run, desk.opened)
    if desk.sitting is None:
        return []
    desk.alternate = terminal.alternate
    desk.sitting.look(picture, desk.last_output)
    return desk.sitting.take()
