"""Moments of a session as people write them: ``12:34``, ``1:02:03.5``, seconds. Nothing else."""

from __future__ import annotations

import re

from recorder.errors import UsageError

TIME_WORDS = "12:34, 1:02:03 or seconds"

_FRACTION = r"(?:\.[0-9]{1,9})?"
_CLOCK = re.compile(
    rf"(?:(?:([0-9]{{1,4}}):([0-5]?[0-9])|([0-9]{{1,4}})):([0-5]?[0-9]{_FRACTION}))"
    rf"|([0-9]{{1,9}}{_FRACTION})",
    re.ASCII,
)
"""Behind a colon there are no more than 59, as on a clock: ``12:75`` is a slip of somebody's."""


def parse_time(words: str) -> float:
    """Return the seconds since the session's start that a person means.

    Raises:
        UsageError: It is not a time.

    """
    match = _CLOCK.fullmatch(words.strip())
    if match is None:
        raise UsageError(f"not a time: {words!r}", f"write it as {TIME_WORDS}")
    hours, past, minutes, behind, seconds = (float(part or 0) for part in match.groups())
    return hours * 3600 + (past + minutes) * 60 + behind + seconds
