"""Which bytes of a recording an index was made from, and whether they still lie there.

A finished file is known by inode, size and time of change; of one that grows, inode and the bytes
before the place that was reached are compared. The recording's integrity is not looked after here:
that is `recorder.recording.verify`'s.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analyzer.index.file import UnusableIndexError

_ENDING = 4096
"""Bytes before the place reached that are compared; a line of a cast is usually far shorter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredFile:
    """One file as far as it was read.

    Attributes:
        covered: Bytes from its start that were read; a line begins behind them.
        inode: Its number in the file system.
        size: Its bytes when that was noted.
        changed: Its time of change then, in nanoseconds since 1970.
        ending: SHA-256 of the last `_ENDING` bytes before ``covered``.

    """

    covered: int
    inode: int
    size: int
    changed: int
    ending: bytes


def look(path: Path, covered: int) -> CoveredFile:
    """Return what tells a file from another, as it lies there now.

    Raises:
        UnusableIndexError: It cannot be read so far.

    """
    try:
        # Somebody may have put a FIFO there, which would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            state = os.fstat(descriptor)
            start = max(0, covered - _ENDING)
            ending = os.pread(descriptor, covered - start, start)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise UnusableIndexError(f"cannot read {path} ({error.strerror})") from error
    if len(ending) != covered - start:
        raise UnusableIndexError(f"{path} is shorter than what was read of it")
    return CoveredFile(
        covered=covered,
        inode=state.st_ino,
        size=state.st_size,
        changed=state.st_mtime_ns,
        ending=hashlib.sha256(ending).digest(),
    )


def store(connection: sqlite3.Connection, directory: Path, covered: Mapping[str, int]) -> None:
    """Note how far each file was read.

    Raises:
        UnusableIndexError: One of them cannot be read so far.

    """
    rows = [(name, look(directory / name, offset)) for name, offset in covered.items()]
    connection.executemany(
        "INSERT OR REPLACE INTO index_files VALUES (?, ?, ?, ?, ?, ?)",
        [
            (name, each.covered, each.inode, each.size, each.changed, each.ending)
            for name, each in rows
        ],
    )


def load(connection: sqlite3.Connection) -> dict[str, CoveredFile]:
    """Return what was noted."""
    rows = connection.execute(
        "SELECT name, covered, inode, size, changed, ending FROM index_files"
    ).fetchall()
    return {
        name: CoveredFile(covered=covered, inode=inode, size=size, changed=changed, ending=ending)
        for name, covered, inode, size, changed, ending in rows
    }


def check(directory: Path, files: Mapping[str, CoveredFile], *, finished: bool) -> None:
    """Make sure that the files are those that were read.

    Args:
        directory: The recording.
        files: What was noted of them.
        finished: They were read to their ends, and must not have changed since.

    Raises:
        UnusableIndexError: One is another, was cut, or has changed.

    """
    for name, noted in files.items():
        if Path(name).name != name:
            raise UnusableIndexError(f"{name} is not in the recording")
        if finished:
            _check_state(directory / name, noted)
            continue
        found = look(directory / name, noted.covered)
        if (found.inode, found.ending) != (noted.inode, noted.ending):
            raise UnusableIndexError(f"{name} is another file than what was read")


def _check_state(path: Path, noted: CoveredFile) -> None:
    try:
        state = path.stat()
    except OSError as error:
        raise UnusableIndexError(f"cannot read {path} ({error.strerror})") from error
    found = (state.st_ino, state.st_size, state.st_mtime_ns)
    if found != (noted.inode, noted.size, noted.changed):
        raise UnusableIndexError(f"{path.name} has changed since it was read")
