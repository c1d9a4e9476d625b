"""Looks in what was spoken, as `analyzer.search.find` does in what was to be read on a screen.

The same queries; no index, as a session's transcripts are a few thousand lines. Where the lines
come from, and how hits are printed, does not belong here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzer.search.find import span_of
from analyzer.search.query import Matcher
from analyzer.search.text import normal

if TYPE_CHECKING:
    from recorder.transcripts.values import SpokenLine


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenHit:
    """A line of a transcript that matches.

    Attributes:
        line: The line, on the session's clock; without a time where its file gives none.
        text: Its words as they were compared.
        spans: Where in ``text`` the query matches, as characters.

    """

    line: SpokenLine
    text: str
    spans: tuple[tuple[int, int], ...]

    @property
    def t(self) -> float | None:
        """The moment at which it was said, in seconds since the session's start."""
        return self.line.t


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard(SpokenHit):
    """A hit that can be gone to: ``at`` is its moment, or the nearest one of the session's."""

    at: float

    @property
    def t(self) -> float:
        """The moment to go to, in seconds since the session's start."""
        return self.at


def heard_in(hits: Iterable[SpokenHit], duration: float) -> tuple[Heard, ...]:
    """Return the hits that have a time, each with a moment of a session so many seconds long."""
    return tuple(
        Heard(line=hit.line, text=hit.text, spans=hit.spans, at=min(max(hit.t, 0.0), duration))
        for hit in hits
        if hit.t is not None
    )


def find_spoken(
    lines: Sequence[SpokenLine], matcher: Matcher, limit: int | None = None
) -> tuple[tuple[SpokenHit, ...], bool]:
    """Return the lines that match, in their order, and whether there are more than ``limit``."""
    found: list[SpokenHit] = []
    for line in lines:
        text = normal(line.text)
        data = text.encode("utf-8", "replace")
        spans = tuple(span_of(data, start, end) for start, end in matcher.spans(data))
        if not spans:
            continue
        if len(found) == limit:
            return tuple(found), True
        found.append(SpokenHit(line=line, text=text, spans=spans))
    return tuple(found), False
