"""The orders that home's keys give: the requests of the verbs, each of one session.

Apart from `tui.seat.home.actions`, as their types load a library that showing a list does not need.
"""

from __future__ import annotations

from recorder.control.messages import Allow, Close, Extend, Request, StartClock


def allow(session: str, address: str, *, force: bool) -> Request:
    """Return the order to let an address in; ``force``: even one that cannot be a candidate's."""
    return Allow(session=session, address=address, force=force)


def start(session: str) -> Request:
    """Return the order to start the clock."""
    return StartClock(session=session)


def extend(session: str, minutes: float) -> Request:
    """Return the order to give the clock so many minutes more."""
    return Extend(session=session, minutes=minutes)


def close(session: str) -> Request:
    """Return the order to close the session."""
    return Close(session=session)
