"""Watches a session for file edits: gives editors their screens and keys, and commands their end.

Call `before` with each event before the detector gets it, `after` when it has. A screen is looked
at only while an editor runs, when it has come to rest: before the next key, or when output pauses.
Cost per event does not grow with the session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from analyzer.commands.panes.layout import Rect
from analyzer.commands.run import Run
from analyzer.edits.command_lines import edits_of
from analyzer.edits.nano import Nano
from analyzer.edits.opened import Opened, opened_by
from analyzer.edits.other import Other
from analyzer.edits.picture import Picture, Region, take
from analyzer.edits.record import FileEdit
from analyzer.edits.sitting import Sitting
from analyzer.edits.vim import Vim
from analyzer.records import Command
from analyzer.terminal import Terminal
from recorder.recording.events import AnyEvent, Input, Output

PAUSE = 0.03
"""Seconds without output after which a screen has come to rest."""

PAUSE_BEFORE_KEY = 0.008
"""The same where a key comes next: somebody has seen the screen and acted on it."""

DESKS_MOST = 16
"""Editors on one terminal, in its panes, that are watched at once."""

_Key = tuple[int, int]
_PaneOf = Callable[[Command], tuple[bool, Rect | None]]


class _Desk:
    """One editor and the part of a terminal that it has."""

    def __init__(self, run: Run, opened: Opened, pane_of: _PaneOf) -> None:
        self.run = run
        self.opened = opened
        self.sitting = _sitting(run, opened)
        self._pane_of = pane_of
        self._last_output = run.t
        self._changed = True
        """Whether something was put out since the last look, as with the line's own echo."""
        self._alternate = False

    def before(self, event: Input | Output, terminal: Terminal) -> None:
        """Look, if the screen has come to rest."""
        pause = PAUSE if isinstance(event, Output) else PAUSE_BEFORE_KEY
        if self._changed and event.t - self._last_output >= pause:
            picture = self._picture(terminal)
            if picture is not None:
                self._changed = False
                self._look(picture)
                self._alternate = terminal.alternate

    def after(self, event: Input | Output, terminal: Terminal | None) -> None:
        """Take in keys, or what was drawn."""
        sitting = self.sitting
        if isinstance(event, Output):
            self._last_output, self._changed = event.t, True
            if terminal is not None and sitting is not None:
                self._answer(sitting, terminal, event.t)
        elif sitting is not None and not event.masked and self._has_keys():
            sitting.type(event.data)

    def _look(self, picture: Picture) -> None:
        if self.sitting is None:
            nano = Nano(self.run, self.opened)
            nano.look(picture, self._last_output)
            if nano.seen or picture.alternate:
                self.sitting = nano if nano.seen else Vim(self.run, self.opened)
        if self.sitting is not None:
            self.sitting.look(picture, self._last_output)

    def _answer(self, sitting: Sitting, terminal: Terminal, t: float) -> None:
        left = self._alternate and not terminal.alternate
        self._alternate = terminal.alternate
        if left and sitting.seen:
            sitting.answer(take(terminal, hidden=True), t, left=True)
        elif sitting.waiting and terminal.alternate and (picture := self._picture(terminal)):
            sitting.answer(picture, t)

    def _picture(self, terminal: Terminal) -> Picture | None:
        """Return what the editor shows, None where its pane cannot be seen or has no cursor."""
        paned, rect = self._pane_of(self.run.command)
        if not paned:
            return take(terminal)
        if rect is None:
            return None
        return take(terminal, Region(rect.top, rect.left, rect.height, rect.width))

    def _has_keys(self) -> bool:
        paned, rect = self._pane_of(self.run.command)
        return rect is not None or not paned


class EditWatcher:
    """File edits of one session, over all its terminals.

    ``pane_of`` tells of a command whether it runs in a pane, and where that is while it has the
    cursor.
    """

    def __init__(self, pane_of: _PaneOf) -> None:
        self._pane_of = pane_of
        self._desks: dict[_Key, dict[str, _Desk]] = {}
        self._stopped: dict[_Key, _Desk] = {}

    @property
    def watches(self) -> bool:
        """Whether an editor may run; while none does, only commands need to be told."""
        return bool(self._desks)

    def before(self, event: AnyEvent, terminal: Terminal | None) -> list[FileEdit]:
        """Look at a screen that has come to rest; ``terminal`` has not taken the event in yet."""
        if not self._desks or terminal is None or not isinstance(event, Input | Output):
            return []
        found: list[FileEdit] = []
        for desk in self._at(event):
            desk.before(event, terminal)
            found += _taken(desk)
        return found

    def after(
        self, event: AnyEvent, terminal: Terminal | None, runs: Iterable[Run]
    ) -> list[FileEdit]:
        """Take in an event that the terminal has taken in, and the commands that it changed."""
        found: list[FileEdit] = []
        if self._desks and isinstance(event, Input | Output):
            for desk in self._at(event):
                desk.after(event, terminal)
                found += _taken(desk)
        for run in runs:
            found += self._changed(run)
        return found

    def finish(self, runs: Iterable[Run]) -> list[FileEdit]:
        """Take in the commands that the end of the recording cut."""
        return [edit for run in runs for edit in self._changed(run)]

    def _at(self, event: Input | Output) -> list[_Desk]:
        return list(self._desks.get((event.connection, event.channel), {}).values())

    def _changed(self, run: Run) -> list[FileEdit]:
        key = (run.command.connection, run.command.channel)
        desks = self._desks.get(key, {})
        if run.state == "started":
            if run.command.id not in desks:
                self._began(key, run)
            return []
        desk = desks.pop(run.command.id, None)
        if not desks:
            self._desks.pop(key, None)
        found = self._ended(key, desk, run) if desk is not None else []
        return [*found, *edits_of(run)]

    def _began(self, key: _Key, run: Run) -> None:
        if run.simple and run.simple[0].program == "fg" and key in self._stopped:
            desk = self._stopped.pop(key)
            desk.run = run
        elif opened := opened_by(run):
            desk = _Desk(run, opened, self._pane_of)
        else:
            return
        desks = self._desks.setdefault(key, {})
        desks[run.command.id] = desk
        if len(desks) > DESKS_MOST:
            desks.pop(next(iter(desks)))

    def _ended(self, key: _Key, desk: _Desk, run: Run) -> list[FileEdit]:
        if desk.sitting is None:
            return []
        if desk.sitting.stopped and run.state == "finished":
            self._stopped[key] = desk
            return desk.sitting.take()
        return desk.sitting.end(run)


def _taken(desk: _Desk) -> list[FileEdit]:
    return desk.sitting.take() if desk.sitting is not None else []


def _sitting(run: Run, opened: Opened) -> Sitting | None:
    match opened.kind:
        case "nano":
            return Nano(run, opened)
        case "vim":
            return Vim(run, opened)
        case "other":
            return Other(run, opened)
        case "unknown":
            return None
