"""Cheap looks at the files under a live session: grown, gone, behind. Only `stat`, no reading.

The live view asks many times a second whether there is anything new; the answer has to cost next to
nothing. What is done about it is the feed's, and how it is said the app's.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from recorder.errors import RecordingError, StoreError
from recorder.recording.journal import JOURNAL_NAME

if TYPE_CHECKING:
    from sqlalchemy import Engine

LATE = 10.0
"""Seconds of analysis that is missing from which it is worth a word; also the step of telling."""

_SAMPLE = 1.0
_UNSEEN_INTERVAL = 0.25
"""Seconds between two looks at a store that is no file."""

Sizes = dict[str, int]


class RecordingFiles:
    """The journal and the casts of one recording, by their sizes."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._sizes: Sizes = {}

    def sizes(self) -> Sizes:
        """Return bytes by file name.

        Raises:
            RecordingError: The recording is not there.

        """
        try:
            with os.scandir(self._directory) as entries:
                found = {
                    entry.name: entry.stat().st_size
                    for entry in entries
                    if entry.name == JOURNAL_NAME or entry.name.endswith(".cast")
                }
        except OSError as error:
            raise self._gone(error.strerror) from error
        if JOURNAL_NAME not in found:
            raise self._gone("it has no journal")
        return found

    def have_grown(self) -> bool:
        """Return whether they differ from the last time.

        Raises:
            RecordingError: The recording is not there.

        """
        before, self._sizes = self._sizes, self.sizes()
        return before != self._sizes

    def _gone(self, cause: str | None) -> RecordingError:
        self._sizes = {}
        return RecordingError(
            f"the recording is no longer in {self._directory} ({cause})",
            "move it back, if it was not purged",
        )


class StoreFile:
    """Whether the store has changed; of a server's, whether it is time to look again."""

    def __init__(self, engine: Engine) -> None:
        database = engine.url.database
        is_file = engine.url.get_backend_name() == "sqlite" and database not in {None, ":memory:"}
        self._path = Path(str(database)) if is_file else None
        self._engine = engine
        self._seen: object = None
        self._file: object = None
        self._looked = 0.0

    def forget(self) -> None:
        """Count as changed the next time: what was seen could not be used."""
        self._seen = None
        self._looked = 0.0

    def has_changed(self) -> bool:
        """Return whether it differs from the last time.

        Raises:
            StoreError: The file is gone. SQLite would go on with what nobody else can see, or make
                an empty one.

        """
        if self._path is None:
            return self._is_due()
        try:
            file = self._path.stat()
        except OSError as error:
            self.forget()
            raise StoreError(
                f"the database {self._path} is gone ({error.strerror})", "put it back"
            ) from error
        identity = (file.st_dev, file.st_ino)
        if self._file not in {None, identity}:
            self._engine.dispose()
        self._file = identity
        seen = (identity, file.st_mtime_ns, _mark(f"{self._path}-wal"))
        before, self._seen = self._seen, seen
        return before != seen

    def _is_due(self) -> bool:
        now = time.monotonic()
        if now - self._looked < _UNSEEN_INTERVAL:
            return False
        self._looked = now
        return True


def _mark(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - ten times a second
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


class Backlog:
    """By how many seconds the analysis is behind the recording's files."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: deque[tuple[float, Sizes]] = deque()

    def seconds(self, sizes: Sizes, covered: Mapping[str, int]) -> int:
        """Return how long ago the oldest part was written that was not analysed, 0 below `LATE`.

        Args:
            sizes: Of the files, now.
            covered: Bytes of each that were analysed.

        """
        now = self._clock()
        if not self._waiting or now - self._waiting[-1][0] >= _SAMPLE:
            self._waiting.append((now, sizes))
        while self._waiting and _covers(covered, self._waiting[0][1]):
            self._waiting.popleft()
        behind = now - self._waiting[0][0] if self._waiting else 0.0
        return int(behind // LATE * LATE)


def _covers(covered: Mapping[str, int], sizes: Sizes) -> bool:
    return all(covered.get(name, 0) >= size for name, size in sizes.items())
