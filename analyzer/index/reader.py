"""Reads an index: which terminals there were, when they changed, keyframes on demand.

Everything that is read is checked, as a cache may hold anything. What is found wanting is told as
`UnusableIndexError`: the recording itself says the same.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from analyzer.index import cover
from analyzer.index.file import TROUBLE, UnusableIndexError, open_for_reading
from analyzer.index.keyframes import unpack_snapshot
from analyzer.index.seal import seal
from analyzer.index.times import Packed, Times
from analyzer.index.writer import made_by
from recorder.errors import RecordingError
from recorder.recording.cast_file import Resume
from recorder.recording.journal import JOURNAL_NAME, SessionOpened, decode_entry


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTerminal:
    """One terminal as far as it is covered; times in seconds since the session's start.

    Attributes:
        number: Its number in the index.
        file: Its cast.
        columns: Its first width in cells.
        lines: Its first height.
        steps: Outputs and resizes that are covered.
        until: Where the cast goes on behind them, in bytes.
        until_t: When the event that begins there came, None where nothing follows.

    """

    number: int
    connection: int
    channel: int
    file: str
    opened: float
    closed: float | None
    command: str | None
    user: str | None
    columns: int
    lines: int
    steps: int
    until: int
    until_t: float | None


_LONGEST_FIRST_LINE = 1 << 20
"""Bytes; the recorder's are some hundreds."""


class Places:
    """Where a terminal's keyframes stand: after how many steps, and at which bytes of the cast.

    The first is the empty terminal at the cast's first event; there is no snapshot of it.
    """

    def __init__(self, begin: int) -> None:
        self.steps = [0]
        self.offsets = [begin]

    def nearest(self, step: int) -> int:
        """Return which keyframe is the last one up to ``step``."""
        return bisect_right(self.steps, step) - 1


class IndexReader:
    """One session's index, as it was when it was opened.

    Attributes:
        complete: It covers all of a recording that has ended.
        last: When the last event came, in seconds since the session's start.
        terminals: The terminals, in the order in which they were opened.
        times: When their events came, by number.
        places: Where their keyframes stand, by number.

    """

    def __init__(self, directory: Path, path: Path) -> None:
        """Open the index of the recording in ``directory``.

        Raises:
            UnusableIndexError: There is none, it is damaged, another version's, or another
                recording's.

        """
        self._connection = open_for_reading(path)
        try:
            with _reading(self._connection):
                self._load(directory)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def snapshot(self, number: int, step: int) -> bytes:
        """Return the terminal's keyframe after so many steps.

        Raises:
            UnusableIndexError: It is gone, or damaged.

        """
        with _told():
            row = self._connection.execute(
                "SELECT snapshot FROM keyframes WHERE terminal = ? AND step = ? AND EXISTS"
                " (SELECT 1 FROM index_about WHERE key = 'generation' AND value = ?)",
                (number, step, self._generation),
            ).fetchone()
            if row is None:
                raise UnusableIndexError("the index was made anew meanwhile")
            return unpack_snapshot(row[0], number, step)

    @property
    def resume(self) -> dict[str, Resume]:
        """Where the recording's reader has to begin in each cast, to tell what is not covered."""
        return {
            each.file: Resume(offset=each.until, t=round(each.until_t - each.opened, 6))
            for each in self.terminals
            if each.until_t is not None
        }

    def _load(self, directory: Path) -> None:
        ask = self._connection.execute
        about = dict(ask("SELECT key, value FROM index_about").fetchall())
        if about.get("made_by") != made_by():
            raise UnusableIndexError("it was made by another version")
        if about.get("seal") != seal(self._connection):
            raise UnusableIndexError("it is damaged")
        self.complete: bool = about["complete"] == 1
        self.last = float(about["last"])
        self._generation = str(about["generation"])
        files = cover.load(self._connection)
        cover.check(directory, files, finished=self.complete)
        rows = ask(
            "SELECT id, connection, channel, file, opened, closed, command, user, columns, lines,"
            " steps, until, until_t, begin FROM keyframes_terminals ORDER BY id"
        ).fetchall()
        self.terminals = tuple(self._to_the_end(_terminal(row[:-1]), files) for row in rows)
        self.places = {row[0]: Places(int(row[-1])) for row in rows}
        packed: dict[int, list[Packed]] = {row[0]: [] for row in rows}
        for number, *chunk in ask(
            "SELECT terminal, steps, inputs, resizes FROM keyframes_times ORDER BY terminal, chunk"
        ):
            packed[number].append((chunk[0], chunk[1], chunk[2]))
        self.times = {
            each.number: Times(packed[each.number], each.steps) for each in self.terminals
        }
        for number, step, place in ask(
            "SELECT terminal, step, place FROM keyframes ORDER BY terminal, step"
        ):
            self.places[number].steps.append(int(step))
            self.places[number].offsets.append(int(place))
        for each in self.terminals:
            self._check(each, files)

    def _to_the_end(
        self, terminal: StoredTerminal, files: dict[str, cover.CoveredFile]
    ) -> StoredTerminal:
        """Let a terminal go on to the end of its cast where the index covers all."""
        if not self.complete or terminal.file not in files:
            return terminal
        return replace(terminal, until=files[terminal.file].covered, until_t=None)

    def _check(self, terminal: StoredTerminal, files: dict[str, cover.CoveredFile]) -> None:
        places = self.places[terminal.number]
        if places.steps[-1] > terminal.steps or sorted(places.offsets) != places.offsets:
            raise UnusableIndexError("keyframes are out of order")
        if terminal.steps and terminal.file not in files:
            raise UnusableIndexError(f"it is not known what {terminal.file} was")


def session_opening(directory: Path) -> SessionOpened:
    """Return how the session began.

    Raises:
        UnusableIndexError: The journal's first line does not say; perhaps another does.

    """
    try:
        with (directory / JOURNAL_NAME).open("rb") as file:
            entry = decode_entry(file.readline(_LONGEST_FIRST_LINE))
    except (OSError, RecordingError) as error:
        raise UnusableIndexError(f"the journal has no readable beginning ({error})") from error
    if not isinstance(entry, SessionOpened):
        raise UnusableIndexError("the journal does not begin with a session")
    return entry


def _terminal(row: tuple[object, ...]) -> StoredTerminal:
    number, connection, channel, file, opened, closed, command, user, *rest = row
    columns, lines, steps, until, until_t = rest
    if not all(isinstance(n, int) for n in (number, connection, channel, columns, lines, steps)):
        raise UnusableIndexError("a terminal is not told in numbers")
    return StoredTerminal(
        number=_int(number),
        connection=_int(connection),
        channel=_int(channel),
        file=str(file),
        opened=_float(opened),
        closed=None if closed is None else _float(closed),
        command=None if command is None else str(command),
        user=None if user is None else str(user),
        columns=_int(columns),
        lines=_int(lines),
        steps=_int(steps),
        until=_int(until),
        until_t=None if until_t is None else _float(until_t),
    )


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise UnusableIndexError(f"not a whole number: {value!r}")
    return value


def _float(value: object) -> float:
    if not isinstance(value, float | int):
        raise UnusableIndexError(f"not a number: {value!r}")
    return float(value)


@contextmanager
def _reading(connection: sqlite3.Connection) -> Iterator[None]:
    """See one state of the file throughout the block."""
    with _told():
        connection.execute("BEGIN")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


@contextmanager
def _told() -> Iterator[None]:
    """Turn whatever a damaged file makes of a question into the one error.

    Raises:
        UnusableIndexError: Something of the kind happened.

    """
    try:
        yield
    except (*TROUBLE, LookupError, ValueError, TypeError, OverflowError) as error:
        raise UnusableIndexError(f"it cannot be read ({error})") from error
