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
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from recorder.errors import RecordingError, SessionNotFoundError
from recorder.recording.cast import (
    MASK,
    CastDecoder,
    CastEvent,
    CastHeader,
    decode_exact,
    decode_header,
    parse_size,
)
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

_READ_SIZE = 1 << 17
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()
_MASKED = MASK.encode()
_DIGITS_MOST = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an event stands: file name and byte offset of its line. Stays the same for ever."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event has; ``t`` is seconds since the session's start."""

    t: float
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged(Event):
    """A line of the journal."""

    entry: JournalEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal(Event):
    """What every event of a terminal channel has."""

    connection: int
    channel: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Output(Terminal):
    """Bytes that the target sent to the terminal, exactly."""

    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Input(Terminal):
    """What the candidate sent; ``masked`` counts the characters that were hidden in it."""

    data: bytes
    masked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Resized(Terminal):
    """The terminal changed its size, in cells."""

    columns: int
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exited(Terminal):
    """The shell or program on the channel ended; status as a string, as asciicast has it."""

    status: str


AnyEvent = Logged | Output | Input | Resized | Exited


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that could not be read, and where."""

    place: Place
    words: str


class _Lines:
    """Complete lines of a file that may still grow, with their offsets."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.offset = 0
        self._file = path.open("rb")
        self._ready: deque[bytes] = deque()
        self._rest: list[bytes] = []

    def next(self) -> tuple[int, bytes] | None:
        """Return the next line, None where there is no complete one now."""
        while not self._ready:
            block = self._file.read(_READ_SIZE)
            if not block:
                return None
            first, *others = block.split(b"\n")
            self._rest.append(first)
            if others:
                self._ready.append(b"".join(self._rest))
                self._rest = [others.pop()]
                self._ready.extend(others)
        line = self._ready.popleft()
        start = self.offset
        self.offset += len(line) + 1
        return start, line

    @property
    def torn(self) -> bool:
        return any(self._rest)

    def close(self) -> None:
        self._file.close()


class _CastFile:
    """Events of one terminal channel. An ``o`` or ``i`` waits for the ``b`` or ``s`` behind it."""

    def __init__(self, directory: Path, opened: ChannelOpened) -> None:
        self.opened = opened
        self.lines = _Lines(directory / str(opened.file))
        self.header: CastHeader | None = None
        self._first = True
        self._decoder = CastDecoder()
        self._pending: AnyEvent | None = None

    def next(self, problems: list[Problem], until: float | None) -> AnyEvent | None:
        """Return the next event, None where there is none now.

        ``until`` is the moment up to which everything was flushed, None where nothing more comes.
        """
        while (found := self.lines.next()) is not None:
            offset, line = found
            place = Place(file=self.lines.path.name, offset=offset)
            try:
                event = self._line(place, line)
            except RecordingError as error:
                problems.append(Problem(place, error.cause))
                continue
            if event is not None:
                return event
        return self._release() if self._may_release(until) else None

    def _may_release(self, until: float | None) -> bool:
        """Tell whether what belongs to the last event was seen, or none will come."""
        pending = self._pending
        if pending is None or until is None:
            return True
        if self.lines.torn:
            return False
        return not _may_be_continued(pending) or pending.t <= until

    def _line(self, place: Place, line: bytes) -> AnyEvent | None:
        """Take in one line; return the event that it completes, the one before it."""
        if self._first:
            self._first = False
            self.header = decode_header(line)
            return None
        cast = self._decoder.decode(line)
        if cast is None:
            return None
        pending = self._pending
        if cast.code == "b" and isinstance(pending, Output | Input):
            self._pending = replace(pending, data=decode_exact(cast.data))
            return self._release() if isinstance(pending, Output) else None
        if cast.code == "s" and isinstance(pending, Input):
            self._pending = replace(pending, masked=_count(cast.data))
            return self._release()
        event = self._event(place, cast)
        if event is None:
            return None
        released = self._release()
        self._pending = event
        return released

    def _release(self) -> AnyEvent | None:
        released, self._pending = self._pending, None
        return released

    def _event(self, place: Place, cast: CastEvent) -> AnyEvent | None:
        t = round(self.opened.t + cast.t, 6)
        connection, channel = self.opened.connection, self.opened.channel
        match cast.code:
            case "o":
                data = cast.data.encode("utf-8", "surrogatepass")
                return Output(t=t, place=place, connection=connection, channel=channel, data=data)
            case "i":
                data = cast.data.encode("utf-8", "surrogatepass")
                return Input(t=t, place=place, connection=connection, channel=channel, data=data)
            case "r":
                columns, lines = parse_size(cast.data)
                return Resized(
                    t=t,
                    place=place,
                    connection=connection,
                    channel=channel,
                    columns=columns,
                    lines=lines,
                )
            case "x":
                return Exited(
                    t=t, place=place, connection=connection, channel=channel, status=cast.data
                )
            case _:
                return None


def _may_be_continued(event: AnyEvent) -> bool:
    """Tell whether a ``b`` or ``s`` may follow: only shown replacements and masks have one."""
    match event:
        case Output(data=data):
            return _REPLACEMENT in data
        case Input(data=data):
            return _REPLACEMENT in data or _MASKED in data
        case _:
            return False


def _count(data: str) -> int:
    return int(data) if data.isdecimal() and len(data) <= _DIGITS_MOST else 0


class RecordingReader:
    """Reads one session's directory, once or again and again while it grows.

    Attributes:
        opened: The first line of the journal, once it was read.
        closed: The last line, once it was read.
        problems: What could not be read so far.
        late: An event was delivered after younger ones.

    """

    def __init__(self, directory: Path, *, abandoned: bool = False) -> None:
        """Open the recording.

        Args:
            directory: Where it lies.
            abandoned: It is known that its recorder is gone, whoever holds its lock.

        Raises:
            SessionNotFoundError: There is no recording in the directory.

        """
        self.directory = directory
        self._abandoned = abandoned
        self.opened: SessionOpened | None = None
        self.closed: SessionClosed | None = None
        self.problems: list[Problem] = []
        self.late = False
        try:
            self._journal = _Lines(directory / JOURNAL_NAME)
        except OSError as error:
            raise SessionNotFoundError(
                f"no recording in {directory} ({error.strerror})", "`jumpseat` lists what there is"
            ) from error
        self._casts: dict[str, _CastFile] = {}
        self._queued: dict[str, _CastFile] = {}
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

    def _advance(self, cast: _CastFile, flushed: float | None) -> None:
        """Queue a cast's next event, unless one of its events is queued."""
        name = cast.lines.path.name
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
            self._casts[name] = _CastFile(self.directory, entry)
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
        descriptor = os.open(directory / JOURNAL_NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
