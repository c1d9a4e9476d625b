"""One session in one file, as a format: a tar of plain files in a fixed order, compressed by gzip.

Source of the format: ustar in POSIX.1-1988 and gzip in RFC 1952, so that ``tar xzf`` reads it too.
Reading trusts nothing: only plain files of the names that were agreed on, no more bytes than the
caller allows, whatever the file claims. Stores, keys and homes are not known here.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import re
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from recorder.errors import RecordingError
from recorder.home import PRIVATE_FILE

RECORDING_PREFIX = "recording/"
"""What precedes the names of the recording's files."""

MOST_FILES = 100_000
_BLOCK = tarfile.BLOCKSIZE
_COPY = 1 << 20
_NAME = re.compile(r"(?:recording/)?[a-z0-9][a-z0-9._-]{0,79}")
_REMEDY = "export it again, or get the file anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file in an archive; ``size`` in bytes."""

    name: str
    size: int


class ArchiveWriter:
    """Writes an archive: the same members give the same bytes."""

    def __init__(self, file: BinaryIO, *, moment: int) -> None:
        """Begin an archive; ``moment``, in Unix time, is what its files are dated with."""
        self._moment = moment
        self._gzip = gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0)
        self._tar = tarfile.open(fileobj=self._gzip, mode="w|", format=tarfile.USTAR_FORMAT)  # noqa: SIM115 - closed below

    def add(self, name: str, data: bytes) -> None:
        """Add a member from memory."""
        self._tar.addfile(self._info(name, len(data)), io.BytesIO(data))

    def add_file(self, name: str, path: Path) -> None:
        """Add a member from a file.

        Raises:
            OSError: It cannot be read, or became shorter meanwhile.

        """
        with path.open("rb") as file:
            self._tar.addfile(self._info(name, os.fstat(file.fileno()).st_size), file)

    def close(self) -> None:
        """Write the end."""
        self._tar.close()
        self._gzip.close()

    def _info(self, name: str, size: int) -> tarfile.TarInfo:
        info = tarfile.TarInfo(name)
        info.size = size
        info.mode = PRIVATE_FILE
        info.mtime = self._moment
        return info


class ArchiveReader:
    """Reads an archive member by member, forwards only."""

    def __init__(self, path: Path, *, most: int) -> None:
        """Open an archive of at most ``most`` bytes, uncompressed.

        Raises:
            RecordingError: It cannot be opened.

        """
        self.path = path
        self._most = most
        self._read = 0
        self._digest = hashlib.sha256()
        self._left = 0
        self._padding = 0
        try:
            self._gzip = gzip.GzipFile(filename=path, mode="rb")
        except OSError as error:
            raise RecordingError(f"cannot read {path} ({error.strerror})") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._gzip.close()

    @property
    def digest(self) -> str:
        """SHA-256 of what was read so far, uncompressed: once it is read, of all that it holds."""
        return self._digest.hexdigest()

    def members(self) -> Iterator[Member]:
        """Yield the members in their order; each must be taken before the next.

        Raises:
            RecordingError: It is damaged, or holds what no export holds.

        """
        seen: set[str] = set()
        while (info := self._header()) is not None:
            if info.type != tarfile.REGTYPE or not _NAME.fullmatch(info.name):
                raise self._bad(f"it holds {info.name[:60]!r}, which is no file of a session's")
            if info.name in seen:
                raise self._bad(f"it holds {info.name!r} twice")
            if len(seen) >= MOST_FILES:
                raise self._bad("it holds too many files")
            if info.size < 0:
                # GNU's way of writing large sizes has a sign.
                raise self._bad("it is damaged, or not an export")
            if self._read + info.size > self._most:
                raise RecordingError(
                    f"{self.path} holds more than {self._most} bytes", "allow more with --max-size"
                )
            seen.add(info.name)
            self._left, self._padding = info.size, -info.size % _BLOCK
            yield Member(name=info.name, size=info.size)
            if self._left:
                raise ValueError(f"{info.name} was not taken")

    def take(self, most: int) -> bytes:
        """Return the present member's content.

        Raises:
            RecordingError: It is damaged, or longer than ``most`` bytes.

        """
        if self._left > most:
            raise self._bad("one of its files is longer than can be")
        return b"".join(self._content())

    def unpack(self, path: Path) -> None:
        """Write the present member's content to a new file.

        Raises:
            RecordingError: It is damaged.
            OSError: The file exists or cannot be written.

        """
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(path, flags, PRIVATE_FILE), "wb") as file:
            for block in self._content():
                file.write(block)
            file.flush()
            os.fsync(file.fileno())

    def skip(self) -> None:
        """Pass over the present member.

        Raises:
            RecordingError: It is damaged.

        """
        for _ in self._content():
            pass

    def _content(self) -> Iterator[bytes]:
        while self._left:
            block = self._exactly(min(self._left, _COPY))
            self._left -= len(block)
            yield block
        self._exactly(self._padding)
        self._padding = 0

    def _header(self) -> tarfile.TarInfo | None:
        block = self._exactly(_BLOCK)
        if not any(block):
            self._finish()
            return None
        try:
            return tarfile.TarInfo.frombuf(block, "ascii", "strict")
        except (tarfile.HeaderError, ValueError) as error:
            raise self._bad("it is damaged, or not an export") from error

    def _finish(self) -> None:
        """Read to the end: only there the file's own checksum is compared."""
        try:
            rest = self._gzip.read(tarfile.RECORDSIZE + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise self._bad("it is damaged") from error
        if any(rest) or len(rest) > tarfile.RECORDSIZE:
            raise self._bad("something follows its end")

    def _exactly(self, size: int) -> bytes:
        """Return the next bytes; never asks for more at once than a copy's block."""
        try:
            data = self._gzip.read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise self._bad("it is damaged, or not an export") from error
        self._read += len(data)
        self._digest.update(data)
        if len(data) < size:
            raise self._bad("it is cut short")
        return data

    def _bad(self, words: str) -> RecordingError:
        return RecordingError(f"{self.path} cannot be imported: {words}", _REMEDY)
