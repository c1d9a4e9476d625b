"""The state of a search in the replay: what was asked and found, which hit is the present one.

Pure: the app turns keys into these calls, and tests call them without a screen. Neither widgets nor
files belong here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from analyzer.search.find import Found, Hit
from analyzer.search.query import Matcher, Query
from analyzer.search.spoken import Heard
from analyzer.visible import plain
from tui.seat.drawing import harmless
from tui.seat.feed import TerminalKey
from tui.seat.look import SPOKEN_MARK
from tui.seat.moments import Moment

PATTERN = "re:"
"""What a query begins with that is a regular expression."""

MOST = 1000
"""Hits that are told; whoever has more asks for something rarer."""

_EPSILON = 1e-6
_LEAD = 16
"""Characters of a line shown before its first match."""

_SAID = 40
"""Characters of what was said that stand beside the count."""

_ID = "hit-"

AnyHit = Hit | Heard
"""A line that stood on a screen, or one that was spoken."""


def query_of(text: str) -> Query:
    """Return what was typed as a query."""
    if text.startswith(PATTERN):
        return Query(text=text.removeprefix(PATTERN), regex=True)
    return Query(text=text)


class Search:
    """One search after another.

    Attributes:
        matcher: What is looked for; None while there is no search.
        hits: What was found, by time.
        failure: Why nothing can be found, in words; empty where nothing is wrong.

    """

    def __init__(self) -> None:
        self.matcher: Matcher | None = None
        self.hits: tuple[AnyHit, ...] = ()
        self.failure = ""
        self._more = False
        self._answered = False
        self._current: int | None = None

    @property
    def is_on(self) -> bool:
        """Whether there is a search."""
        return self.matcher is not None

    def begin(self, text: str) -> Matcher:
        """Look for something else; return what to look for.

        Raises:
            QueryError: It makes no sense; the search before goes on.

        """
        matcher = Matcher(query_of(text))
        self.leave()
        self.matcher = matcher
        return matcher

    def leave(self) -> None:
        """Look for nothing."""
        self.matcher, self.hits, self.failure = None, (), ""
        self._more, self._answered, self._current = False, False, None

    def take(self, matcher: Matcher, found: Found, heard: Iterable[Heard] = ()) -> bool:
        """Take in what was found on screens and heard; return whether it is looked for now."""
        if matcher is not self.matcher:
            return False
        self.hits = tuple(sorted((*found.hits, *heard), key=lambda hit: hit.t))
        self._more = found.more
        self._answered, self._current = True, None
        return True

    def fail(self, matcher: Matcher, words: str) -> None:
        """Take in that it cannot be searched."""
        if matcher is self.matcher:
            self.failure, self._answered = words, True

    def current(self, position: float) -> AnyHit | None:
        """Return the hit that was gone to, as long as nobody went elsewhere."""
        if self._current is None:
            return None
        hit = self.hits[self._current]
        return hit if abs(hit.t - position) < _EPSILON else None

    def step(self, position: float, *, on: bool) -> AnyHit | None:
        """Go to the next hit after the position, or the one before; None where there is none."""
        if self.current(position) is not None and self._current is not None:
            index = self._current + (1 if on else -1)
        elif on:
            index = bisect_right(self.hits, position + _EPSILON, key=lambda hit: hit.t)
        else:
            index = bisect_left(self.hits, position - _EPSILON, key=lambda hit: hit.t) - 1
        if not 0 <= index < len(self.hits):
            return None
        return self.choose(index)

    def choose(self, index: int) -> AnyHit:
        """Go to one of the hits."""
        self._current = index
        return self.hits[index]

    def words(self, position: float) -> str:
        """Return how the search stands: ``3 of 17``."""
        if self.matcher is None:
            return ""
        if self.failure:
            return self.failure
        if not self._answered:
            return "searching …"
        if not self.hits:
            return "nothing was found"
        count = f"{len(self.hits)}{'+' if self._more else ''}"
        hit = self.current(position)
        if hit is None or self._current is None:
            return f"{count} hits" if count != "1" else "1 hit"
        return f"{self._current + 1} of {count}{_how(hit)}"

    def index(self, position: float) -> int | None:
        """Return which hit was gone to, as long as nobody went elsewhere."""
        return None if self.current(position) is None else self._current


def _how(hit: AnyHit) -> str:
    """Return what is to be said of a hit that the screen does not show."""
    if isinstance(hit, Heard):
        words = f"{_speaker(hit) or 'said: '}{_words(hit)}"
        return f" · {words if len(words) <= _SAID else words[: _SAID - 1] + '…'}"
    return " · scrolled by" if hit.until == hit.t else ""


def _speaker(hit: Heard) -> str:
    return plain(f"{hit.line.speaker}: ") if hit.line.speaker else ""


def hit_moments(hits: tuple[AnyHit, ...]) -> tuple[Moment, ...]:
    """Return hits as rows of a list."""
    return tuple(_moment(index, hit) for index, hit in enumerate(hits))


def _moment(index: int, hit: AnyHit) -> Moment:
    name = f"{_ID}{index}"
    if isinstance(hit, Heard):
        words = _speaker(hit) + _words(hit)
        return Moment(id=name, t=hit.t, words=words, outcome="ok", mark=SPOKEN_MARK)
    terminal = TerminalKey(hit.connection, hit.channel)
    return Moment(id=name, t=hit.t, words=_words(hit), outcome="ok", terminal=terminal)


def _words(hit: AnyHit) -> str:
    start = max(0, hit.spans[0][0] - _LEAD)
    return harmless(("…" if start else "") + hit.text[start : start + 200].strip())


def hit_of(moment: Moment) -> int | None:
    """Return which hit a row stands for, None where it is another moment."""
    return int(moment.id.removeprefix(_ID)) if moment.id.startswith(_ID) else None
