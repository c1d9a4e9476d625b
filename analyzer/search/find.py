"""Looks for a query in one session's index, and tells where and when each match stood.

Blocks that cannot contain a match are left out with the help of FTS5, the others are read. Which
index that is, and whether it is complete, is `sessions`'.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analyzer.search.joined import place_of
from analyzer.search.query import Matcher
from analyzer.search.sightings import NO_ROW
from recorder.errors import JumpseatError

NEVER = float("inf")


class SearchCancelledError(JumpseatError):
    """Whoever searched no longer wants the hits."""

    def __init__(self) -> None:
        super().__init__("the search was cancelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A line that matched, as long as it did so without a break.

    Attributes:
        t: Seconds since the session's start at which it was first seen to match.
        until: When it was seen to match no more; ``t`` itself if it only scrolled by within the
            output of that moment; None if it matched to the end, or still does.
        connection: The terminal's connection, from 1.
        channel: The terminal's channel, from 1.
        alternate: It was on the alternate screen, as full-screen programs use it.
        row: The screen's row, from 0, of the first match at ``t``; None if it only scrolled by.
        column: The cell in that row, from 0.
        text: The line, wrapped rows joined, as it was when it was last seen to match.
        spans: Where each match starts and ends in ``text``, in characters.

    """

    t: float
    until: float | None
    connection: int
    channel: int
    alternate: bool
    row: int | None
    column: int
    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hits by time, and whether there are more than were asked for."""

    hits: tuple[Hit, ...]
    more: bool


@dataclass(slots=True)
class _Standing:
    """A hit that may still be seen to stand longer."""

    t: float
    until: float
    changed: bool
    alternate: bool
    row: int
    column: int
    text: str
    spans: list[tuple[int, int]]


_Line = tuple[int, float, float | None, int, int, int, int, int]
"""A row of search_lines: text, t, until, changed, alternate, line, row, columns."""

_Matches = dict[int, tuple[str, list[tuple[int, int]]]]
"""By the number of a text in its block: the text, and where matches start and end in it."""


class Finder:
    """Searches one index; the connection is the caller's."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        matcher: Matcher,
        *,
        limit: int | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Take an index and a query.

        Args:
            connection: The index.
            matcher: What to look for.
            limit: Hits to return at most.
            cancelled: Asked before each block; must be cheap.

        """
        self._connection = connection
        self._matcher = matcher
        self._most = NEVER if limit is None else limit
        self._limit = limit
        self._cancelled = cancelled

    def find(self, terminal: tuple[int, int] | None = None) -> Found:
        """Return the hits of one terminal (connection, channel), or of all of them.

        Raises:
            SearchCancelledError: ``cancelled`` said so.
            sqlite3.Error: The index cannot be read.

        """
        candidates = self._candidates()
        found = [
            self._find_on(key, candidates)
            for key in self._terminals()
            if terminal is None or key == terminal
        ]
        hits = list(heapq.merge(*found, key=lambda hit: hit.t))
        more = len(hits) > self._most
        return Found(hits=tuple(hits[: self._limit]), more=more)

    def _terminals(self) -> list[tuple[int, int]]:
        return self._connection.execute(
            "SELECT DISTINCT connection, channel FROM search_blocks ORDER BY connection, channel"
        ).fetchall()

    def _candidates(self) -> list[int] | None:
        """Return the blocks that may contain a match; None is all of them."""
        trigrams = self._matcher.trigrams
        if not trigrams or not self._can_ask():
            return None
        words = " AND ".join('"' + each.replace('"', '""') + '"' for each in trigrams)
        rows = self._connection.execute(
            "SELECT rowid FROM search_trigrams WHERE search_trigrams MATCH ? ORDER BY rowid",
            (words,),
        )
        return [number for (number,) in rows]

    def _can_ask(self) -> bool:
        try:
            self._connection.execute("SELECT rowid FROM search_trigrams LIMIT 0")
        except sqlite3.OperationalError:
            # Made, or read, by a Python whose SQLite has no FTS5.
            return False
        return True

    def _find_on(self, key: tuple[int, int], candidates: list[int] | None) -> list[Hit]:
        found: list[_Standing] = []
        # By screen and row, counted through all that was shown: what was last seen to match there.
        standing: dict[tuple[int, int], _Standing] = {}
        latest = -NEVER
        for number, t, data in self._blocks(key, candidates):
            if self._cancelled():
                raise SearchCancelledError
            if len(found) > self._most and latest < t:
                break
            for rows, seen in self._lines_of(number, data):
                places = [(int(seen.alternate), row) for row in rows]
                before = (standing.get(place) for place in places)
                hit = next((each for each in before if each and each.until == seen.t), None)
                if hit is not None:
                    _prolong(hit, seen)
                elif len(found) <= self._most:
                    hit = seen
                    found.append(hit)
                else:
                    continue
                standing.update(dict.fromkeys(places, hit))
                if hit.changed:
                    latest = max(latest, hit.until)
        return [_hit(key, each) for each in found]

    def _blocks(
        self, key: tuple[int, int], candidates: list[int] | None
    ) -> Iterator[tuple[int, float, bytes]]:
        """Yield number, first moment and text of blocks, in order."""
        if candidates is None:
            yield from self._connection.execute(
                "SELECT id, t, data FROM search_blocks WHERE connection = ? AND channel = ?"
                " ORDER BY id",
                key,
            )
            return
        for number in candidates:
            yield from self._connection.execute(
                "SELECT id, t, data FROM search_blocks"
                " WHERE id = ? AND connection = ? AND channel = ?",
                (number, *key),
            )

    def _lines_of(self, number: int, data: bytes) -> Iterator[tuple[list[int], _Standing]]:
        """Yield a block's matching lines as they were seen, with the rows of their matches."""
        matches = _matches(data, self._matcher)
        if not matches:
            return
        rows: list[_Line] = self._connection.execute(
            "SELECT text, t, until, changed, alternate, line, row, columns FROM search_lines"
            " WHERE block = ? ORDER BY number",
            (number,),
        ).fetchall()
        for row in rows:
            if row[0] in matches:
                yield _seen(row, *matches[row[0]])


def _seen(row: _Line, text: str, spans: list[tuple[int, int]]) -> tuple[list[int], _Standing]:
    _, t, until, changed, alternate, line, first_row, columns = row
    places = [place_of(text, start, columns) for start, _ in spans]
    first = places[0]
    return [line + each.row for each in places], _Standing(
        float(t),
        NEVER if until is None else float(until),
        bool(changed),
        bool(alternate),
        NO_ROW if first_row == NO_ROW else first_row + first.row,
        first.column,
        text,
        spans,
    )


def _matches(data: bytes, matcher: Matcher) -> _Matches:
    """Return where a block's lines match."""
    found: _Matches = {}
    number = first = last = -1
    spans: list[tuple[int, int]] = []
    line = b""
    for start, end in matcher.spans(data):
        if start > last:
            # Counted from the line before, so that a block is gone through once.
            number += data.count(b"\n", max(last, 0), start) + (last < 0)
            first = data.rfind(b"\n", 0, start) + 1
            last = data.find(b"\n", end)
            last = len(data) if last < 0 else last
            line, spans = data[first:last], []
            found[number] = (line.decode("utf-8", "replace"), spans)
        spans.append(span_of(line, start - first, end - first))
    return found


def span_of(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Return a span of UTF-8 bytes as one of characters."""
    if data.isascii():
        return start, end
    before = len(data[:start].decode("utf-8", "replace"))
    return before, before + len(data[start:end].decode("utf-8", "replace"))


def _prolong(hit: _Standing, seen: _Standing) -> None:
    hit.until, hit.changed = seen.until, seen.changed
    hit.text, hit.spans = seen.text, seen.spans
    if hit.row == NO_ROW:
        hit.row, hit.column = seen.row, seen.column


def _hit(key: tuple[int, int], hit: _Standing) -> Hit:
    return Hit(
        t=hit.t,
        until=None if hit.until == NEVER else hit.until,
        connection=key[0],
        channel=key[1],
        alternate=hit.alternate,
        row=None if hit.row == NO_ROW else hit.row,
        column=hit.column,
        text=hit.text,
        spans=tuple(hit.spans),
    )
