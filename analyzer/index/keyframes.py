"""Keyframes: what each terminal showed every few kilobytes, and where its recording goes on.

A step is one output or one resize. A keyframe stands after a number of steps, holds a snapshot of
the emulator, and the place in the cast from which the next step is read. A terminal is told up to
its last event but one: what belongs to the last may still follow it in the file. How they are read
is `analyzer.index.reader`'s.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from analyzer.index.file import UnusableIndexError
from analyzer.index.packing import pack, unpack
from analyzer.index.times import Chunk, micros
from analyzer.terminal import Terminal
from recorder.recording.events import AnyEvent, Exited, Input, Logged, Output, Resized
from recorder.recording.journal import ChannelClosed, ChannelOpened

KEYFRAME_EVERY = 16 * 1024
"""Bytes of output between keyframes; other work counts as so many bytes as take as long."""

RESIZE_KEYFRAME_AFTER = 1024
"""Bytes of output after which a resize is worth a keyframe; somebody may drag a window's edge."""

OVERDUE = 8
"""Keyframe distances after which one is taken within a sequence: some never end."""

_STEP_COST = 16
"""Bytes of output that take as long as reading one more line."""

_RESIZE_COST = 1024
"""Bytes of output that take as long as a resize."""

_OUTPUT, _RESIZE, _INPUT = range(3)

_PER_CHUNK = 4096
"""Events in a chunk of times: it is written anew each second until it is full."""

_LARGEST_SNAPSHOT = 1 << 28
"""Bytes that a snapshot may unpack to; the largest terminal's is some megabytes."""

_SCHEMA = (
    (
        "CREATE TABLE keyframes_terminals (id INTEGER PRIMARY KEY, connection INTEGER NOT NULL,"
        " channel INTEGER NOT NULL, file TEXT NOT NULL, opened REAL NOT NULL, closed REAL,"
        " command TEXT, user TEXT, columns INTEGER NOT NULL, lines INTEGER NOT NULL,"
        " steps INTEGER NOT NULL, begin INTEGER NOT NULL, until INTEGER NOT NULL, until_t REAL)"
    ),
    (
        "CREATE TABLE keyframes_times (terminal INTEGER NOT NULL, chunk INTEGER NOT NULL,"
        " steps BLOB NOT NULL, inputs BLOB NOT NULL, resizes BLOB NOT NULL,"
        " PRIMARY KEY (terminal, chunk))"
    ),
    (
        "CREATE TABLE keyframes (terminal INTEGER NOT NULL, step INTEGER NOT NULL,"
        " place INTEGER NOT NULL, t REAL NOT NULL, snapshot BLOB NOT NULL)"
    ),
    "CREATE UNIQUE INDEX keyframes_places ON keyframes (terminal, step, place)",
)


@dataclass(slots=True)
class _Keyframe:
    step: int
    t: float
    snapshot: bytes


@dataclass(slots=True)
class _Track:
    """What one terminal has gathered.

    Attributes:
        steps: Outputs and resizes that are settled: all that belongs to them was seen.
        last: Microseconds and kind of the event that is not settled yet; kind None is no step.
        place: Where the line of that event begins; None before the first event.
        output: Bytes of output since the newest keyframe.
        cost: The same, and other work since, in bytes that take as long.
        newest: After how many steps that stands.
        size: Bytes of it, packed: a huge screen must not make the index larger than the recording.
        waiting: A keyframe after that event; where the file goes on is not known yet.
        ready: Rows of keyframes to write.
        full: Chunks of times to write that do not change any more, with their numbers.
        chunk: The times that come after those.
        number_of_chunk: The number of that chunk.

    """

    number: int
    opened: ChannelOpened
    columns: int
    lines: int
    closed: float | None = None
    steps: int = 0
    begin: int | None = None
    place: int | None = None
    last: tuple[int, int | None] | None = None
    output: int = 0
    cost: int = 0
    newest: int = 0
    size: int = 0
    waiting: _Keyframe | None = None
    ready: list[tuple[int, int, int, float, bytes]] = field(default_factory=list)
    full: list[tuple[int, Chunk]] = field(default_factory=list)
    chunk: Chunk = field(default_factory=Chunk)
    number_of_chunk: int = 0
    changed: bool = True


def unpack_snapshot(packed: object, number: int, step: int) -> bytes:
    """Return a keyframe's snapshot.

    Raises:
        UnusableIndexError: It is damaged, or another keyframe's.

    """
    name, _, snapshot = unpack(packed, _LARGEST_SNAPSHOT).partition(b"\n")
    if name != b"%d %d" % (number, step):
        raise UnusableIndexError("a keyframe is not the one that was asked for")
    return snapshot


def _pack_snapshot(terminal: Terminal, number: int, step: int) -> bytes:
    return pack(b"%d %d\n" % (number, step) + terminal.snapshot())


class KeyframeSink:
    """See `analyzer.index.sink.Sink`."""

    name = "keyframes"
    version = 1

    def __init__(self) -> None:
        self._tracks: dict[tuple[int, int], _Track] = {}
        self._files: set[str] = set()

    def create(self, connection: sqlite3.Connection) -> None:
        """Create the tables."""
        for statement in _SCHEMA:
            connection.execute(statement)

    def observe(self, event: AnyEvent, terminal: Terminal | None) -> None:
        """Take in one event.

        Raises:
            UnusableIndexError: The recording has what an index cannot tell.

        """
        match event:
            case Logged(entry=ChannelOpened() as opened):
                self._open(opened)
            case Logged(entry=ChannelClosed() as closed):
                track = self._tracks.get((closed.connection, closed.channel))
                if track is not None:
                    track.closed, track.changed = closed.t, True
            case Logged():
                pass
            case Output() | Input() | Resized() | Exited():
                track = self._tracks.get((event.connection, event.channel))
                if track is not None:
                    _settle(track, event.place.offset)
                    _take(track, event)
                    if terminal is not None and track.waiting is None:
                        _keep_keyframe(track, event, terminal)

    def flush(self, connection: sqlite3.Connection) -> None:
        """Write what is settled."""
        for track in self._tracks.values():
            if track.changed:
                _write(connection, track)

    def finish(self) -> None:
        """Settle the last events: nothing belongs to them any more."""
        for track in self._tracks.values():
            _settle(track, None)

    def _open(self, opened: ChannelOpened) -> None:
        """Begin a terminal.

        Raises:
            UnusableIndexError: Another one has the same name or file; only damage does that.

        """
        if opened.pty is None or opened.file is None:
            return
        key = (opened.connection, opened.channel)
        if key in self._tracks or opened.file in self._files:
            raise UnusableIndexError(f"the terminal in {opened.file} was opened twice")
        micros(opened.t)
        self._files.add(opened.file)
        self._tracks[key] = _Track(len(self._tracks), opened, opened.pty.columns, opened.pty.lines)


def _settle(track: _Track, place: int | None) -> None:
    """Count the last event: the file goes on at ``place``, None where it does not."""
    if track.last is not None:
        at, kind = track.last
        if kind is not None:
            _count(track, at, kind)
        track.last = None
    if place is not None:
        if track.begin is None:
            track.begin = place
        track.place = place
    if track.waiting is not None:
        # Behind the last step nothing is read, so that its place does not matter.
        waiting, where = track.waiting, track.place or 0
        if place is not None:
            track.ready.append((track.number, waiting.step, where, waiting.t, waiting.snapshot))
        track.waiting = None
    track.changed = True


def _count(track: _Track, at: int, kind: int) -> None:
    if len(track.chunk) >= _PER_CHUNK:
        track.full.append((track.number_of_chunk, track.chunk))
        track.chunk = Chunk()
        track.number_of_chunk += 1
    if kind == _INPUT:
        track.chunk.inputs.append(at)
        return
    if kind == _RESIZE:
        track.chunk.resizes.append(len(track.chunk.steps))
    track.chunk.steps.append(at)
    track.steps += 1


def _take(track: _Track, event: Output | Input | Resized | Exited) -> None:
    at = micros(event.t)
    match event:
        case Output(data=data):
            track.last = (at, _OUTPUT)
            track.output += len(data)
            track.cost += len(data) + _STEP_COST
        case Resized():
            track.last = (at, _RESIZE)
            track.cost += _RESIZE_COST
        case Input():
            track.last = (at, _INPUT)
            track.cost += _STEP_COST
        case Exited():
            track.last = (at, None)


def _keep_keyframe(track: _Track, event: AnyEvent, terminal: Terminal) -> None:
    """Keep a keyframe after the event, if one is due and the parser is between sequences."""
    resized = isinstance(event, Resized) and track.output >= RESIZE_KEYFRAME_AFTER
    if not resized and track.cost < KEYFRAME_EVERY:
        return
    if track.cost < track.size:
        return
    if not terminal.at_ground and track.cost < OVERDUE * KEYFRAME_EVERY:
        return
    steps = track.steps + isinstance(event, Output | Resized)
    if steps == track.newest:
        return
    track.newest = steps
    snapshot = _pack_snapshot(terminal, track.number, steps)
    track.waiting = _Keyframe(steps, event.t, snapshot)
    track.size = len(snapshot)
    track.cost = track.output = 0


def _write(connection: sqlite3.Connection, track: _Track) -> None:
    chunks = [*track.full, (track.number_of_chunk, track.chunk)]
    connection.executemany(
        "INSERT OR REPLACE INTO keyframes_times VALUES (?, ?, ?, ?, ?)",
        [(track.number, number, *chunk.packed()) for number, chunk in chunks],
    )
    connection.executemany("INSERT INTO keyframes VALUES (?, ?, ?, ?, ?)", track.ready)
    opened = track.opened
    connection.execute(
        "INSERT OR REPLACE INTO keyframes_terminals VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            track.number,
            opened.connection,
            opened.channel,
            opened.file,
            opened.t,
            track.closed,
            opened.command,
            opened.user,
            track.columns,
            track.lines,
            track.steps,
            track.begin or 0,
            track.place or 0,
            None if track.last is None else track.last[0] / 1e6,
        ),
    )
    track.full, track.ready, track.changed = [], [], False
