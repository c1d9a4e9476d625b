"""One editor from its start to its end: what it showed, what it was told, what it wrote.

`Nano` and `Vim` say how their screens read; a sitting collects the changes they show and makes
file edits of them. Only `analyzer.edits.watcher` makes sittings.
"""

from __future__ import annotations

import posixpath
import re
from abc import ABC, abstractmethod
from dataclasses import replace

from analyzer.commands.run import Run
from analyzer.directories import path
from analyzer.edits.changes import Changes, Hints
from analyzer.edits.opened import Opened
from analyzer.edits.picture import Picture
from analyzer.edits.record import FileEdit, Saved
from analyzer.edits.sections import idle_lines
from analyzer.edits.typed import KeyLog

MOST_FILES = 16
"""Files of one sitting whose changes are told apart."""

_NOT_TAKEN = re.compile(
    r"^(?:sudoedit|sudo): .* (?:unchanged|left unmodified)$|^visudo: .* unchanged$"
    r"|No modification made|^Editing .* cancell?ed|^What now\?|^crontab: .*not installed"
    r"|^(?:vipw|vigr): .* unchanged"
)


class Sitting(ABC):
    """What all editors have in common."""

    def __init__(self, run: Run, opened: Opened) -> None:
        self.run = run
        self.opened = opened
        self.path = opened.paths[0] if opened.paths else ""
        self.seen = False
        """Whether the editor's own screen was ever seen."""
        self.waiting = False
        """Whether it was told to write and has not answered."""
        self.stopped = False
        """Whether it was stopped with Ctrl-Z and may come back."""
        self.keys = KeyLog()
        self.hints = Hints()
        self._files: dict[str, Changes] = {}
        self._number = 1
        self._out: list[FileEdit] = []
        self._held: list[FileEdit] = []

    # What the watcher calls

    @abstractmethod
    def look(self, picture: Picture, t: float) -> None:
        """Take in a screen that has come to rest; ``t`` is when it was drawn."""

    @abstractmethod
    def answer(self, picture: Picture, t: float, *, left: bool = False) -> None:
        """Look for the answer to a command to write, on a screen that may still be drawn.

        With ``left`` it is the alternate screen as it was when it was left.
        """

    @abstractmethod
    def type(self, data: bytes) -> None:
        """Take in keys."""

    @abstractmethod
    def _end(self, run: Run) -> None:
        """Conclude from what was seen how the editor was left."""

    def take(self) -> list[FileEdit]:
        """Return what was not taken yet."""
        taken, self._out = self._out, []
        return taken

    def end(self, run: Run) -> list[FileEdit]:
        """Take in the command's end; return what was not taken yet."""
        if self.seen:
            self._end(run)
        refused = any(_NOT_TAKEN.search(line) for line in run.output)
        for edit in self._held:
            self._out.append(replace(edit, saved="no") if refused and edit.saved == "yes" else edit)
        self._held = []
        return self.take()

    # What the editors use

    @property
    def changes(self) -> Changes:
        """The changes of the file that is shown."""
        found = self._files.get(self.path)
        if found is None:
            if len(self._files) >= MOST_FILES:
                self._files.pop(next(iter(self._files)))
            found = self._files[self.path] = Changes(idle_lines(self.path))
        return found

    def show(self, name: str) -> None:
        """Note the name of the file that the editor shows, unless it is a copy of another."""
        if self.opened.copy or not name or self.is_same(name):
            return
        known = next((each for each in self.opened.paths if _same(name, each)), None)
        self.changes.forget_look()
        self.path = known or path(name, self.opened.here)

    def is_same(self, name: str) -> bool:
        """Whether a name, perhaps cut at its start, is that of the file that is shown."""
        return _same(name, self.path)

    def take_hints(self) -> Hints:
        """Return what the keys said since the look before."""
        self.hints.pasted = self.keys.take_pasted()
        taken, self.hints = self.hints, Hints()
        return taken

    def tell(
        self, saved: Saved, t: float, *, name: str | None = None, confidence: float = 1.0
    ) -> None:
        """Make a file edit of the changes since the last one that was written."""
        changes = self.changes
        where = self.path
        if name and not self.opened.copy and not self.is_same(name):
            where = path(name, self.opened.here)
        command = self.run.command
        sure = confidence * command.confidence * (1.0 if changes.complete else 0.8)
        edit = FileEdit(
            id=f"{command.id}-w{self._number:03d}",
            command=command.id,
            connection=command.connection,
            channel=command.channel,
            t=t,
            path=where,
            via="editor",
            saved=saved,
            added=changes.added,
            removed=changes.removed,
            idle=changes.idle,
            complete=changes.complete,
            confidence=round(sure, 3),
        )
        (self._held if self.opened.copy else self._out).append(edit)
        if saved == "yes":
            self._number += 1
            changes.restart()


def _same(name: str, known: str) -> bool:
    """Whether a name as an editor shows it may be the path's; it may be cut at its start."""
    if not known:
        return False
    bare = posixpath.normpath(name.lstrip("<").removeprefix("..."))
    cut = name.startswith(("<", "..."))
    if cut:
        return known.endswith(bare)
    return known == bare or known.endswith(f"/{bare.removeprefix('~/')}")
