"""A session's screens at any moment, forwards and backwards, live or finished.

A finished session with an index is opened without being read: times and keyframes come from the
index, and of the recording only what lies between a keyframe and the moment. Without an index, and
for what a live session has grown by since, the recording is read into memory: everything works, it
only costs more. Live is a recording that has not ended: `refresh` takes in what is new. Drawing and
what the screens mean do not belong here; nor does making an index.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from analyzer.activity import Times
from analyzer.cells import Frame
from analyzer.index.build import index_path
from analyzer.index.file import UnusableIndexError
from analyzer.index.past import Past
from analyzer.index.reader import IndexReader, StoredTerminal, session_opening
from analyzer.skim import SKIM_FROM, TAIL, tail_of
from analyzer.track import TerminalInfo, Track
from recorder.errors import RecordingError
from recorder.recording.events import AnyEvent, Exited, Input, Logged, Output, Resized
from recorder.recording.journal import (
    JOURNAL_NAME,
    ChannelClosed,
    ChannelOpened,
    SessionOpened,
)
from recorder.recording.reader import RecordingReader

__all__ = ["Playback", "TerminalInfo"]

_log = logging.getLogger(__name__)
_READ_AT_ONCE = 0.05
"""Seconds of reading in one `Playback.refresh` of a live session."""

_DRAW_AT_ONCE = 0.01
"""Seconds of reading, and as many of drawing, while there is more than can be drawn: the rest is
left to whoever uses the terminal that it is shown on."""

_PRESENT = 1.0
"""Seconds before now that count as now."""

_Answer = TypeVar("_Answer")


class Playback:
    """One recording's terminals, and their screens at any moment.

    Attributes:
        live: Whether the recording has not ended, as of the last `refresh`.
        indexed: Whether an index tells all of it, so that nothing is kept in memory.

    """

    def __init__(self, directory: Path, *, index: Path | None = None) -> None:
        """Open the recording in ``directory`` and take in what is there.

        Args:
            directory: Where it lies.
            index: Its index; by default the one in the home that the recording lies in.

        Raises:
            SessionNotFoundError: There is no recording in the directory.
            RecordingError: It has no readable beginning.

        """
        self._directory = directory
        self._path = index_path(directory) if index is None else index
        self._reader: RecordingReader | None = None
        self._index: IndexReader | None = None
        self._tracks: dict[tuple[int, int], Track] = {}
        self._files: dict[tuple[int, int], str] = {}
        self._opened: SessionOpened | None = None
        self._last = 0.0
        self.live = True
        self.indexed = False
        self._open_index()
        try:
            self._begin()
        except UnusableIndexError as error:
            self._do_without(error)
        if self.opened is None and not self.live:
            self.close()
            raise RecordingError(
                f"the recording in {directory} has no readable beginning",
                f"look at its first line in {directory / JOURNAL_NAME}",
            )

    def close(self) -> None:
        """Close the files."""
        for track in self._tracks.values():
            track.close()
        self._tracks = {}
        if self._reader is not None:
            self._reader.close()
        if self._index is not None:
            self._index.close()

    @property
    def opened(self) -> SessionOpened | None:
        """The session's first line; None while a live session has not written it."""
        return self._opened if self._reader is None else self._reader.opened

    @property
    def duration(self) -> float:
        """Seconds from the session's start to its last event, or to now while it is live."""
        now = self._reader.now() if self.live and self._reader is not None else None
        return self._last if now is None else max(self._last, now)

    @property
    def terminals(self) -> tuple[TerminalInfo, ...]:
        """The terminal channels, in the order in which they were opened."""
        return tuple(track.info for track in self._tracks.values())

    @property
    def bytes_read(self) -> int:
        """Bytes of terminal recordings that were read where an index told which."""
        pasts = [track.past for track in self._tracks.values()]
        return sum(past.bytes_read for past in pasts if past is not None)

    def refresh(self) -> bool:
        """Take in what is new; return whether anything changed. Costs nothing once it has ended."""
        if not self.live:
            return False
        return self._trying(self._poll)

    @property
    def holding(self) -> bool:
        """Whether `refresh` may tell more although no file has grown."""
        reader = self._reader
        return reader is not None and (reader.holding or any(map(self._is_behind, self._tracks)))

    def _is_behind(self, key: tuple[int, int]) -> bool:
        """Whether more output of a terminal waits than can be drawn at once."""
        reader, track = self._reader, self._tracks[key]
        if reader is None or not self.live:
            return False
        unread = reader.unread(self._files.get(key, ""))
        return unread + track.undrawn > SKIM_FROM

    def _newest(self, track: Track) -> Frame:
        """Return the newest screen of a terminal that is behind."""
        key = (track.info.connection, track.info.channel)
        name = self._files.get(key, "")
        unread = 0 if self._reader is None else self._reader.unread(name)
        return track.newest(tail_of(self._directory / name) if unread > TAIL else [], _DRAW_AT_ONCE)

    def active(self, t: float) -> TerminalInfo | None:
        """Return the terminal with the latest output or input up to ``t``, else the first one."""

        def look() -> TerminalInfo | None:
            track = self._active(t)
            return None if track is None else track.info

        return self._trying(look)

    def at(self, t: float, terminal: TerminalInfo | None = None) -> Frame | None:
        """Return the screen of a terminal, or of the active one, after all output up to ``t``.

        None where there is no terminal; before a terminal was opened, its empty screen.
        """

        def look() -> Frame | None:
            track = self._active(t) if terminal is None else self._track(terminal)
            if track is None:
                return None
            key = (track.info.connection, track.info.channel)
            if self.live and t >= self.duration - _PRESENT and self._is_behind(key):
                return self._newest(track)
            return track.at(t)

        return self._trying(look)

    def next_output(self, t: float, terminal: TerminalInfo | None = None) -> float | None:
        """Return when a terminal, or any of them, first had output after ``t``."""

        def look() -> float | None:
            found = (track.next_output(t) for track in self._chosen(terminal))
            return min((each for each in found if each is not None), default=None)

        return self._trying(look)

    def previous_output(self, t: float, terminal: TerminalInfo | None = None) -> float | None:
        """Return when a terminal, or any of them, last had output before ``t``."""

        def look() -> float | None:
            found = (track.previous_output(t) for track in self._chosen(terminal))
            return max((each for each in found if each is not None), default=None)

        return self._trying(look)

    def times(self) -> tuple[Times, ...]:
        """Return when each terminal's outputs and inputs came, in the order of `terminals`."""
        return self._trying(
            lambda: tuple(
                Times(track.times.outputs, track.times.inputs) for track in self._tracks.values()
            )
        )

    # Opening

    def _open_index(self) -> None:
        if self._path is None or not self._path.exists():
            return
        try:
            self._index = IndexReader(self._directory, self._path)
        except UnusableIndexError as error:
            self._warn(error)

    def _begin(self) -> None:
        """Take in what the index tells, and what it does not.

        Raises:
            UnusableIndexError: The index and the recording do not go together.

        """
        index = self._index
        if index is not None:
            self._last = index.last
            for stored in index.terminals:
                self._open_stored(index, stored)
            if index.complete:
                self._opened = session_opening(self._directory)
                self.live, self.indexed = False, True
                return
        resume = None if index is None else index.resume
        self._reader = RecordingReader(self._directory, resume=resume)
        self._poll()

    def _open_stored(self, index: IndexReader, stored: StoredTerminal) -> None:
        info = TerminalInfo(
            connection=stored.connection,
            channel=stored.channel,
            opened=stored.opened,
            closed=stored.closed,
            command=stored.command,
            user=stored.user,
        )
        self._files[stored.connection, stored.channel] = stored.file
        self._tracks[stored.connection, stored.channel] = Track(
            info, stored.columns, stored.lines, Past(self._directory, index, stored)
        )

    def _trying(self, ask: Callable[[], _Answer]) -> _Answer:
        """Ask, and ask again without the index if that turns out to be damaged."""
        try:
            return ask()
        except UnusableIndexError as error:
            self._do_without(error)
            return ask()

    def _do_without(self, error: UnusableIndexError) -> None:
        """Read the recording itself, from its beginning."""
        self._warn(error)
        self.close()
        self._index, self._reader = None, None
        self.live, self.indexed, self._last = True, False, 0.0
        self._begin()

    def _warn(self, error: UnusableIndexError) -> None:
        _log.warning("%s: its index is not used (%s)", self._directory.name, error)

    # Events that no index covers

    def _poll(self) -> bool:
        reader = self._reader
        if reader is None:
            return False
        live = reader.is_live
        changed = live != self.live
        # Not held back until the order between files is certain: each terminal has its own, and
        # whoever watches wants the key now.
        behind = any(map(self._is_behind, self._tracks))
        until = time.monotonic() + (_DRAW_AT_ONCE if behind else _READ_AT_ONCE)
        for event in reader.read():
            self._take(event)
            changed = True
            if live and time.monotonic() > until:
                # Output that floods in is never all read; `holding` tells that there is more.
                break
        self.live = live
        return changed

    def _take(self, event: AnyEvent) -> None:
        self._last = max(self._last, event.t)
        match event:
            case Logged(entry=ChannelOpened() as opened) if opened.pty is not None:
                self._open(opened)
            case Logged(entry=ChannelClosed() as closed):
                track = self._tracks.get((closed.connection, closed.channel))
                if track is not None:
                    track.info = replace(track.info, closed=closed.t)
            case Logged() | Exited():
                pass
            case Output() | Input() | Resized():
                track = self._tracks.get((event.connection, event.channel))
                if track is not None:
                    track.take(event)

    def _open(self, opened: ChannelOpened) -> None:
        if opened.pty is None:
            return
        key = (opened.connection, opened.channel)
        known = self._tracks.get(key)
        if known is not None and known.past is not None:
            if known.info.opened != opened.t or known.past.terminal.file != opened.file:
                raise UnusableIndexError("the journal opens another terminal")
            return
        info = TerminalInfo(
            connection=opened.connection,
            channel=opened.channel,
            opened=opened.t,
            closed=None,
            command=opened.command,
            user=opened.user,
        )
        self._files[key] = str(opened.file)
        self._tracks[key] = Track(info, opened.pty.columns, opened.pty.lines)

    # Terminals

    def _track(self, terminal: TerminalInfo) -> Track | None:
        return self._tracks.get((terminal.connection, terminal.channel))

    def _chosen(self, terminal: TerminalInfo | None) -> Iterable[Track]:
        if terminal is None:
            return self._tracks.values()
        track = self._track(terminal)
        return () if track is None else (track,)

    def _active(self, t: float) -> Track | None:
        latest, found = -1.0, next(iter(self._tracks.values()), None)
        for track in self._tracks.values():
            touched = track.touched(t)
            if touched is not None and touched >= latest:
                latest, found = touched, track
        return found
