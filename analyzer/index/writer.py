"""One pass over a recording that fills its index: sinks fed, transactions, and giving up.

Nothing that happens to the index may disturb whoever lends the events: all trouble ends the pass
with a warning. Emulating, and reading recordings, is the caller's.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from analyzer.emulator.snapshot import VERSION
from analyzer.index import cover, file
from analyzer.index.file import UnusableIndexError
from analyzer.index.seal import seal
from analyzer.index.sink import Sink
from analyzer.index.sinks import SINKS
from analyzer.terminal import Terminal
from recorder.recording.events import AnyEvent

FLUSH_EVERY = 1.0
"""Seconds between transactions."""

LEAST_FREE = 64 << 20
"""Bytes that are left free on the disk: recordings need them more than an index does."""

_log = logging.getLogger(__name__)


def made_by() -> str:
    """Return what decides whether an index can be read: its format, emulator and sinks."""
    sinks = {make.name: make.version for make in (maker() for maker in SINKS)}
    return json.dumps({"format": file.FORMAT, "emulator": VERSION, "sinks": sinks}, sort_keys=True)


class IndexWriter:
    """A pass; show it every event from the recording's beginning, then `finish` or `close` it.

    Attributes:
        broken: It has given up, and takes nothing more in.
        complete: `finish` has succeeded.

    """

    def __init__(
        self,
        directory: Path,
        path: Path,
        *,
        sinks: Sequence[Callable[[], Sink]] = SINKS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin; the file is not touched before the first transaction.

        Args:
            directory: The recording.
            path: Its index, see `recorder.home.Home.index`.
            sinks: What to fill.
            clock: Seconds, from any zero.

        """
        self.broken = False
        self.complete = False
        self._directory = directory
        self._path = path
        self._sinks = [make() for make in sinks]
        self._clock = clock
        self._due = clock() + FLUSH_EVERY
        self._covered: dict[str, int] = {}
        self._last = 0.0
        self._lock: file.Lock | None = None
        self._connection: sqlite3.Connection | None = None
        self._ahead: int | None = None
        """Bytes that an earlier pass has covered, while this one has not come so far."""

    def observe(self, event: AnyEvent, terminal: Terminal | None) -> None:
        """Take in one event and the terminal after it, as `Sink.observe` says; write when due."""
        if self.broken:
            return
        self._last = max(self._last, event.t)
        # Up to the line itself: what belongs to it may still follow.
        self._covered[event.place.file] = event.place.offset
        try:
            for sink in self._sinks:
                sink.observe(event, terminal)
        except UnusableIndexError as error:
            self._give_up(error)
            return
        self.tick()

    def tick(self) -> None:
        """Write if a transaction is due; called also while nothing happens."""
        if not self.broken and self._clock() >= self._due:
            self._try(self._covered, complete=False)
            self._due = self._clock() + FLUSH_EVERY

    def finish(self, covered: Mapping[str, int]) -> None:
        """Write all: the recording is complete, and its files were read so far."""
        if self.broken:
            return
        for sink in self._sinks:
            sink.finish()
        self._try(dict(covered), complete=True)
        self.close()

    def close(self) -> None:
        """Let go of the file; what was not written is forgotten."""
        self.broken = True
        self._sinks = []
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def flush(self) -> None:
        """Write what there is, now."""
        if not self.broken:
            self._try(self._covered, complete=False)

    def _give_up(self, error: Exception) -> None:
        _log.warning("%s: no index is made of it now (%s)", self._directory.name, error)
        self.close()

    def _try(self, covered: dict[str, int], *, complete: bool) -> None:
        try:
            self._look_around()
            self._write(covered, complete=complete)
        except (UnusableIndexError, OSError, *file.TROUBLE) as error:
            self._give_up(error)

    def _look_around(self) -> None:
        """Make sure that it may be written, and take the lock.

        Raises:
            UnusableIndexError: It may not.

        """
        if not self._directory.is_dir():
            # Purged meanwhile: nothing of it may come back.
            raise UnusableIndexError("the recording is gone")
        if self._lock is None:
            self._lock = file.Lock(self._path)
        place = os.statvfs(self._path.parent)
        if place.f_bavail * place.f_frsize < LEAST_FREE:
            raise UnusableIndexError("the disk is nearly full")

    def _write(self, covered: dict[str, int], *, complete: bool) -> None:
        fresh = self._connection is None
        if fresh and not complete and not self._overtakes(covered):
            return
        if fresh:
            self._connection = file.open_for_writing(self._path)
        connection = self._connection
        if connection is None:
            return
        if complete:
            connection.execute("PRAGMA synchronous=FULL")
        with file.transaction(connection):
            if fresh:
                self._begin(connection)
            for sink in self._sinks:
                sink.flush(connection)
            cover.store(connection, self._directory, covered)
            self._tell(connection, last=self._last, complete=int(complete))
            self._tell(connection, seal=seal(connection))
        self.complete = complete

    def _begin(self, connection: sqlite3.Connection) -> None:
        file.create(connection)
        for sink in self._sinks:
            sink.create(connection)
        self._tell(connection, generation=secrets.token_hex(8), made_by=made_by())

    def _tell(self, connection: sqlite3.Connection, **values: object) -> None:
        connection.executemany(
            "INSERT OR REPLACE INTO index_about VALUES (?, ?)", list(values.items())
        )

    def _overtakes(self, covered: Mapping[str, int]) -> bool:
        """Whether this pass has read as far as what lies there, so that nobody sees less."""
        if self._ahead is None:
            self._ahead = _bytes_covered(self._directory, self._path)
        return sum(covered.values()) >= self._ahead


def _bytes_covered(directory: Path, path: Path) -> int:
    """Return how far a usable index covers a recording, 0 where there is none."""
    try:
        connection = file.open_for_reading(path)
        try:
            about = dict(connection.execute("SELECT key, value FROM index_about").fetchall())
            files = cover.load(connection)
        finally:
            connection.close()
        if about.get("made_by") != made_by():
            return 0
        cover.check(directory, files, finished=False)
        return sum(each.covered for each in files.values())
    except (UnusableIndexError, ArithmeticError, ValueError, TypeError, *file.TROUBLE):
        return 0
