"""Who is at the seat's port: connections counted and bounded, seats given, revoked keys shown out.

It knows no SSH: what a connection is, is `recorder.seats.login`'s affair.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from recorder.errors import ControlError
from recorder.seats.book import Book
from recorder.seats.spec import SeatLimits
from recorder.trace.roles import Role

_log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""Between two looks at the interviewers' file for those who are in."""

_MOST_TOLD = 20
"""Refusals that are logged in `_TOLD_SECONDS`; whoever knocks must not fill the disk."""
_TOLD_SECONDS = 60.0


class Visitor(Protocol):
    """A connection, as the door sees it.

    ``address`` is where it comes from; ``name`` and ``key`` are empty until it is logged in, and
    ``role`` is that of the name by then.
    """

    address: str
    name: str
    key: bytes
    role: Role

    def leave(self, why: str) -> None:
        """Close it; ``why`` is told to the client."""


class Door:
    """The connections that are open, and the seats that are taken."""

    def __init__(self, book: Book, limits: SeatLimits) -> None:
        self.book = book
        self.limits = limits
        self._visitors: set[Visitor] = set()
        self._seats: list[str] = []
        self._told: list[float] = []

    def admits(self, address: str) -> bool:
        """Tell whether one more from this address may try to log in."""
        strangers = [each for each in self._visitors if not each.name]
        near = sum(each.address == address for each in strangers)
        admitted = len(strangers) < self.limits.startups and near < self.limits.startups_each
        if not admitted:
            self.refused(address, "too many logins at once")
        return admitted

    def entered(self, visitor: Visitor) -> None:
        """Take note of a connection."""
        self._visitors.add(visitor)

    def left(self, visitor: Visitor) -> None:
        """Forget a connection."""
        self._visitors.discard(visitor)

    def crowded(self, name: str) -> bool:
        """Tell whether an interviewer who logs in has too many connections already."""
        return sum(each.name == name for each in self._visitors) > self.limits.connections

    def refused(self, address: str, why: str) -> None:
        """Log that somebody was refused, unless there are too many of that."""
        now = asyncio.get_running_loop().time()
        self._told = [each for each in self._told if now - each < _TOLD_SECONDS]
        if len(self._told) < _MOST_TOLD:
            self._told.append(now)
            _log.warning("refused a login from %s (%s)", address, why)

    @contextmanager
    def seat(self, name: str) -> Iterator[None]:
        """Give a seat for as long as the block runs.

        Raises:
            ControlError: This interviewer, or all together, have too many.

        """
        if self._seats.count(name) >= self.limits.seats:
            raise ControlError(f"you have {self.limits.seats} seats open", "close one first")
        if len(self._seats) >= self.limits.seats_total:
            raise ControlError("all seats are taken", "come back when somebody has left")
        self._seats.append(name)
        try:
            yield
        finally:
            self._seats.remove(name)

    async def watch(self) -> None:
        """Show out whose key is no longer in the file; runs until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            known = self.book.settled()
            if known is None:
                continue
            for each in list(self._visitors):
                if each.name and not known.admits(each.name, each.key):
                    _log.info("%s is no longer listed with this key, and is shown out", each.name)
                    each.leave("you are no longer listed with this key")
                elif each.name and known.role(each.name) != each.role:
                    _log.info("%s has another role now, and is shown out", each.name)
                    each.leave("your role has changed: log in again")

    def close(self) -> None:
        """Show everybody out."""
        for each in list(self._visitors):
            each.leave("serve has ended")
