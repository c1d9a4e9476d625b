"""The search index of one session: what its terminals showed, in tables of the session's index.

Sightings are kept in blocks of text, in the order in which they came, so that a search reads few
and large pieces; FTS5 knows which blocks contain three characters in a row. Blocks are never
written again, but a line that stood when it was written gets its end later. Looking is `find`'s.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from analyzer.search.lines import LineRecorder
from analyzer.search.sightings import Sighting
from analyzer.search.text import fold
from analyzer.terminal import Terminal
from recorder.recording.events import AnyEvent, Exited, Input, Logged, Output, Resized
from recorder.recording.journal import ChannelClosed, ChannelOpened

VERSION = 1
"""Raised with every change of what is kept, or of when screens are looked at."""

BLOCK_BYTES = 16 * 1024
"""Text in a block, before its last line."""

BLOCK_LINES = 512
"""Sightings in a block."""

_BLOCKS = (
    "CREATE TABLE search_blocks (id INTEGER PRIMARY KEY, connection INTEGER NOT NULL,"
    " channel INTEGER NOT NULL, t REAL NOT NULL, data BLOB NOT NULL)"
)

_LINES = (
    "CREATE TABLE search_lines (block INTEGER NOT NULL, number INTEGER NOT NULL,"
    " text INTEGER NOT NULL, t REAL NOT NULL, until REAL, changed INTEGER NOT NULL,"
    " alternate INTEGER NOT NULL, line INTEGER NOT NULL, row INTEGER NOT NULL,"
    " columns INTEGER NOT NULL, PRIMARY KEY (block, number)) WITHOUT ROWID"
)

_TRIGRAMS = (
    "CREATE VIRTUAL TABLE search_trigrams USING fts5(text, content='', columnsize=0,"
    " detail=none, tokenize='trigram case_sensitive 1')"
)


@dataclass(slots=True)
class _Block:
    sightings: list[Sighting] = field(default_factory=list)
    texts: dict[str, int] = field(default_factory=dict)
    size: int = 0

    def add(self, sighting: Sighting) -> None:
        self.sightings.append(sighting)
        if sighting.text not in self.texts:
            self.texts[sighting.text] = len(self.texts)
            self.size += len(sighting.text) + 1

    @property
    def is_full(self) -> bool:
        return self.size >= BLOCK_BYTES or len(self.sightings) >= BLOCK_LINES


class _Kept:
    """A `Keeper`: gathers one terminal's sightings until they are written."""

    def __init__(self, connection: int, channel: int) -> None:
        self.connection = connection
        self.channel = channel
        self._blocks = [_Block()]
        self._ended: list[Sighting] = []

    def seen(self, sighting: Sighting) -> None:
        if self._blocks[-1].is_full:
            self._blocks.append(_Block())
        self._blocks[-1].add(sighting)

    def gone(self, sighting: Sighting) -> None:
        if sighting.place is not None:
            self._ended.append(sighting)

    def take(self) -> tuple[list[_Block], list[Sighting]]:
        """Return what is to be written, and begin anew."""
        blocks = [block for block in self._blocks if block.sightings]
        ended, self._blocks, self._ended = self._ended, [_Block()], []
        return blocks, ended


class SearchSink:
    """An `analyzer.index.sink.Sink`; its terminals are its own, as it looks at them in between."""

    name = "search"
    version = VERSION

    def __init__(self) -> None:
        self._kept: list[_Kept] = []
        self._recorders: dict[tuple[int, int], LineRecorder] = {}
        self._has_trigrams = False

    def create(self, connection: sqlite3.Connection) -> None:
        """Create the tables; without FTS5 and its trigrams, a search reads all blocks."""
        connection.execute(_BLOCKS)
        connection.execute(_LINES)
        self._has_trigrams = has_trigrams()
        if self._has_trigrams:
            connection.execute(_TRIGRAMS)

    def observe(self, event: AnyEvent, terminal: Terminal | None) -> None:
        """Take in one event."""
        del terminal
        match event:
            case Logged(entry=ChannelOpened() as opened) if opened.pty is not None:
                kept = _Kept(opened.connection, opened.channel)
                self._kept.append(kept)
                size = (opened.pty.columns, opened.pty.lines)
                recorder = LineRecorder(opened.t, *size, kept)
                self._recorders[opened.connection, opened.channel] = recorder
            case Logged(entry=ChannelClosed() as closed):
                # A screen and what scrolled off it are megabytes, and nothing comes to it any more.
                gone = self._recorders.pop((closed.connection, closed.channel), None)
                if gone is not None:
                    gone.settle()
            case Output() | Resized():
                recorder_of = self._recorders.get((event.connection, event.channel))
                if recorder_of is not None:
                    _show(recorder_of, event)
            case Logged() | Input() | Exited():
                pass

    def flush(self, connection: sqlite3.Connection) -> None:
        """Write what was gathered, the present screens included."""
        for recorder in self._recorders.values():
            recorder.settle()
        for kept in self._kept:
            blocks, ended = kept.take()
            connection.executemany(
                "UPDATE search_lines SET until = ?, changed = ?, row = ?"
                " WHERE block = ? AND number = ?",
                ((each.until, each.changed, each.row, *(each.place or ())) for each in ended),
            )
            for block in blocks:
                self._write(connection, kept, block)

    def finish(self) -> None:
        """Look at the last screens once more."""
        for recorder in self._recorders.values():
            recorder.settle()

    def _write(self, connection: sqlite3.Connection, kept: _Kept, block: _Block) -> None:
        text = "\n".join(block.texts)
        data = text.encode("utf-8", "replace")
        first = block.sightings[0].t
        number = connection.execute(
            "INSERT INTO search_blocks (connection, channel, t, data) VALUES (?, ?, ?, ?)",
            (kept.connection, kept.channel, first, data),
        ).lastrowid
        if number is None:
            raise sqlite3.DatabaseError("SQLite did not number a block")
        connection.executemany(
            "INSERT INTO search_lines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _rows(block, number)
        )
        if self._has_trigrams:
            connection.execute(
                "INSERT INTO search_trigrams (rowid, text) VALUES (?, ?)", (number, fold(text))
            )


def _show(recorder: LineRecorder, event: Output | Resized) -> None:
    if isinstance(event, Output):
        recorder.feed(event.t, event.data)
    else:
        recorder.resize(event.t, event.columns, event.lines)


def _rows(block: _Block, number: int) -> Iterator[tuple[object, ...]]:
    for index, each in enumerate(block.sightings):
        each.place = (number, index)
        yield (
            number,
            index,
            block.texts[each.text],
            each.t,
            each.until,
            each.changed,
            each.alternate,
            each.line,
            each.row,
            each.columns,
        )


def has_trigrams() -> bool:
    """Return whether this Python's SQLite has FTS5 with trigrams (SQLite 3.34 and later)."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(_TRIGRAMS)
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True
