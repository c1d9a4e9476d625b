"""Home's feed, made when it is first asked for: in a thread, while the first picture stands.

What it needs to import and to open takes longer than that picture may. Nothing else belongs here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui.seat.home.sittings import Detail, Draft, ExerciseChoice, HomeFeed, Opened, Sitting

if TYPE_CHECKING:
    from recorder.control.messages import Request


class LateHome:
    """A `HomeFeed` that another one answers for; while that cannot be made, each call tries."""

    def __init__(self, make: Callable[[], HomeFeed]) -> None:
        self._make = make
        self._made: HomeFeed | None = None
        self._lock = threading.Lock()

    def _feed(self) -> HomeFeed:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

    def sittings(self) -> Sequence[Sitting]:
        """Return all sessions.

        Raises:
            JumpseatError: They cannot be listed now, or the feed cannot be made.

        """
        return self._feed().sittings()

    def detail(self, session: str) -> Detail:
        """Return more of one session.

        Raises:
            JumpseatError: It cannot be had now.

        """
        return self._feed().detail(session)

    def exercises(self) -> Sequence[ExerciseChoice]:
        """Return the exercises that can be read.

        Raises:
            JumpseatError: Where they lie cannot be read.

        """
        return self._feed().exercises()

    def order(self, request: Request) -> str:
        """Give an order.

        Raises:
            JumpseatError: It could not be done.

        """
        return self._feed().order(request)

    def open(self, draft: Draft) -> Opened:
        """Open a session.

        Raises:
            DraftError: Something in the draft is wrong; nothing was opened.
            JumpseatError: The feed cannot be made.

        """
        return self._feed().open(draft)
