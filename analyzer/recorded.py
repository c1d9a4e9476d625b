"""The terminals of one recording, each to be read by itself: for copies in other formats.

Where `recorder.recording.reader` merges all that happened, a copy of one terminal needs that
terminal's file only, from its first line to its last, and how far it has come. Formats, screens and
words for a person do not belong here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from recorder.errors import RecordingError, SessionNotFoundError
from recorder.recording.cast_file import CastFile, Lines
from recorder.recording.events import AnyEvent, Place, Problem
from recorder.recording.journal import JOURNAL_NAME, ChannelOpened, SessionOpened, decode_entry

_CAST_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,99}\.cast", re.ASCII)
"""A plain name: a journal that was tampered with must not lead out of its directory."""

Advance = Callable[[int], None]
"""Told how many more bytes of the file were read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedTerminal:
    """One terminal channel whose file is there."""

    directory: Path
    opened: ChannelOpened

    @property
    def name(self) -> str:
        """Return what it is called everywhere: ``c1-2``."""
        return f"c{self.opened.connection}-{self.opened.channel}"

    @property
    def path(self) -> Path:
        """Return its asciicast."""
        return self.directory / str(self.opened.file)

    @property
    def size(self) -> int:
        """Return the bytes of its file, for now where it grows; 0 where there is none."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def events(self, problems: list[Problem], advance: Advance) -> Iterator[AnyEvent]:
        """Yield its events with times since the session's start; add what cannot be read.

        Raises:
            RecordingError: The file cannot be opened or read.

        """
        try:
            cast = CastFile(self.directory, self.opened)
        except OSError as error:
            raise _unreadable(self.path, error) from error
        try:
            read = 0
            while (event := cast.next(problems, None)) is not None:
                advance(cast.lines.offset - read)
                read = cast.lines.offset
                yield event
            if cast.lines.torn:
                place = Place(file=self.path.name, offset=cast.lines.offset)
                problems.append(Problem(place, "torn last line dropped"))
        except OSError as error:
            raise _unreadable(self.path, error) from error
        finally:
            cast.lines.close()

    def lines(self, advance: Advance) -> Iterator[bytes]:
        """Yield the lines of its file as they stand, the last one perhaps torn.

        Raises:
            RecordingError: The file cannot be opened or read.

        """
        try:
            with self.path.open("rb") as file:
                for line in file:
                    advance(len(line))
                    yield line
        except OSError as error:
            raise _unreadable(self.path, error) from error


@dataclass(slots=True, kw_only=True)
class Recorded:
    """What a recording's journal says of its terminals, in the order in which they were opened."""

    session: SessionOpened | None = None
    terminals: list[RecordedTerminal] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_recorded(directory: Path) -> Recorded:
    """Read the journal of the recording in ``directory``.

    Raises:
        SessionNotFoundError: There is none.

    """
    found = Recorded()
    try:
        journal = Lines(directory / JOURNAL_NAME)
    except OSError as error:
        raise SessionNotFoundError(
            f"no recording in {directory} ({error.strerror})", "`jumpseat` lists what there is"
        ) from error
    names: set[str] = set()
    try:
        while (line := journal.next()) is not None:
            _take(found, names, directory, *line)
    finally:
        journal.close()
    return found


def _take(found: Recorded, names: set[str], directory: Path, offset: int, line: bytes) -> None:
    place = Place(file=JOURNAL_NAME, offset=offset)
    try:
        entry = decode_entry(line)
    except RecordingError as error:
        found.problems.append(Problem(place, error.cause))
        return
    match entry:
        case SessionOpened():
            found.session = found.session or entry
        case ChannelOpened(file=str(name), pty=pty) if pty is not None and name not in names:
            if not _CAST_NAME.fullmatch(name):
                found.problems.append(Problem(place, f"not a terminal's file: {name[:60]!r}"))
                return
            names.add(name)
            found.terminals.append(RecordedTerminal(directory=directory, opened=entry))
        case _:
            pass


def _unreadable(path: Path, error: OSError) -> RecordingError:
    return RecordingError(f"cannot read {path} ({error.strerror})", "is it still there?")
