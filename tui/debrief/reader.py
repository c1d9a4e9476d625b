"""Looks at the debrief in a thread, again and again, so that all in it see what the others say.

A look costs three small queries; all is read only when something is new. Nothing is drawn here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from textual.message import Message

from recorder.errors import JumpseatError
from tui.debrief.feed import DebriefFeed
from tui.debrief.meeting import Meeting, Stamp

REFRESH_INTERVAL = 0.5
"""Seconds between two looks."""


class Read(Message):
    """The debrief as it is now."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__()
        self.meeting = meeting


class Lost(Message):
    """It cannot be read now; it is tried again."""

    def __init__(self, error: JumpseatError) -> None:
        super().__init__()
        self.error = error


class Regained(Message):
    """It can be read again."""


class DebriefReader:
    """One loop, for a thread; `stop` ends it soon."""

    def __init__(self, feed: DebriefFeed, post: Callable[[Message], object]) -> None:
        self._feed = feed
        self._post = post
        self._stopped = threading.Event()
        self._hurry = threading.Event()

    def read_meetings(self) -> None:
        """Look again and again, and tell when there is something new."""
        known: Stamp | None = None
        lost = False
        while not self._stopped.is_set():
            self._hurry.clear()
            try:
                # Asked before it is read: what comes between is read twice, and never missed.
                stamp = self._feed.stamp()
                if stamp != known or lost:
                    self._post(Read(self._feed.read()))
                    known = stamp
            except JumpseatError as error:
                lost = True
                self._post(Lost(error))
            else:
                if lost:
                    lost = False
                    self._post(Regained())
            self._hurry.wait(REFRESH_INTERVAL)

    def hurry(self) -> None:
        """Look at once: something was said here."""
        self._hurry.set()

    def stop(self) -> None:
        """Let the loop end."""
        self._stopped.set()
        self._hurry.set()
