"""Reads one file of a recording, line by line, while it may still grow.

`CastFile` turns an asciicast's lines into events of the session's time, and joins the lines that
make one event. The order between files is `recorder.recording.reader`'s.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path

from recorder.errors import RecordingError
from recorder.recording.cast import (
    MASK,
    CastDecoder,
    CastEvent,
    CastHeader,
    decode_exact,
    decode_header,
    parse_size,
)
from recorder.recording.events import AnyEvent, Exited, Input, Output, Place, Problem, Resized
from recorder.recording.journal import ChannelOpened

_READ_SIZE = 1 << 17
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()
_MASKED = MASK.encode()
_DIGITS_MOST = 9


class Lines:
    """Complete lines of a file that may still grow, with their offsets."""

    def __init__(self, path: Path, offset: int = 0) -> None:
        """Open the file; reading begins at ``offset`` bytes, where a line has to begin."""
        self.path = path
        self.name = path.name
        self.offset = offset
        self._file = path.open("rb")
        self._file.seek(offset)
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
        """Whether the file ends within a line."""
        return any(self._rest)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Where to begin in a cast: at an event's line, which came ``t`` seconds after its start."""

    offset: int
    t: float


class CastFile:
    """Events of one terminal channel. An ``o`` or ``i`` waits for the ``b`` or ``s`` behind it."""

    def __init__(
        self, directory: Path, opened: ChannelOpened, resume: Resume | None = None
    ) -> None:
        """Open the cast; with ``resume`` only what begins there is read, and no header."""
        self.opened = opened
        self.lines = Lines(directory / str(opened.file), 0 if resume is None else resume.offset)
        self.header: CastHeader | None = None
        self._first = resume is None
        self._decoder = CastDecoder(None if resume is None else resume.t)
        self._pending: AnyEvent | None = None

    def next(self, problems: list[Problem], until: float | None) -> AnyEvent | None:
        """Return the next event, None where there is none now.

        ``until`` is the moment up to which everything was flushed, None where nothing more comes.
        """
        while (found := self.lines.next()) is not None:
            offset, line = found
            place = Place(file=self.lines.name, offset=offset)
            try:
                event = self._line(place, line)
            except RecordingError as error:
                problems.append(Problem(place, error.cause))
                continue
            if event is not None:
                return event
        return self._release() if self._may_release(until) else None

    @property
    def holding(self) -> bool:
        """Whether an event waits for what may belong to it."""
        return self._pending is not None

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
