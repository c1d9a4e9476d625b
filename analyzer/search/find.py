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
    """A line with matches, as long as they stood in one place without a break.

    Attributes:
        t: Seconds since the session's start at which it was first seen.
        until: When it was seen no more; ``t`` itself if it only scrolled by within the output of
            that moment; None if it stood to the end, or stands still.
        connection: The terminal's connection, from 1.
        channel: The terminal's channel, from 1.
        alternate: It was on the alternate screen, as full-screen programs use it.
        row: The screen's row, from 0, of the first match at ``t``; None if it only scrolled by.
        column: The cell in that row, from 0.
        text: The line, wrapped rows joined, as it was when the matches were seen last.
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
class _Match:
    """A hit that may still be seen to stand longer."""

    t: float
    until: float
    changed: bool
    alternate: bool
    line: int
    row: int
    column: int
    text: str
    start: int
    end: int


_Place = tuple[bool, int, int, str]
"""What tells a match from another: screen, row and column in all that was shown, and its text."""

_Line = tuple[int, float, float | None, int, int, int, int, int]
"""A row of search_lines: text, t, until, changed, alternate, line, row, columns."""


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
        found: list[_Match] = []
        standing: dict[_Place, _Match] = {}
        lines, latest = 0, -NEVER
        for number, t, data in self._blocks(key, candidates):
            if self._cancelled():
                raise SearchCancelledError
            if lines > self._most and latest < t:
                break
            for matches in self._matches_of(number, data):
                fresh = False
                for place, match in matches:
                    before = standing.get(place)
                    if before is not None and before.until == match.t:
                        _prolong(before, match)
                    elif lines <= self._most:
                        standing[place] = match
                        found.append(match)
                        fresh = True
                    if match.changed:
                        latest = max(latest, match.until)
                lines += fresh
        return _hits(key, found)

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

    def _matches_of(self, number: int, data: bytes) -> Iterator[list[tuple[_Place, _Match]]]:
        """Yield the matches of each line of a block, in the order in which they were seen."""
        by_text = _by_text(data, self._matcher)
        if not by_text:
            return
        rows: list[_Line] = self._connection.execute(
            "SELECT text, t, until, changed, alternate, line, row, columns FROM search_lines"
            " WHERE block = ? ORDER BY number",
            (number,),
        ).fetchall()
        for row in rows:
            if row[0] in by_text:
                yield [_match(row, *each) for each in by_text[row[0]]]


def _match(row: _Line, text: str, start: int, end: int) -> tuple[_Place, _Match]:
    _, t, until, changed, alternate, line, first_row, columns = row
    place = place_of(text, start, columns)
    return (bool(alternate), line + place.row, place.column, text[start:end]), _Match(
        t,
        NEVER if until is None else until,
        bool(changed),
        bool(alternate),
        line,
        NO_ROW if first_row == NO_ROW else first_row + place.row,
        place.column,
        text,
        start,
        end,
    )


def _by_text(data: bytes, matcher: Matcher) -> dict[int, list[tuple[str, int, int]]]:
    """Return a block's matches by the number of their text: text, start and end in characters."""
    found: dict[int, list[tuple[str, int, int]]] = {}
    number = counted = 0
    for start, end in matcher.spans(data):
        number += data.count(b"\n", counted, start)
        counted = start
        first = data.rfind(b"\n", 0, start) + 1
        last = data.find(b"\n", end)
        line = data[first : len(data) if last < 0 else last].decode("utf-8", "replace")
        before = len(data[first:start].decode("utf-8", "replace"))
        length = len(data[start:end].decode("utf-8", "replace"))
        found.setdefault(number, []).append((line, before, before + length))
    return found


def _prolong(before: _Match, match: _Match) -> None:
    before.until, before.changed = match.until, match.changed
    before.text, before.start, before.end = match.text, match.start, match.end
    if before.row == NO_ROW:
        before.row = match.row


def _hits(key: tuple[int, int], matches: list[_Match]) -> list[Hit]:
    """Return the matches with those of one line together."""
    lines: dict[tuple[float, float, int, str], list[_Match]] = {}
    for match in matches:
        lines.setdefault((match.t, match.until, match.line, match.text), []).append(match)
    return [_hit(key, each) for each in lines.values()]


def _hit(key: tuple[int, int], matches: list[_Match]) -> Hit:
    match = matches[0]
    return Hit(
        t=match.t,
        until=None if match.until == NEVER else match.until,
        connection=key[0],
        channel=key[1],
        alternate=match.alternate,
        row=None if match.row == NO_ROW else match.row,
        column=match.column,
        text=match.text,
        spans=tuple((each.start, each.end) for each in matches),
    )
