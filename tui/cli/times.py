"""Moments of a session as people write them: ``12:34``, ``1:02:03.5``, seconds. Nothing else."""

from __future__ import annotations

import re

from recorder.errors import UsageError

TIME_WORDS = "12:34, 1:02:03 or seconds"

_CLOCK = re.compile(r"(?:(?:([0-9]{1,4}):)?([0-9]{1,4}):)?([0-9]{1,9}(?:\.[0-9]{1,9})?)", re.ASCII)


def parse_time(words: str) -> float:
    """Return the seconds since the session's start that a person means.

    Raises:
        UsageError: It is not a time.

    """
    match = _CLOCK.fullmatch(words.strip())
    if match is None:
        raise UsageError(f"not a time: {words!r}", f"write it as {TIME_WORDS}")
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds
