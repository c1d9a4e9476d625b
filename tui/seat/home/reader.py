"""Asks the feed in threads of its own, and posts what it says: rows, details, what went wrong.

The app never waits for a disk, a database or a socket. Nothing is drawn here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from textual.message import Message

from recorder.errors import JumpseatError
from tui.seat.home.sittings import Detail, HomeFeed, Sitting

REFRESH_INTERVAL = 1.0
"""Seconds between two looks at the sessions."""

_SETTLES = 0.08
"""Seconds that a mark must stay before more of its session is looked up."""


class Rows(Message):
    """The sessions as they are now."""

    def __init__(self, rows: tuple[Sitting, ...]) -> None:
        super().__init__()
        self.rows = rows


class Lost(Message):
    """The sessions cannot be listed now; it is tried again."""

    def __init__(self, error: JumpseatError) -> None:
        super().__init__()
        self.error = error


class Regained(Message):
    """They can be listed again."""


class Detailed(Message):
    """More of one session."""

    def __init__(self, detail: Detail) -> None:
        super().__init__()
        self.detail = detail


class HomeReader:
    """Two loops, each for a thread; `stop` ends both soon."""

    def __init__(self, feed: HomeFeed, post: Callable[[Message], object]) -> None:
        self._feed = feed
        self._post = post
        self._stopped = threading.Event()
        self._hurry = threading.Event()
        self._asked = threading.Condition()
        self._wanted: str | None = None
        self._changed = False

    def read_sittings(self) -> None:
        """Look at the sessions again and again, and tell when they are others."""
        known: tuple[Sitting, ...] | None = None
        lost = False
        while not self._stopped.is_set():
            self._hurry.clear()
            try:
                rows = tuple(self._feed.sittings())
            except JumpseatError as error:
                lost = True
                self._post(Lost(error))
            else:
                if lost:
                    lost = False
                    self._post(Regained())
                if rows != known:
                    known = rows
                    self._post(Rows(rows))
            self._hurry.wait(REFRESH_INTERVAL)

    def hurry(self) -> None:
        """Look at once: something was done that changes what there is."""
        self._hurry.set()

    def want(self, session: str | None) -> None:
        """Look up more of this session from now on, and of no other."""
        with self._asked:
            if session != self._wanted:
                self._wanted, self._changed = session, True
                self._asked.notify()

    def read_details(self) -> None:
        """Look up more of the session that is wanted, again and again."""
        while not self._stopped.is_set():
            with self._asked:
                self._asked.wait_for(
                    lambda: self._changed or self._stopped.is_set(), REFRESH_INTERVAL
                )
                moved, self._changed, session = self._changed, False, self._wanted
            if moved and self._stopped.wait(_SETTLES):
                return
            if session is None or self._has_moved():
                continue
            try:
                self._post(Detailed(self._feed.detail(session)))
            except JumpseatError:
                # The other thread tells of a store that is lost; it is tried again.
                continue

    def _has_moved(self) -> bool:
        with self._asked:
            return self._changed

    def stop(self) -> None:
        """Let both loops end."""
        self._stopped.set()
        self._hurry.set()
        with self._asked:
            self._asked.notify()
