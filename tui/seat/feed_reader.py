"""Asks the feed, in threads, and posts what it answers to the app as immutable messages.

Four loops, each owned by a Textual worker: screens and searches, where only the newest wish
counts, findings, and what the viewer says and notes, of which all is kept in its order
(`tui.seat.keeping`). None blocks the app; all end when told to. No widget and no rule of playing
belongs here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message

from analyzer.search.find import Found as HitsFound
from analyzer.search.find import SearchCancelledError
from analyzer.search.query import Matcher
from recorder.errors import JumpseatError
from tui.seat.feed import Feed, Findings, Overview, Picture, TerminalKey
from tui.seat.keeping import Judging, Keeper, Wanted
from tui.seat.searching import MOST

LIVE_INTERVAL = 0.05
"""Seconds between two looks at a recording that grows."""

FINDINGS_INTERVAL = 0.5
"""Seconds between two looks at the tags and commands of a live session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A screen that the app wants; ``steps`` outputs after ``t``, before it where negative."""

    serial: int
    t: float
    terminal: TerminalKey | None
    steps: int = 0


class Read(Message):
    """The session was read as far as it goes, for the first time or again."""

    def __init__(self, overview: Overview) -> None:
        super().__init__()
        self.overview = overview


class Shown(Message):
    """A wish was answered."""

    def __init__(self, wish: Wish, picture: Picture) -> None:
        super().__init__()
        self.wish = wish
        self.picture = picture


class Found(Message):
    """Tags and commands, whenever they differ from those before."""

    def __init__(self, findings: Findings) -> None:
        super().__init__()
        self.findings = findings


class NotFound(Message):
    """Tags and commands cannot be had at present."""

    def __init__(self, error: JumpseatError) -> None:
        super().__init__()
        self.error = error


class NotSettled(Message):
    """The session stays slow to move in."""

    def __init__(self, error: JumpseatError) -> None:
        super().__init__()
        self.error = error


class Searched(Message):
    """A search was answered."""

    def __init__(self, matcher: Matcher, found: HitsFound) -> None:
        super().__init__()
        self.matcher = matcher
        self.found = found


class NotSearched(Message):
    """A search cannot be answered."""

    def __init__(self, matcher: Matcher, error: JumpseatError) -> None:
        super().__init__()
        self.matcher = matcher
        self.error = error


class Broken(Message):
    """The recording cannot be read."""

    def __init__(self, error: JumpseatError) -> None:
        super().__init__()
        self.error = error


class FeedReader:
    """Owns the feed while the app runs.

    `read_screens`, `read_findings`, `read_searches` and `keep_words` are the loops.
    """

    def __init__(self, feed: Feed, post: Callable[[Message], object]) -> None:
        self._feed = feed
        self._post = post
        self._changed = threading.Condition()
        self._wish: Wish | None = None
        self._sought = threading.Condition()
        self._search: Matcher | None = None
        self._keeper = Keeper(feed, post)
        self._due = 0.0
        self._stopped = threading.Event()
        self._live = threading.Event()
        self._opened = threading.Event()

    def ask(self, wish: Wish) -> None:
        """Want another screen; a wish that was not yet begun is forgotten."""
        with self._changed:
            self._wish = wish
            self._changed.notify()

    def search(self, matcher: Matcher) -> None:
        """Want something found; whatever is looked for now is given up."""
        with self._sought:
            self._search = matcher
            self._sought.notify()

    def keep(self, wanted: Judging | Wanted) -> None:
        """Want something kept that the viewer says or notes."""
        self._keeper.put(wanted)

    def stop(self) -> None:
        """Let all loops end; what was said before is kept."""
        self._stopped.set()
        self._keeper.stop()
        self._opened.set()
        for condition in (self._changed, self._sought):
            with condition:
                condition.notify()

    def read_screens(self) -> None:
        """Open the feed, then answer wishes and look for growth until stopped; close the feed."""
        try:
            self._took_in(self._feed.open())
            while not self._stopped.is_set():
                wish = self._next_wish()
                if wish is not None:
                    self._answer(wish)
                if self._live.is_set() and time.monotonic() >= self._due:
                    self._took_in(self._feed.refresh())
        except JumpseatError as error:
            self._post(Broken(error))
        finally:
            self._opened.set()
            self._feed.close()

    def _took_in(self, overview: Overview) -> None:
        if overview.live:
            self._live.set()
        else:
            self._live.clear()
        self._opened.set()
        self._due = time.monotonic() + LIVE_INTERVAL
        self._post(Read(overview))

    def _next_wish(self) -> Wish | None:
        """Wait for a wish; None when it is time to look for growth, or to stop."""
        with self._changed:
            if self._wish is None and not self._stopped.is_set():
                rest = max(self._due - time.monotonic(), 0.0)
                self._changed.wait(rest if self._live.is_set() else None)
            wish, self._wish = self._wish, None
            return wish

    def _answer(self, wish: Wish) -> None:
        t = wish.t
        if wish.steps:
            t = self._feed.step(t, wish.terminal, wish.steps)
        self._post(Shown(wish, self._feed.picture(t, wish.terminal)))

    def read_searches(self) -> None:
        """Answer searches until stopped."""
        while (matcher := self._next_search()) is not None:
            try:
                found = self._feed.search(matcher, MOST, self._is_overtaken)
            except SearchCancelledError:
                continue
            except JumpseatError as error:
                self._post(NotSearched(matcher, error))
            else:
                self._post(Searched(matcher, found))

    def _next_search(self) -> Matcher | None:
        """Wait for something to look for; None when it is time to stop."""
        with self._sought:
            self._sought.wait_for(lambda: self._search is not None or self._stopped.is_set())
            matcher, self._search = self._search, None
            return None if self._stopped.is_set() else matcher

    def _is_overtaken(self) -> bool:
        return self._stopped.is_set() or self._search is not None

    def keep_words(self) -> None:
        """Keep what the viewer says and notes, one after the other, until stopped."""
        self._keeper.run()

    @property
    def unkept(self) -> tuple[tuple[Wanted, JumpseatError], ...]:
        """What was noted and could not be kept, and the app was not there any more to say so."""
        return self._keeper.unkept

    def read_findings(self) -> None:
        """Post findings until stopped; once of a finished session, again and again of a live one.

        The last look is taken after the session has ended, so that nothing is missed.
        """
        self._opened.wait()
        posted: Findings | None = None
        while not self._stopped.is_set():
            live = self._live.is_set()
            try:
                findings = self._feed.findings()
            except JumpseatError as error:
                if self._stopped.is_set():
                    return
                self._post(NotFound(error))
            else:
                if findings != posted:
                    self._post(Found(findings))
                    posted = findings
            if not live:
                self._settle()
                return
            self._stopped.wait(FINDINGS_INTERVAL)

    def _settle(self) -> None:
        try:
            if not self._stopped.is_set():
                self._feed.settle()
        except JumpseatError as error:
            self._post(NotSettled(error))
