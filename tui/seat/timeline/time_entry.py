"""What a person may type to go to a time, as a moment of the recording.

Pure: text in, seconds out. The row in which it is typed is `tui.seat.timeline.time_bar`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from recorder.errors import UsageError

UNDERSTOOD = "12:34, 1:02:03, 754 (seconds), +30, -1m, 50%, @14:05 (time of day)"
"""What is said when something else was typed."""

MOST_CHARACTERS = 40

_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,6})?"
_CLOCK = re.compile(r"([0-9]{1,6}):([0-5]?[0-9])(?::([0-5]?[0-9](?:\.[0-9]{1,6})?))?\Z")
_SPAN = re.compile(rf"(?:({_NUMBER})h)?(?:({_NUMBER})m)?(?:({_NUMBER})s?)?\Z")
_PERCENT = re.compile(rf"({_NUMBER})%\Z")
_OF_DAY = re.compile(r"@([0-9]{1,2}):([0-5][0-9])(?::([0-5][0-9]))?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What a time is measured against.

    Attributes:
        position: Where the replay stands, in seconds.
        duration: The session's end, or its present.
        started: When it began, aware of its zone; None where that is not known.

    """

    position: float
    duration: float
    started: datetime | None = None


class TimeEntryError(UsageError):
    """What was typed is no time that is understood."""


def parse_time(text: str, where: Where) -> float:
    """Return the moment in seconds since the session's start, within the session.

    Raises:
        TimeEntryError: It is not understood, or lies outside the session.

    """
    typed = "".join(text.split())
    if typed.startswith("@"):
        return _of_day(typed, where)
    if found := _PERCENT.match(typed):
        share = float(found[1])
        if share > 100:  # noqa: PLR2004 - per cent
            raise TimeEntryError(f"{found[1]}% is more than the whole", "0% to 100%")
        return share / 100 * where.duration
    sign, rest = (typed[0], typed[1:]) if typed[:1] in {"+", "-"} else ("", typed)
    seconds = _seconds(rest)
    if seconds is None:
        raise TimeEntryError(f"{text.strip()!r} is no time", f"understood: {UNDERSTOOD}")
    if sign:
        # Going on from here stops at the ends, as the arrows do.
        t = where.position + (seconds if sign == "+" else -seconds)
        return min(max(t, 0.0), where.duration)
    return _within(seconds, where, text.strip())


def _seconds(text: str) -> float | None:
    """Return ``12:34``, ``1:02:03``, ``754``, ``1m30s`` or ``2h`` as seconds."""
    if found := _CLOCK.match(text):
        first, second, third = found.groups()
        if third is None:
            return int(first) * 60.0 + int(second)
        return int(first) * 3600.0 + int(second) * 60.0 + float(third)
    found = _SPAN.match(text)
    if not text or found is None:
        return None
    hours, minutes, seconds = (float(each) if each else 0.0 for each in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def _of_day(typed: str, where: Where) -> float:
    """Return when the viewer's clock showed a time of day, the first time in the session."""
    found = _OF_DAY.match(typed)
    if found is None or int(found[1]) > 23:  # noqa: PLR2004 - hours of a day
        raise TimeEntryError(f"{typed!r} is no time of day", "write @14:05 or @14:05:30")
    if where.started is None:
        raise TimeEntryError(
            "when this recording began is not known, so it has no time of day",
            "go by its own time, such as 12:34",
        )
    started = where.started.astimezone()
    at = started.replace(
        hour=int(found[1]), minute=int(found[2]), second=int(found[3] or 0), microsecond=0
    )
    t = (at - started).total_seconds()
    if t < 0 and found[3] is None and t > -60:  # noqa: PLR2004 - within the minute of the start
        return 0.0
    if t < 0:
        t = (at + timedelta(days=1) - started).total_seconds()
    return _within(t, where, typed)


def _within(t: float, where: Where, typed: str) -> float:
    if t > where.duration:
        whole = int(where.duration)
        end = f"{whole // 3600}:{whole % 3600 // 60:02}:{whole % 60:02}"
        raise TimeEntryError(f"{typed} is behind the end", f"the session is {end} long")
    return t
