"""A moment by the clock on the wall, for whatever is shown to people. Cheap to import."""

from __future__ import annotations

from datetime import datetime


def local_time(moment: datetime) -> datetime:
    """Return a moment in the local time zone; as it is where the calendar ends before.

    Files that others made, and clocks that were never set, tell of the years 1 and 9999.
    """
    try:
        return moment.astimezone()
    except (OverflowError, ValueError, OSError):
        return moment
