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
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from sqlalchemy import Engine

from analyzer.analysis import Collected, Pipeline
from analyzer.records import COMPLETE
from analyzer.rows import forget, store_found
from analyzer.service import session_of
from analyzer.signals.loader import shipped_rules
from recorder.errors import JumpseatError
from recorder.recording.reader import RecordingReader
from recorder.store.catalogue import sync_session
from recorder.store.engine import open_engine

POLL = 0.05
"""Seconds between two looks at the files."""

BATCH = 500
"""Rows that are stored at once at most, so that a viewer sees a long backlog arrive."""

COVER_EVERY = 1.0
"""Seconds between two notes of how far was read, where nothing was found."""

_DATABASE = "JUMPSEAT_DATABASE_URL"
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

    def run(self) -> None:
        """Follow until the recording ends or `stop` is set; start again where order was lost.

        Raises:
            StoreError: The store cannot be used.
            RecordingError: The recording cannot be read.

        """
        while not self._pass():
            _log.info("an event came late: session %s is analysed from its start", self._session)

    def _pass(self) -> bool:
        """Read from the start to the end; False where events came out of order."""
        sync_session(self._engine, self._directory)
        forget(self._engine, self._session)
        self._covered = {}
        pipeline = Pipeline(shipped_rules())
        with RecordingReader(self._directory) as reader:
            idle = 0.0
            while True:
                last = not reader.is_live
                stopping = self._stop.is_set()
                self._read(reader, pipeline)
                if reader.late:
                    return False
                if last:
                    self._waiting.add(pipeline.finish())
                idle = idle + POLL if reader.covered != self._covered else 0.0
                if self._waiting or last or stopping or idle >= COVER_EVERY:
                    self._store(reader, complete=last)
                    idle = 0.0
                if last or stopping:
                    for problem in reader.problems:
                        _log.warning("%s: %s", problem.place.file, problem.words)
                    return True
                self._stop.wait(POLL)

    def _read(self, reader: RecordingReader, pipeline: Pipeline) -> None:
        for event in reader.poll():
            self._waiting.add(pipeline.observe(event))
            if len(self._waiting) >= BATCH:
                self._write({})

    def _store(self, reader: RecordingReader, *, complete: bool) -> None:
        """Store what was found; the reader's files count as read once nothing of them waits."""
        covered = {} if reader.pending else reader.covered
        self._covered = covered or self._covered
        self._write(covered | ({COMPLETE: 1} if complete else {}))

    def _write(self, covered: dict[str, int]) -> None:
        waiting, self._waiting = self._waiting, Collected()
        commands, tags = tuple(waiting.commands.values()), tuple(waiting.tags.values())
        store_found(self._engine, self._session, commands, tags, covered)


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
