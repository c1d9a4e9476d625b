"""The index as a file: opened privately, locked for one writer, described by a few values.

SQLite with a rollback journal, not a WAL: a reader then needs no right to write, so that an index
in a read-only home can still be read. Nothing is synced but the end: what a power cut spoils is
made anew. What is in the tables belongs to the sinks.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from recorder.errors import HomeError
from recorder.home import PRIVATE_FILE, make_private_directory

FORMAT = 1
"""Raised with every change of the tables that all sinks share."""

PATIENCE = 2.0
"""Seconds that a statement waits for another process's transaction."""

TROUBLE = (sqlite3.Error, UnicodeError)
"""What a damaged file makes SQLite raise: Python cannot decode some of its texts and messages."""

_APPLICATION = 0x4A535449
"""SQLite's application id: tells an index from any other database."""


class UnusableIndexError(Exception):
    """The index cannot be used as it is; whoever meets it does without."""


class Lock:
    """The right to write one index; ends with the process at the latest."""

    def __init__(self, index: Path) -> None:
        """Take the lock.

        Raises:
            UnusableIndexError: Somebody else has it, or nothing can be written there.

        """
        try:
            make_private_directory(index.parent)
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            self._descriptor = os.open(index.with_suffix(".lock"), flags, PRIVATE_FILE)
        except (OSError, HomeError) as error:
            raise UnusableIndexError(f"cannot write beside {index} ({error})") from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._descriptor)
            raise UnusableIndexError("another process is writing it") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def release(self) -> None:
        """Let somebody else write; the file stays, as another may be waiting on it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open an index, empty if it was not there or was spoilt; the caller holds its `Lock`.

    Raises:
        UnusableIndexError: It cannot be opened or written.

    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, PRIVATE_FILE))
    except OSError as error:
        raise UnusableIndexError(f"cannot write {path} ({error.strerror})") from error
    connection = _connect(path, "rw")
    if _is_spoilt(connection):
        connection.close()
        remove(path)
        return open_for_writing(path)
    try:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA temp_store=MEMORY")
    except TROUBLE as error:
        connection.close()
        raise UnusableIndexError(f"cannot write {path} ({error})") from error
    return connection


def _is_spoilt(connection: sqlite3.Connection) -> bool:
    """Whether a file is no sound database; one that is merely locked is sound."""
    try:
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            return True
        # What declares a virtual table is not looked at by that, and could not be dropped.
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"
        ).fetchall():
            connection.execute(f"SELECT 1 FROM {_quoted(name)} LIMIT 0")  # noqa: S608 - quoted
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode == sqlite3.SQLITE_ERROR
    except (sqlite3.DatabaseError, UnicodeError):
        return True
    return False


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open an index that is there.

    Raises:
        UnusableIndexError: It is not there, or is not an index.

    """
    if not path.is_file() or path.is_symlink():
        raise UnusableIndexError(f"there is no {path}")
    connection = _connect(path, "ro")
    try:
        (found,) = connection.execute("PRAGMA application_id").fetchone()
        connection.execute("PRAGMA trusted_schema=OFF")
    except TROUBLE as error:
        connection.close()
        raise UnusableIndexError(f"cannot read {path} ({error})") from error
    if found != _APPLICATION:
        connection.close()
        raise UnusableIndexError(f"{path} is not an index")
    return connection


def remove(path: Path) -> None:
    """Delete an index that cannot be used; the caller holds its `Lock`.

    Raises:
        UnusableIndexError: It cannot be deleted.

    """
    try:
        for each in (path.with_name(path.name + "-journal"), path):
            each.unlink(missing_ok=True)
    except OSError as error:
        raise UnusableIndexError(f"cannot delete {path} ({error.strerror})") from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all that the block writes, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite itself rolls back on a full disk.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def create(connection: sqlite3.Connection) -> None:
    """Drop whatever there is, and create the tables that all sinks share."""
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " ORDER BY sql NOT LIKE 'CREATE VIRTUAL%'"
    ).fetchall()
    for (name,) in names:
        # A virtual table takes the tables behind it along.
        connection.execute(f"DROP TABLE IF EXISTS {_quoted(name)}")
    connection.execute(f"PRAGMA application_id={_APPLICATION}")
    connection.execute("CREATE TABLE index_about (key TEXT PRIMARY KEY, value) WITHOUT ROWID")
    connection.execute(
        "CREATE TABLE index_files (name TEXT PRIMARY KEY, covered INTEGER NOT NULL,"
        " inode INTEGER NOT NULL, size INTEGER NOT NULL, changed INTEGER NOT NULL,"
        " ending BLOB NOT NULL) WITHOUT ROWID"
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    try:
        # One thread at a time uses it, not always the one that opened it.
        return sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=PATIENCE,
            isolation_level=None,
            check_same_thread=False,
        )
    except TROUBLE as error:
        raise UnusableIndexError(f"cannot open {path} ({error})") from error
