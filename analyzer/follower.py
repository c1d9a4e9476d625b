"""Follows a recording while it grows and stores what it means: ``python -m analyzer.follower``.

`jumpseat serve` supervises it. It reads files and writes to the store; nothing on the relay's path
waits for it. It ends when the recording is closed or its recorder is gone.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import FrameType

from sqlalchemy import Engine

from analyzer.analysis import Collected, Pipeline
from analyzer.index.build import indexing
from analyzer.index.writer import IndexWriter
from analyzer.models.scorers import active_troubles
from analyzer.records import COMPLETE
from analyzer.rows import forget, store_found
from analyzer.service import session_of
from analyzer.signals.loader import active_rules
from recorder.errors import JumpseatError, StoreError
from recorder.recording.reader import HOLD_BACK, RecordingReader
from recorder.store.engine import open_engine
from recorder.store.sync import sync_session

POLL = 0.05
"""Seconds between two looks at the files."""

BATCH = 500
"""Rows that are stored at once at most, so that a viewer sees a long backlog arrive."""

RETRY = 0.5
"""Seconds between two tries of a store that cannot be used."""

PATIENCE = 15.0
"""Seconds that the start and the end wait for such a store; in between there is time."""

COVER_EVERY = 1.0
"""Seconds between two notes of how far was read, where nothing was found."""

_DATABASE = "JUMPSEAT_DATABASE_URL"
_NICE = 15
"""Whoever types is served first: the analysis may lag."""

_log = logging.getLogger("analyzer.follower")


class Follower:
    """One recording, followed to its end."""

    def __init__(self, directory: Path, engine: Engine, stop: threading.Event) -> None:
        self._directory = directory
        self._engine = engine
        self._stop = stop
        self._session = session_of(directory)
        self._waiting = Collected()
        self._covered: dict[str, int] = {}
        self._idle = 0.0
        """Seconds since the rows were last in step with the files."""
        self._refused: StoreError | None = None
        self._retry_at = 0.0

    def run(self) -> None:
        """Follow until the recording ends or `stop` is set; start again where order was lost.

        A store that cannot be used for a while is tried again; what was found waits in memory.

        Raises:
            StoreError: The store could not be used at the end, or for `PATIENCE` at the start.
            RecordingError: The recording cannot be read.

        """
        while not self._pass():
            _log.info("an event came late: session %s is analysed from its start", self._session)

    def _pass(self) -> bool:
        """Read from the start to the end; False where events came out of order."""
        self._waiting, self._covered = Collected(), {}
        self._insist(self._begin)
        rules = active_rules()
        pipeline = Pipeline(rules, troubles=active_troubles(rules))
        with RecordingReader(self._directory) as reader, indexing(self._directory) as index:
            while not self._round(reader, pipeline, index):
                self._stop.wait(POLL)
            return not reader.late

    def _round(
        self, reader: RecordingReader, pipeline: Pipeline, index: IndexWriter | None
    ) -> bool:
        """Look at the files once; True where that was the last time for this pass."""
        stopping = self._stop.is_set()
        if stopping:
            # What was flushed before becomes old enough to be in order.
            time.sleep(HOLD_BACK)
        last = not reader.is_live
        self._read(reader, pipeline, index)
        if reader.late:
            return True
        if last:
            self._waiting.add(pipeline.finish())
        if index is not None:
            _write_index(index, reader, last=last, stopping=stopping)
        if last or stopping:
            self._insist(partial(self._store, reader, complete=last))
            for problem in reader.problems:
                _log.warning("%s: %s", problem.place.file, problem.words)
            return True
        self._idle = self._idle + POLL if reader.covered != self._covered else 0.0
        if self._waiting or self._idle >= COVER_EVERY:
            self._store(reader, complete=False)
            self._idle = 0.0
        return False

    def _begin(self) -> bool:
        def begin() -> None:
            sync_session(self._engine, self._directory)
            forget(self._engine, self._session)

        return self._try(begin)

    def _read(self, reader: RecordingReader, pipeline: Pipeline, index: IndexWriter | None) -> None:
        passed = reader.now()
        for event in reader.poll():
            self._waiting.add(pipeline.observe(event))
            if index is not None:
                index.observe(event, pipeline.terminal(event))
            if len(self._waiting) >= BATCH:
                self._write({})
        if passed is not None:
            # What is older than this was read: silences and waits can be over.
            self._waiting.add(pipeline.tick(passed - HOLD_BACK))

    def _store(self, reader: RecordingReader, *, complete: bool) -> bool:
        """Store what was found; the reader's files count as read once nothing of them waits."""
        covered = {} if reader.pending else reader.covered
        stored = self._write(covered | ({COMPLETE: 1} if complete else {}))
        if stored and covered:
            self._covered = covered
        return stored

    def _write(self, covered: dict[str, int]) -> bool:
        commands = tuple(self._waiting.commands.values())
        tags = tuple(self._waiting.tags.values())
        stored = self._try(
            lambda: store_found(self._engine, self._session, commands, tags, covered)
        )
        if stored:
            self._waiting = Collected()
        return stored

    def _try(self, act: Callable[[], None]) -> bool:
        """Do something to the store; False where it cannot be used now, or could not just now."""
        if time.monotonic() < self._retry_at:
            return False
        try:
            act()
        except StoreError as error:
            if self._refused is None:
                _log.warning("%s; it is tried again", error.cause)
            self._refused = error
            self._retry_at = time.monotonic() + RETRY
            return False
        if self._refused is not None:
            _log.info("the store can be used again")
            self._refused = None
        return True

    def _insist(self, act: Callable[[], bool]) -> None:
        """Do something to the store, and wait for it if need be."""
        deadline = time.monotonic() + PATIENCE
        while not act():
            if self._refused is not None and time.monotonic() > deadline:
                raise self._refused
            # Not the event: it may be set, as there is something to finish.
            time.sleep(RETRY / 4)


def _write_index(
    index: IndexWriter, reader: RecordingReader, *, last: bool, stopping: bool
) -> None:
    if last:
        index.finish(reader.covered)
    elif stopping:
        index.flush()
    else:
        index.tick()


def main(arguments: Sequence[str] | None = None) -> int:
    """Follow the recording that the command line names; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m analyzer.follower", description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--db", default=os.environ.get(_DATABASE), help=f"default: ${_DATABASE}")
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    if not options.db:
        parser.error(f"no database: give --db URL or set {_DATABASE}")
    os.nice(_NICE)
    stop = threading.Event()

    def asked(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, asked)
    signal.signal(signal.SIGINT, asked)
    try:
        engine = open_engine(options.db)
        try:
            follower = Follower(options.directory, engine, stop)
            _log.info("follows %s", options.directory)
            follower.run()
        finally:
            engine.dispose()
    except JumpseatError as error:
        _log.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
