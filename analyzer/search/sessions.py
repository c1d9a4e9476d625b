"""Opens what there is to search of a recording: its index, made first where it has none.

A finished recording's index is made and kept. Where nothing can be kept, or another process is
about to, as with a live session that has only begun, a search makes one in memory.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from analyzer.index import cover
from analyzer.index.build import build, index_path
from analyzer.index.file import TROUBLE, UnusableIndexError, open_for_reading
from analyzer.index.writer import made_by
from analyzer.search.find import Finder, Found, SearchCancelledError
from analyzer.search.query import Matcher
from analyzer.search.sink import SearchSink
from recorder.recording.reader import RecordingReader, is_locked

_log = logging.getLogger(__name__)

_TELL_EVERY = 64
"""Events between two looks at how far a recording was read."""

Progress = Callable[[float], None]
Cancelled = Callable[[], bool]


class SessionSearch:
    """Searches one session, again and again.

    Where no index can be kept, that in memory is kept as long as this is, unless the session goes
    on. Any thread may call; one is served at a time.
    """

    def __init__(self, directory: Path) -> None:
        """Take the directory of a recording; nothing is read before the first search."""
        self._directory = directory
        self._memory: sqlite3.Connection | None = None
        self._turn = threading.Lock()

    def close(self) -> None:
        """Let go of what is in memory, once a search that is on its way has ended."""
        with self._turn:
            if self._memory is not None:
                self._memory.close()
                self._memory = None

    def find(
        self,
        matcher: Matcher,
        *,
        terminal: tuple[int, int] | None = None,
        limit: int | None = None,
        progress: Progress | None = None,
        cancelled: Cancelled = lambda: False,
    ) -> Found:
        """Return where and when a query was to be seen in the session, by time.

        A session that is still recorded is searched as far as it is indexed, a second or so behind.

        Args:
            matcher: What to look for.
            terminal: Connection and channel of the only terminal to search.
            limit: Lines to return at most.
            progress: Called with the share, from 0 to 1, of the recording that was read, where an
                index has to be made first.
            cancelled: Asked now and then whether to give up; must be cheap.

        Raises:
            SessionNotFoundError: There is no recording in the directory.
            SearchCancelledError: ``cancelled`` said so.

        """
        with self._turn:
            return self._find(matcher, terminal, limit, progress, cancelled)

    def _find(
        self,
        matcher: Matcher,
        terminal: tuple[int, int] | None,
        limit: int | None,
        progress: Progress | None,
        cancelled: Cancelled,
    ) -> Found:
        connection = self._memory or _open_kept(self._directory, progress, cancelled)
        if connection is not None:
            try:
                with _closing_but(connection, self._memory):
                    return _find(connection, matcher, terminal, limit, cancelled)
            except (sqlite3.Error, TypeError, ValueError, LookupError, ArithmeticError):
                # A cache may hold anything. The recording itself says the same.
                _log.warning("%s: its index is damaged and not used", self._directory.name)
        live = is_locked(self._directory)
        connection = _in_memory(self._directory, progress, cancelled)
        self._memory = None if live else connection
        with _closing_but(connection, self._memory):
            return _find(connection, matcher, terminal, limit, cancelled)


@contextmanager
def _closing_but(connection: sqlite3.Connection, kept: sqlite3.Connection | None) -> Iterator[None]:
    try:
        yield
    finally:
        if connection is not kept:
            connection.close()


def search_session(
    directory: Path,
    matcher: Matcher,
    *,
    terminal: tuple[int, int] | None = None,
    limit: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled = lambda: False,
) -> Found:
    """Search a session once, as `SessionSearch.find` does."""
    with closing(SessionSearch(directory)) as search:
        return search.find(
            matcher, terminal=terminal, limit=limit, progress=progress, cancelled=cancelled
        )


def _find(
    connection: sqlite3.Connection,
    matcher: Matcher,
    terminal: tuple[int, int] | None,
    limit: int | None,
    cancelled: Cancelled,
) -> Found:
    # One state of the file for all questions, whoever writes meanwhile.
    connection.execute("BEGIN")
    try:
        return Finder(connection, matcher, limit=limit, cancelled=cancelled).find(terminal)
    finally:
        connection.execute("ROLLBACK")


def is_indexed(directory: Path) -> bool:
    """Return whether a session can be searched at once."""
    try:
        _open_usable(directory).close()
    except UnusableIndexError:
        return False
    return True


def _open_kept(
    directory: Path, progress: Progress | None, cancelled: Cancelled
) -> sqlite3.Connection | None:
    """Open a session's index, made first where there is none; None where none can be kept."""
    try:
        return _open_usable(directory)
    except UnusableIndexError:
        pass
    path = index_path(directory)
    if path is None or is_locked(directory):
        return None
    _build(directory, path, progress, cancelled)
    try:
        return _open_usable(directory)
    except UnusableIndexError:
        # Another process is writing it, or the home cannot be written.
        return None


def _open_usable(directory: Path) -> sqlite3.Connection:
    """Open the index as it lies there.

    Raises:
        UnusableIndexError: There is none, it is not this version's or not of this recording, or it
            has stopped before the recording has.

    """
    path = index_path(directory)
    if path is None:
        raise UnusableIndexError("the recording lies in no home")
    connection = open_for_reading(path)
    try:
        _check(connection, directory)
    except (*TROUBLE, TypeError, ValueError, ArithmeticError) as error:
        connection.close()
        raise UnusableIndexError(f"it cannot be read ({error})") from error
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, directory: Path) -> None:
    """Make sure that an index is of use.

    Raises:
        UnusableIndexError: It is not.
        sqlite3.Error, ValueError, TypeError, ArithmeticError: It is damaged.

    """
    about = dict(connection.execute("SELECT key, value FROM index_about").fetchall())
    complete = about.get("complete") == 1
    if about.get("made_by") != made_by():
        raise UnusableIndexError("it was made by another version")
    if not complete and not is_locked(directory):
        raise UnusableIndexError("it does not cover the recording")
    cover.check(directory, cover.load(connection), finished=complete)


def _build(directory: Path, path: Path, progress: Progress | None, cancelled: Cancelled) -> None:
    share = _shares(directory, progress)
    build(directory, path, progress=share, cancelled=cancelled)
    if cancelled():
        raise SearchCancelledError
    if progress is not None:
        progress(1.0)


def _shares(directory: Path, progress: Progress | None) -> Callable[[int], None] | None:
    if progress is None:
        return None
    total = sum(
        path.stat().st_size
        for path in directory.iterdir()
        if path.suffix in {".jsonl", ".cast"} and path.is_file()
    )
    return lambda read: progress(min(1.0, read / max(1, total)))


def _in_memory(
    directory: Path, progress: Progress | None, cancelled: Cancelled
) -> sqlite3.Connection:
    """Read a recording as far as it goes into an index that nobody else sees."""
    share = _shares(directory, progress)
    sink = SearchSink()
    with RecordingReader(directory) as reader:
        for count, event in enumerate(reader.read()):
            sink.observe(event, None)
            if count % _TELL_EVERY:
                continue
            if cancelled():
                raise SearchCancelledError
            if share is not None:
                share(sum(reader.covered.values()))
    sink.finish()
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    sink.create(connection)
    sink.flush(connection)
    return connection
