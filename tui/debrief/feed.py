"""Where the screen gets a debrief from, and where it puts what is said; called in threads only.

Nothing is drawn here.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from recorder.cards.book import Book
from recorder.cards.debriefing import Entering
from recorder.errors import UsageError
from tui.debrief.meeting import Meeting, Stamp, read_meeting, stamp_of
from tui.debrief.minutes import minutes
from tui.debrief.saying import change_mind, open_debrief, say, withdraw
from tui.export.places import write_new


class DebriefFeed(Protocol):
    """One debrief as one person sees it and speaks in it.

    Every method may wait for the store, and raises JumpseatError where that is lost or refuses.
    """

    @property
    def replayable(self) -> bool:
        """Whether the recording is here."""

    @property
    def writes_files(self) -> bool:
        """Whether minutes can be put in a file from here."""

    def stamp(self) -> Stamp:
        """Return what is another one when there is something to read."""

    def read(self) -> Meeting:
        """Return the debrief as it is now."""

    def open(self, *, early: bool) -> None:
        """Open all cards."""

    def say(self, entering: Entering) -> None:
        """Keep what is said."""

    def withdraw(self, number: int) -> None:
        """Take back the entry of a number."""

    def change(self, matter: str, level: int, why: str) -> None:
        """Change the viewer's mind about a matter."""

    def write_minutes(self, name: str) -> None:
        """Write the minutes into a new file."""


@dataclass(slots=True, kw_only=True)
class StoredDebrief:
    """The real one.

    Attributes:
        book: The session's cards.
        viewer: Who sits here.
        replayable: The recording is here.
        writes_files: Not over SSH: a seat there leaves nothing on the host.
        note: Notes in the trace that cards are about to be seen, and where: ``screen`` once, and
            ``minutes``; raises JumpseatError where that cannot be noted, and they stay unseen.

    """

    book: Book
    viewer: str
    replayable: bool
    writes_files: bool
    note: Callable[[str], None]
    _is_noted: bool = field(default=False, init=False)

    def stamp(self) -> Stamp:
        """Ask the store, cheaply."""
        return stamp_of(self.book)

    def read(self) -> Meeting:
        """Read it, as the viewer may see it."""
        meeting = read_meeting(self.book, self.viewer)
        if meeting.table is not None and not self._is_noted:
            self.note("screen")
            self._is_noted = True
        return meeting

    def open(self, *, early: bool) -> None:
        """Open all cards in the viewer's name."""
        open_debrief(self.book, self.viewer, early=early)

    def say(self, entering: Entering) -> None:
        """Keep it in the viewer's name."""
        say(self.book, entering, self.viewer)

    def withdraw(self, number: int) -> None:
        """Take it back in the viewer's name."""
        withdraw(self.book, number, self.viewer)

    def change(self, matter: str, level: int, why: str) -> None:
        """Change the viewer's own card."""
        change_mind(self.book, self.viewer, matter, level, why)

    def write_minutes(self, name: str) -> None:
        """Write them as the viewer may see them.

        Raises:
            UsageError: There is no name, something of it exists, or the debrief is not open.
            RecordingError: It cannot be written.

        """
        if not name.strip() or not self.writes_files:
            raise UsageError("the minutes need a file's name", "type one")
        text = minutes(self.read())
        path = Path(name.strip())
        # A home directory of nobody stays as it was written.
        with suppress(RuntimeError):
            path = path.expanduser()
        if os.path.lexists(path):
            raise UsageError(f"{path} is already there", "name another file")
        self.note("minutes")
        write_new(path, [text.encode("utf-8", "replace")])
