"""Which announcement the key notes: the one that the desk asks for. Pure; nothing is kept here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui.seat.desk.alarms import SOON
from tui.seat.desk.values import Announcement, Clock
from tui.seat.transport import clock_words


def announcement_at(clock: Clock, listed: Sequence[int], said: Callable[[int], bool]) -> int | str:
    """Return the minutes left that an announcement made now tells, or why there is none to make.

    Args:
        clock: As of the moment at which it is made. Where it does not run, nothing is ever due,
            and announcements follow each other as they are listed.
        listed: The exercise's announcements by their minutes left, the first to be made first.
        said: Whether the one of so many minutes left was made, kept or not.

    """
    if not listed:
        return "this session's exercise announces nothing"
    if clock.started is None:
        left = next((each for each in listed if not said(each)), None)
        return "all announcements were made" if left is None else left
    due = clock.due
    if due is not None and not said(due.left):
        return due.left
    coming = [each for each in clock.announcements if each.t > clock.now and not said(each.left)]
    if clock.running and coming:
        return _coming(clock, coming[0])
    if all(said(each.left) for each in clock.announcements):
        return "all announcements were made"
    return "no announcement is due any more"


def _coming(clock: Clock, coming: Announcement) -> int | str:
    """Return an announcement that the desk tells to be coming, or when one that is far off is."""
    rest = coming.t - clock.now
    if rest <= SOON:
        return coming.left
    return f"the next announcement, {coming.left} minutes left, is due in {clock_words(rest)}"
