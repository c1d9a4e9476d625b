"""A journal's moments of the calendar, which may be anything in one that was damaged or made up.

Seconds since a session's start are no such moments. How one is shown does not belong here.
"""

from __future__ import annotations

from datetime import UTC, datetime

_EARLIEST, _LATEST = 1900, 9000
"""A moment of a year between these can be added to and taken to any zone."""


def moment_of(text: str) -> datetime | None:
    """Return an ISO 8601 moment in UTC, which one without a zone is in; None where it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not _EARLIEST < found.year < _LATEST:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
