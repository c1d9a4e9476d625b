"""One file that somebody else made: opened with care, read in pieces, gzip undone on the way.

Only plain files are opened: a FIFO would wait, a device might act. Formats are not known here.
"""

from __future__ import annotations

import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import Protocol, Self

from recorder.errors import RecordingError
from recorder.formats.flaws import Complaints

MOST_BYTES = 4 << 30
"""Bytes that are read of one file, uncompressed."""

MOST_LINE = 16 << 20
"""Bytes of one line; a longer one is left out."""

PIECE = 1 << 16
GZIP = b"\x1f\x8b"
_KINDS = (
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISLNK, "a link"),
)


class Readable(Protocol):
    """Bytes from front to back."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""
        ...


class Source:
    """A file's bytes, at most `MOST_BYTES`; what cannot be read ends them, and is told."""

    def __init__(self, path: Path, complaints: Complaints, *, follow: bool = True) -> None:
        """Open a file.

        Args:
            path: Where it lies.
            complaints: Takes what cannot be read of it.
            follow: Also where the path is a symbolic link.

        Raises:
            RecordingError: It is not a plain file, or cannot be opened.

        """
        self._complaints = complaints
        self._plain = open_plain(path, follow=follow)
        magic = self._plain.read(len(GZIP))
        self._plain.seek(0)
        self._file: gzip.GzipFile | BufferedReader = self._plain
        if magic == GZIP:
            self._file = gzip.GzipFile(fileobj=self._plain, mode="rb")
        self.offset = 0
        self._ended = False

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes, none at the end or where no more can be read."""
        if self._ended:
            return b""
        try:
            # Where gzip is cut off, `read` would lose what came before the cut.
            data = self._file.read1(size)
        except (OSError, EOFError, zlib.error) as error:
            return self._end(f"cannot be read from here on ({_words(error)})")
        if self.offset + len(data) > MOST_BYTES:
            return self._end(f"longer than {MOST_BYTES >> 30} GiB: the rest is left out")
        self.offset += len(data)
        return data

    @property
    def consumed(self) -> int:
        """Bytes that were taken from the disk so far."""
        return self._plain.tell()

    def _end(self, words: str) -> bytes:
        self._ended = True
        self._complaints.at_byte(self.offset, words)
        return b""

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        self._plain.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _words(error: Exception) -> str:
    strerror = getattr(error, "strerror", None)
    return str(strerror or error)


def open_plain(path: Path, *, follow: bool = True) -> BufferedReader:
    """Open a plain file for reading.

    Raises:
        RecordingError: It is something else, or cannot be opened.

    """
    try:
        mode = path.stat(follow_symlinks=follow).st_mode
        if stat.S_ISREG(mode):
            # Whoever put something else there since must not make us wait, or lead us elsewhere.
            flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
            descriptor = os.open(path, flags if follow else flags | os.O_NOFOLLOW)
            if stat.S_ISREG(mode := os.fstat(descriptor).st_mode):
                return os.fdopen(descriptor, "rb")
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise RecordingError(f"cannot read {path} ({_words(error)})") from error
    kind = next((words for test, words in _KINDS if test(mode)), "something else")
    raise RecordingError(
        f"{path} is {kind}, not a plain file", "write what it holds into a file first"
    )


class Lines:
    """A stream's lines with their numbers, from 1; line ends are cut off.

    Attributes:
        torn: The line that was given last has no end.

    """

    def __init__(self, stream: Readable, complaints: Complaints) -> None:
        self._stream = stream
        self._complaints = complaints
        self.torn = False

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """Yield number and content of each line."""
        number, parts, size = 1, [b""], 0
        while piece := self._stream.read(PIECE):
            first, *others = piece.split(b"\n")
            parts.append(first)
            size += len(first)
            if size > MOST_LINE:
                parts = []
            if not others:
                continue
            *whole, last = others
            yield from self._joined(number, parts)
            yield from enumerate(whole, number + 1)
            number += len(others)
            parts, size = [last], len(last)
        if size:
            self.torn = True
            yield from self._joined(number, parts)

    def _joined(self, number: int, parts: list[bytes]) -> Iterator[tuple[int, bytes]]:
        """Yield a line that came in pieces, of which none are left where it was too long."""
        if parts:
            yield number, b"".join(parts)
        else:
            self._complaints.at_line(number, f"longer than {MOST_LINE >> 20} MiB: left out")


class Window:
    """A stream that can be looked into before it is taken."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._data = b""
        self._at = 0
        self.offset = 0

    def peek(self, size: int) -> bytes:
        """Return the next bytes, fewer at the end only."""
        if len(self._data) - self._at < size:
            parts, have = [self._data[self._at :]], len(self._data) - self._at
            while have < size and (piece := self._stream.read(PIECE)):
                parts.append(piece)
                have += len(piece)
            self._data, self._at = b"".join(parts), 0
        return self._data[self._at : self._at + size]

    def skip(self, size: int) -> None:
        """Go on behind bytes that were looked at."""
        self._at += size
        self.offset += size

    def take(self, size: int) -> bytes:
        """Return the next bytes and go on behind them."""
        data = self.peek(size)
        self.skip(len(data))
        return data
