"""The one reader: live, replay, analysis and tests all take a session's events from here.

It merges the journal and the casts into one stream ordered by (t, file, offset), drops a torn last
line, and follows files that still grow. It tells nothing about meaning, and never writes.

A recorder flushes all files within 100 ms. While a recording is live, the reader therefore holds
back what is younger than that, so that the order live is the order later; an event that comes later
still is delivered, and `late` is set, so that whoever depends on the order can start again.
"""

from __future__ import annotations

import fcntl
import heapq
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from recorder.errors import RecordingError, SessionNotFoundError
from recorder.recording.cast_file import CastFile, Lines, Resume
from recorder.recording.events import AnyEvent, Logged, Place, Problem
from recorder.recording.journal import (
    JOURNAL_NAME,
    ChannelOpened,
    JournalEntry,
    SessionClosed,
    SessionOpened,
    decode_entry,
)

HOLD_BACK = 0.15
"""Seconds that a live reader waits for the slowest flush."""


class RecordingReader:
    """Reads one session's directory, once or again and again while it grows.

    Attributes:
        opened: The first line of the journal, once it was read.
        closed: The last line, once it was read.
        problems: What could not be read so far.
        late: An event was delivered after younger ones.

    """

    def __init__(
        self,
        directory: Path,
        *,
        abandoned: bool = False,
        resume: Mapping[str, Resume] | None = None,
    ) -> None:
        """Open the recording.

        Args:
            directory: Where it lies.
            abandoned: It is known that its recorder is gone, whoever holds its lock.
            resume: Casts by file name of which only what comes later is wanted.

        Raises:
            SessionNotFoundError: There is no recording in the directory.

        """
        self.directory = directory
        self._abandoned = abandoned
        self._resume = resume or {}
        self.opened: SessionOpened | None = None
        self.closed: SessionClosed | None = None
        self.problems: list[Problem] = []
        self.late = False
        try:
            self._journal = Lines(directory / JOURNAL_NAME)
        except OSError as error:
            raise SessionNotFoundError(
                f"no recording in {directory} ({error.strerror})", "`jumpseat` lists what there is"
            ) from error
        self._casts: dict[str, CastFile] = {}
        self._queued: dict[str, CastFile] = {}
        self._heap: list[tuple[float, str, int, AnyEvent]] = []
        self._delivered: tuple[float, str, int] = (-1.0, "", -1)

    def close(self) -> None:
        """Close the files."""
        self._journal.close()
        for cast in self._casts.values():
            cast.lines.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def covered(self) -> dict[str, int]:
        """Bytes read of each file, up to its last complete line."""
        lines = [self._journal, *(cast.lines for cast in self._casts.values())]
        return {each.path.name: each.offset for each in lines}

    def read(self) -> Iterator[AnyEvent]:
        """Yield everything that is on disk and was not yielded before, in order.

        Reads as it yields, so that a long recording needs little memory. A torn last line is left
        out and named in `problems` if the recorder is gone.
        """
        yield from self._merge(self._flushed(), None)

    def poll(self) -> Iterator[AnyEvent]:
        """Yield what is new and old enough to be in order; call it again while `is_live`."""
        flushed = self._flushed()
        yield from self._merge(flushed, flushed)

    @property
    def pending(self) -> bool:
        """Whether events wait to be old enough."""
        return bool(self._heap)

    @property
    def holding(self) -> bool:
        """Whether an event that was read waits for what may belong to it, or for its turn."""
        return bool(self._heap) or any(cast.holding for cast in self._casts.values())

    def unread(self, name: str) -> int:
        """Return how many bytes of a file were not read, 0 where it is not there."""
        cast = self._casts.get(name)
        try:
            return 0 if cast is None else cast.lines.path.stat().st_size - cast.lines.offset
        except OSError:
            return 0

    def now(self) -> float | None:
        """Return the session's present moment in seconds, None where it is not live."""
        if not self.is_live or self.opened is None:
            return None
        return time.monotonic() - self.opened.monotonic

    @property
    def is_live(self) -> bool:
        """Whether its recorder still runs and has not closed it."""
        return self.closed is None and not self._abandoned and is_locked(self.directory)

    def _flushed(self) -> float | None:
        """Return the moment up to which all is on disk, None where nothing more will come."""
        if self.opened is None:
            self._load_journal()
        # In this order: a recorder that ends in between has its last lines read as if it had not.
        now = self.now()
        if not self.is_live:
            return None
        return -1.0 if now is None else now - HOLD_BACK

    def _merge(self, flushed: float | None, until: float | None) -> Iterator[AnyEvent]:
        """Yield in order, up to the moment ``until``; one event a cast is in memory at a time."""
        self._load_journal()
        for cast in self._casts.values():
            self._advance(cast, flushed)
        while self._heap and (until is None or self._heap[0][0] <= until):
            t, file, offset, event = heapq.heappop(self._heap)
            source = self._queued.pop(file, None)
            order = (t, file, offset)
            if order < self._delivered:
                self.late = True
            else:
                self._delivered = order
            yield event
            if source is not None:
                self._advance(source, flushed)
        if flushed is None:
            self._note_torn_lines()

    def _advance(self, cast: CastFile, flushed: float | None) -> None:
        """Queue a cast's next event, unless one of its events is queued."""
        name = cast.lines.name
        if name in self._queued:
            return
        event = cast.next(self.problems, flushed)
        if event is not None:
            self._queued[name] = cast
            self._push(event)

    def _load_journal(self) -> None:
        while (found := self._journal.next()) is not None:
            offset, line = found
            place = Place(file=JOURNAL_NAME, offset=offset)
            try:
                entry = decode_entry(line)
            except RecordingError as error:
                self.problems.append(Problem(place, error.cause))
                continue
            if entry is not None:
                self._note(entry)
                self._push(Logged(t=entry.t, place=place, entry=entry))

    def _note(self, entry: JournalEntry) -> None:
        match entry:
            case SessionOpened():
                self.opened = entry
            case SessionClosed():
                self.closed = entry
            case ChannelOpened(file=str(name)) if name not in self._casts:
                if _is_cast_name(name):
                    self._open_cast(name, entry)
            case _:
                pass

    def _open_cast(self, name: str, entry: ChannelOpened) -> None:
        try:
            self._casts[name] = CastFile(self.directory, entry, self._resume.get(name))
        except OSError as error:
            place = Place(file=name, offset=0)
            self.problems.append(Problem(place, f"cannot be opened ({error.strerror})"))

    def _push(self, event: AnyEvent) -> None:
        heapq.heappush(self._heap, (event.t, event.place.file, event.place.offset, event))

    def _note_torn_lines(self) -> None:
        for lines in (self._journal, *(cast.lines for cast in self._casts.values())):
            place = Place(file=lines.path.name, offset=lines.offset)
            if lines.torn and not any(problem.place == place for problem in self.problems):
                self.problems.append(Problem(place, "torn last line dropped"))


def _is_cast_name(name: str) -> bool:
    """Tell whether it is a name in the directory, not a path that leads out of it."""
    return Path(name).name == name and "\0" not in name and name not in {JOURNAL_NAME, "", ".."}


def is_locked(directory: Path) -> bool:
    """Return whether a recorder holds the recording in ``directory``."""
    try:
        # Somebody may have put a FIFO there, which would wait for a writer.
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
        descriptor = os.open(directory / JOURNAL_NAME, flags)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
