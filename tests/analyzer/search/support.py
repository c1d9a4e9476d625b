"""Indexes in memory, made of a few outputs or of recordings that a test writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from analyzer.search.find import Finder, Found, Hit
from analyzer.search.query import Matcher, Query
from analyzer.search.sink import SearchSink
from recorder.recording.events import Logged, Output, Place, Resized
from recorder.recording.journal import ChannelOpened, PtyRequest

Step = tuple[float, bytes | tuple[int, int]]
PLACE = Place(file="c1-1.cast", offset=0)


def show(sink: SearchSink, steps: Iterable[Step], channel: int = 1) -> None:
    for t, what in steps:
        if isinstance(what, bytes):
            sink.observe(Output(t=t, place=PLACE, connection=1, channel=channel, data=what), None)
        else:
            columns, lines = what
            sink.observe(
                Resized(
                    t=t, place=PLACE, connection=1, channel=channel, columns=columns, lines=lines
                ),
                None,
            )


def opened(sink: SearchSink, columns: int = 80, lines: int = 24, channel: int = 1) -> None:
    pty = PtyRequest(term="xterm", columns=columns, lines=lines)
    entry = ChannelOpened(
        t=0, connection=1, channel=channel, kind="shell", user="u", pty=pty, file="c1-1.cast"
    )
    sink.observe(Logged(t=0, place=PLACE, entry=entry), None)


def written(sink: SearchSink, connection: sqlite3.Connection | None = None) -> sqlite3.Connection:
    if connection is None:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        sink.create(connection)
    sink.flush(connection)
    return connection


def indexed(steps: Iterable[Step], columns: int = 80, lines: int = 24) -> sqlite3.Connection:
    sink = SearchSink()
    opened(sink, columns, lines)
    show(sink, steps)
    return written(sink)


def found(connection: sqlite3.Connection, text: str, *, limit: int | None = None, **how) -> Found:
    return Finder(connection, Matcher(Query(text=text, **how)), limit=limit).find()


def hits(connection: sqlite3.Connection, text: str, **how) -> list[Hit]:
    return list(found(connection, text, **how).hits)


def matched(hit: Hit) -> list[str]:
    return [hit.text[start:end] for start, end in hit.spans]
