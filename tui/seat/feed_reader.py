"""Asks the feed, in threads, and posts what it answers to the app as immutable messages.

Five loops, each owned by a Textual worker: screens and searches, where only the newest wish
counts, findings, what the viewer says and notes, and their card, of which all is kept in its order
(`tui.seat.notes.keeping`). None blocks the app; all end when told to. What is shown before the feed
is there is `tui.seat.prelude`'s. No widget and no rule of playing belongs here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message

from analyzer.activity import Activity
from analyzer.search.find import SearchCancelledError
from analyzer.search.query import Matcher
from recorder.errors import JumpseatError, SessionNotFoundError
from tui.seat.card.keeping import CardKeeper
from tui.seat.feed import Feed, Findings, Opening, Overview
from tui.seat.news import (
    Broken,
    ClockNotStarted,
    Counted,
    Found,
    Lost,
    NotFound,
    NotSearched,
    NotSettled,
    Read,
    Regained,
    Searched,
    Shown,
    Told,
    Wish,
)
from tui.seat.notes.keeping import Judging, Keeper, Wanted
from tui.seat.prelude import Prelude
from tui.seat.searching import MOST

if TYPE_CHECKING:
    from tui.seat.card.edits import Step

LOOK_INTERVAL = 0.04
"""Seconds between two looks whether a live recording has grown."""

LIVE_INTERVAL = 0.05
"""Seconds between two readings of a recording that grows: twenty pictures are smooth for text."""

ACTIVITY_INTERVAL = 1.0
"""Seconds between two counts of what happened in a live session."""

FINDINGS_INTERVAL = 0.15
"""Seconds between two looks at the tags and commands of a live session."""

RETRY = 0.5
"""Seconds between two tries of what could not be read."""

FINDINGS_RETRY = 2.0
"""Seconds between two tries of findings, and before those that were stored are looked into: those
of a session that has ended may take work."""


_REST = 4.0
"""Times as long as reading had a core that it rests, so that it has a fifth of a core at most."""

_MOST_REST = 0.4
"""Seconds that it rests at most."""

_FIRST_PICTURE = 1.0
"""Seconds that findings wait for the first screen at most."""

_FIRST_LISTS = 0.5
"""Seconds that the feed waits for lists that are there before it, at most."""


class FeedReader:
    """Owns the feed while the app runs.

    `read_screens`, `read_findings`, `read_searches`, `keep_words` and `keep_card` are the loops.
    """

    def __init__(self, feed: Feed | Opening, post: Callable[[Message], object]) -> None:
        self._given = feed
        self._prelude = Prelude(feed.start if isinstance(feed, Opening) else None, post)
        self._made: Feed | None = None
        self._is_made = threading.Event()
        self._post = post
        self._changed = threading.Condition()
        self._wish: Wish | None = None
        self._sought = threading.Condition()
        self._search: Matcher | None = None
        self._keeper = Keeper(lambda: self._feed, post)
        self._cards = CardKeeper(lambda: self._feed, post)
        self._again = threading.Event()
        self._due = 0.0
        self._began = 0.0
        self._told: Overview | None = None
        self._is_lost = False
        self._counted = Activity()
        self._count_due = 0.0
        self._is_counted = False
        self._stopped = threading.Event()
        self._live = threading.Event()
        self._begun = threading.Event()
        self._listed = threading.Event()
        self._opened = threading.Event()
        self._pictured = threading.Event()

    @property
    def _feed(self) -> Feed:
        """The feed; waits until it was made.

        Raises:
            SessionNotFoundError: It could not be.

        """
        self._is_made.wait()
        if self._made is None:
            raise SessionNotFoundError("the session could not be opened")
        return self._made

    def _make(self) -> None:
        try:
            given = self._given
            self._made = given.make() if isinstance(given, Opening) else given
        finally:
            self._is_made.set()

    def ask(self, wish: Wish) -> None:
        """Want another screen; a wish that was not yet begun is forgotten."""
        with self._changed:
            self._wish = None if self._prelude.answer(wish) else wish
            self._changed.notify()

    def search(self, matcher: Matcher) -> None:
        """Want something found; whatever is looked for now is given up."""
        with self._sought:
            self._search = matcher
            self._sought.notify()

    def keep(self, wanted: Judging | Wanted) -> None:
        """Want something kept that the viewer says or notes."""
        self._keeper.put(wanted)

    def put_card(self, step: Step) -> int:
        """Want something said on the viewer's card; return the serial that it is answered by."""
        self._prelude.hide_findings()
        return self._cards.put(step)

    def look_again(self) -> None:
        """Read the findings anew, also of a session that has ended."""
        self._again.set()

    def stop(self) -> None:
        """Let all loops end; what was said before is kept."""
        self._stopped.set()
        self._keeper.stop()
        self._cards.stop()
        for event in (self._again, self._begun, self._listed, self._opened, self._pictured):
            event.set()
        for condition in (self._changed, self._sought):
            with condition:
                condition.notify()
        self._prelude.close()

    def read_screens(self) -> None:
        """Open the feed, then answer wishes and look for growth until stopped; close the feed."""
        try:
            self._begin()
            self._make()
            self._take_over(self._feed.open())
            self._tell()
            while not self._stopped.is_set():
                wish = self._next_wish()
                if wish is not None:
                    self._answer(wish)
                if self._looks() and time.monotonic() >= self._due:
                    self._refresh()
                self._count()
        except JumpseatError as error:
            self._post(Broken(error))
        finally:
            for event in (self._is_made, self._begun, self._opened):
                event.set()
            if self._made is not None:
                self._made.close()

    def _begin(self) -> None:
        """Show what is there before the feed, and let its lists come before what that imports."""
        beginning = self._prelude.begin()
        if beginning is not None:
            self._told = beginning.overview
            self._begun.set()
            self._listed.wait(_FIRST_LISTS)

    def _take_over(self, overview: Overview) -> None:
        """Let the feed answer from now on, and what was answered before it once more."""
        with self._changed:
            answered = self._prelude.end()
            self._wish = self._wish or answered
        self._took_in(overview)
        self._begun.set()

    def _tell(self) -> None:
        try:
            while not self._stopped.is_set() and (entries := self._feed.news()):
                self._post(Told(entries))
        except JumpseatError as error:
            self._miss(error)

    def start_clock(self) -> None:
        """Start the session's clock; called in a thread of its own, as `serve` may take its time.

        That it runs is told by the journal.
        """
        try:
            self._feed.start_clock()
        except JumpseatError as error:
            self._post(ClockNotStarted(error))

    def _took_in(self, overview: Overview) -> None:
        if overview.live:
            self._live.set()
        else:
            self._live.clear()
        self._opened.set()
        new = overview != self._told
        self._rest(LIVE_INTERVAL if new else LOOK_INTERVAL)
        if new:
            self._told = overview
            self._post(Read(overview))

    def _rest(self, seconds: float) -> None:
        """Look again after some seconds, and later where reading took long: others need the core.

        Whoever floods the terminal would else have all of it, and keys would wait.
        """
        spent = time.thread_time() - self._began
        rest = max(seconds, min(spent * _REST, _MOST_REST))
        self._due = max(self._due, time.monotonic() + rest)

    def _looks(self) -> bool:
        """Whether there is anything to look for again and again."""
        return self._live.is_set() or self._is_lost

    def _refresh(self) -> None:
        self._began = time.thread_time()
        try:
            overview = self._feed.refresh()
        except JumpseatError as error:
            self._miss(error)
            return
        if self._is_lost:
            self._is_lost = False
            self._post(Regained())
        self._took_in(overview)
        self._tell()

    def _miss(self, error: JumpseatError) -> None:
        """Say that the recording cannot be read, once, and try again."""
        self._due = max(self._due, time.monotonic() + RETRY)
        if not self._is_lost:
            self._is_lost = True
            self._post(Lost(error))

    def _count(self) -> None:
        """Count what happened: once the first screen was shown, and while there is more to come.

        Nobody should wait for it, so a wish comes first.
        """
        live = self._live.is_set()
        early = live and time.monotonic() < self._count_due
        if self._wish is not None or early or self._is_counted:
            return
        self._count_due = time.monotonic() + ACTIVITY_INTERVAL
        try:
            activity = self._feed.activity()
        except JumpseatError as error:
            self._miss(error)
            return
        self._is_counted = not live
        if activity != self._counted:
            self._counted = activity
            self._post(Counted(activity))

    def _next_wish(self) -> Wish | None:
        """Wait for a wish; None when it is time to look for growth, or to stop."""
        with self._changed:
            if self._wish is None and not self._stopped.is_set():
                rest = max(self._due - time.monotonic(), 0.0)
                self._changed.wait(rest if self._looks() else None)
            wish, self._wish = self._wish, None
            return wish

    def _answer(self, wish: Wish) -> None:
        t = wish.t
        try:
            if wish.steps:
                t = self._feed.step(t, wish.terminal, wish.steps)
            picture = self._feed.picture(t, wish.terminal)
        except JumpseatError as error:
            self._miss(error)
        else:
            self._post(Shown(wish, picture))
            self._rest(LIVE_INTERVAL)
            self._pictured.set()

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

    def keep_card(self) -> None:
        """Keep what is said on the viewer's card, until stopped."""
        self._cards.run()

    @property
    def unkept_card(self) -> tuple[tuple[Step, ...], JumpseatError | None]:
        """What was said on the card and could not be kept before the app had ended."""
        return self._cards.unkept

    def heard(self, wanted: Wanted) -> None:
        """Take in that the app knows of something that it could not be kept."""
        self._keeper.heard(wanted)

    @property
    def unkept(self) -> tuple[tuple[Wanted, JumpseatError], ...]:
        """What was noted and could not be kept, and the app was not there any more to say so."""
        return self._keeper.unkept

    @property
    def unkept_verdicts(self) -> tuple[tuple[Judging, JumpseatError], ...]:
        """What was said last of tags and could not be kept."""
        return self._keeper.unkept_verdicts

    def read_findings(self) -> None:
        """Post findings until stopped.

        Again and again of a live session, of one that has ended while they are hidden, and whenever
        somebody wants them looked at again. What cannot be had is said once, and tried again.

        The last look is taken after the session has ended, so that nothing is missed.
        """
        self._begun.wait()
        posted = self._prelude.show_findings()
        self._listed.set()
        self._opened.wait()
        # What has to be imported for findings would keep the first screen waiting.
        self._pictured.wait(_FIRST_PICTURE)
        if posted is not None:
            self._again.wait(FINDINGS_RETRY)
        missing = settled = False
        while not self._stopped.is_set():
            self._again.clear()
            live = self._live.is_set()
            try:
                findings = self._feed.findings()
            except JumpseatError as error:
                if not missing and not self._stopped.is_set():
                    self._post(NotFound(error))
                missing = True
            else:
                if missing or findings != posted:
                    self._post(Found(findings))
                posted, missing = findings, False
                if not live and not findings.preliminary:
                    if not settled:
                        self._settle()
                    settled = True
            if not self._stopped.is_set():
                self._again.wait(_until_next(posted, missing=missing, live=live))

    def _settle(self) -> None:
        try:
            if not self._stopped.is_set():
                self._feed.settle()
        except JumpseatError as error:
            self._post(NotSettled(error))


def _until_next(posted: Findings | None, *, missing: bool, live: bool) -> float | None:
    """Return after how many seconds findings are read anew; None where they stay as they are."""
    if missing or posted is None or posted.preliminary:
        return FINDINGS_RETRY
    if live:
        return FINDINGS_INTERVAL
    # They are shown when the viewer's card is in, wherever it was filled.
    return FINDINGS_RETRY if posted.hidden else None
