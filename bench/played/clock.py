"""Played time: real moments, stretched where a script says that somebody thought or went away.

Nobody waits for those pauses when a session is played: they are put in when it is written down.
"""

from __future__ import annotations

import time
from bisect import bisect_right


class Clock:
    """Maps real moments to played ones; both are epochs in seconds, and both only grow."""

    def __init__(self) -> None:
        self._moments: list[float] = []
        self._shifts: list[float] = []

    def now(self) -> float:
        """Return the played moment."""
        return self.played(time.time())

    def pause(self, seconds: float) -> None:
        """Put a pause in at this moment; what happens from now on is later by that much."""
        before = self._shifts[-1] if self._shifts else 0.0
        self._moments.append(time.time())
        self._shifts.append(before + seconds)

    def played(self, moment: float) -> float:
        """Return the played moment of a real one."""
        index = bisect_right(self._moments, moment)
        return moment + (self._shifts[index - 1] if index else 0.0)
