"""What a replay begins with, read ahead by a child: how the session stands, and its first lists.

Whoever looks at them is noted before they are shown, as by the feed. A child never analyses, never
changes a store and says nothing: what it is not sure of is left to the feed, which reads everything
anyway and is the one that says what is wrong. Cheap to import, as it comes before the screen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from tui.seat.ahead import Ahead
    from tui.seat.feed import Beginning, Findings
    from tui.seat.traced import Look

_PATIENCE = 1.0
"""Seconds that the beginning is waited for, after the child's start: it takes a third of that."""

_LISTS_PATIENCE = 3.0
"""Seconds that the lists are waited for, likewise: a store that is locked is the feed's."""


class ReadAhead:
    """What a child reads of one session; a `tui.seat.feed.Start`.

    Attributes:
        is_shown: Lists were given away, and what is read next has to be sure.
        session: The directory of the session that was begun with, None where none was.

    """

    def __init__(self, child: Ahead) -> None:
        self._child = child
        self._look: Look | None = None
        self._is_begun = self._is_listed = False
        self.is_shown = False
        self.session: Path | None = None

    def beginning(self) -> Beginning | None:
        """Return how the session stands and its first screen, once whoever looks is noted."""
        self._is_begun = True
        beginning: Beginning | None = self._child.take(_PATIENCE)  # the child's first part
        if beginning is None:
            return None
        self.session = beginning.directory
        self.look_at(beginning.directory).begin(beginning.overview.session, live=False)
        return beginning

    def findings(self) -> Findings | None:
        """Return the lists of the session that was begun with; once, None from then on."""
        return None if self.session is None else self.findings_of(self.session)

    def findings_of(self, directory: Path) -> Findings | None:
        """Return the lists of the session in a directory; None where those of another were read."""
        if self._is_listed:
            return None
        self._is_listed = True
        if not self._is_begun:
            self._child.take(_PATIENCE)
        found: tuple[Path, Findings] | None = self._child.take(_LISTS_PATIENCE)  # its second
        self._child.close()
        if found is None or found[0] != directory:
            return None
        self.is_shown = True
        return replace(found[1], untraced=self.look_at(directory).trouble)

    def look_at(self, directory: Path) -> Look:
        """Return the one look that is taken here, for the trace, whoever asks first."""
        if self._look is None:
            from tui.seat.traced import Look  # noqa: PLC0415 - what comes before the screen is cheap

            self._look = Look(directory, stored=True)
        return self._look

    def close(self) -> None:
        """End the child; whoever waits for it goes on with nothing."""
        self._child.close()


def read_lists(directory: Path, engine: Engine) -> tuple[Path, Findings] | None:
    """Return the lists of a session and which it is; None where only the feed can say.

    Raises:
        StoreError: The store cannot be read.

    """
    from tui.seat.recorded_findings import stored_findings  # noqa: PLC0415 - what takes long

    # Of a session in the store: its directory is called as it is.
    found = stored_findings(directory, directory.name, engine)
    return None if found is None else (directory, found)


def read_beginning(directory: Path, *, at_end: bool) -> Beginning | None:
    """Return the beginning of a session that has ended; None where only the feed can say.

    That is of a live one, which goes on, and of a long one without an index, which takes seconds.

    Args:
        directory: Its recording's.
        at_end: Its replay begins at its end.

    Raises:
        RecordingError: It cannot be read.

    """
    from recorder.recording.reader import is_locked  # noqa: PLC0415 - what takes long
    from tui.seat.feed import Beginning  # noqa: PLC0415
    from tui.seat.recording_feed import RecordingFeed, is_long  # noqa: PLC0415
    from tui.seat.transport import first_position  # noqa: PLC0415

    if is_locked(directory) or (is_long(directory) and not _has_index(directory)):
        return None
    feed = RecordingFeed(directory, None)
    overview = feed.open()
    if overview.live or overview.session != directory.name:
        return None
    opened = (each.opened for each in overview.terminals)
    t = overview.duration if at_end else first_position(opened)
    return Beginning(directory=directory, overview=overview, picture=feed.picture(t, None))


def _has_index(directory: Path) -> bool:
    """Whether there is an index of it that can be used."""
    from analyzer.index.build import index_path  # noqa: PLC0415 - what takes long
    from analyzer.index.file import UnusableIndexError  # noqa: PLC0415
    from analyzer.index.reader import IndexReader  # noqa: PLC0415

    path = index_path(directory)
    if path is None:
        return False
    try:
        IndexReader(directory, path).close()
    except UnusableIndexError:
        return False
    return True
