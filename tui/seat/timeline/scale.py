"""Which column of the timeline a moment stands in, and which moment a column stands for.

Long silences may be shortened to one column each; times themselves are never changed. Pure
arithmetic: both ways are monotone, and a column leads back to itself. No drawing belongs here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

LEAST_SILENCE = 20.0
"""Seconds without output below which a silence is never shortened."""

_WORTH = 3.0
"""Columns that a silence must take before it is worth shortening."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of time on some columns, from ``first`` up to ``last``; both ends behind it."""

    start: float
    until: float
    first: int
    last: int
    silent: bool = False


class Scale:
    """A line of columns for the seconds from 0 to an end; immutable.

    Attributes:
        end: Seconds that the last column stands for; 0 where there is nothing yet.
        width: How many columns there are, at least 1.
        pieces: What lies where, without gaps.

    """

    def __init__(
        self, end: float, width: int, silences: Sequence[tuple[float, float]] = ()
    ) -> None:
        """Lay the time out.

        Args:
            end: Its end in seconds.
            width: Columns of the line.
            silences: Stretches in seconds, in order and apart, that get one column each; the
                shorter ones are left as they are where there are too many of them.

        """
        self.end = max(end, 0.0)
        self.width = max(width, 1)
        self.pieces = _laid_out(self.end, self.width, self._shortened(silences))
        self._starts = [piece.start for piece in self.pieces]
        self._firsts = [piece.first for piece in self.pieces]

    def _shortened(self, silences: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        """Return the silences that are worth it, in order."""
        least = max(LEAST_SILENCE, _WORTH * self.end / self.width)
        worth = [(a, min(b, self.end)) for a, b in silences if min(b, self.end) - a >= least]
        # Each makes two pieces, and each piece needs a column.
        most = max((self.width - 1) // 4, 0)
        longest = sorted(worth, key=lambda each: each[0] - each[1])[:most]
        return sorted(longest)

    def column(self, t: float) -> int:
        """Return the column, from 0, of a moment in seconds."""
        if self.end <= 0:
            return 0
        piece = self.pieces[max(bisect_right(self._starts, t) - 1, 0)]
        length = piece.until - piece.start
        share = (t - piece.start) / length if length > 0 else 0.0
        within = int(min(max(share, 0.0), 1.0) * (piece.last - piece.first))
        return min(piece.first + within, piece.last - 1)

    def moment(self, column: int) -> float:
        """Return the moment in seconds that a column stands for: its middle, but at both ends."""
        if self.end <= 0 or column <= 0:
            return 0.0
        if column >= self.width - 1:
            return self.end
        piece = self.piece(column)
        share = (column - piece.first + 0.5) / (piece.last - piece.first)
        return piece.start + share * (piece.until - piece.start)

    def edge(self, column: int) -> float:
        """Return the moment in seconds at which a column begins; behind the last, the end."""
        if column >= self.width:
            return self.end
        piece = self.piece(column)
        share = (column - piece.first) / (piece.last - piece.first)
        return piece.start + share * (piece.until - piece.start)

    def piece(self, column: int) -> Piece:
        """Return the piece that a column lies in."""
        index = bisect_right(self._firsts, min(max(column, 0), self.width - 1)) - 1
        return self.pieces[max(index, 0)]

    @property
    def shortened(self) -> tuple[Piece, ...]:
        """The silences that take one column each."""
        return tuple(piece for piece in self.pieces if piece.silent)


def _laid_out(end: float, width: int, silences: Sequence[tuple[float, float]]) -> tuple[Piece, ...]:
    """Give each silence a column, and share the others out by time, at least one for each."""
    parts = _parts(end, silences)
    loud = sum(until - start for start, until, silent in parts if not silent)
    spare = width - len(parts)
    found: list[Piece] = []
    passed, column, given = 0.0, 0, 0
    for start, until, silent in parts:
        extra = 0
        if not silent and loud > 0:
            passed += until - start
            # What was shared out up to here, rounded once: no column is lost or added.
            extra = round(spare * passed / loud) - given
            given += extra
        found.append(Piece(start, until, column, column + 1 + extra, silent))
        column += 1 + extra
    if column < width:
        last = found[-1]
        found[-1] = Piece(last.start, last.until, last.first, width, last.silent)
    return tuple(found)


def _parts(end: float, silences: Sequence[tuple[float, float]]) -> list[tuple[float, float, bool]]:
    parts: list[tuple[float, float, bool]] = []
    at = 0.0
    for start, until in silences:
        if start > at:
            parts.append((at, start, False))
        parts.append((max(start, at), until, True))
        at = until
    if at < end or not parts:
        parts.append((at, end, False))
    return parts


def round_end(present: float) -> float:
    """Return an end for the line of a session that goes on, so that it seldom has to be redrawn.

    It lies behind the present by at most a tenth, or some seconds at the beginning.
    """
    step = 10.0
    while step * 20 < present:
        step *= 2
    return (int(present / step) + 1) * step
