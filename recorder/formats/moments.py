"""The one clock of a foreign recording: whatever numbers a file has, time goes on and is finite.

An hour that was slept through is kept; a gap of more than a year is damage, and counts as none.
"""

from __future__ import annotations

from math import isfinite

MOST_GAP = 366 * 86400.0
"""Seconds between two events that are believed."""

MOST_ALL = 1e9
"""Seconds, some thirty years, that a recording may last."""


class Moments:
    """Seconds since the recording's start, never going back."""

    def __init__(self) -> None:
        self.now = 0.0
        self._base = 0.0

    def after(self, gap: float) -> str | None:
        """Go on by an interval in seconds; return what is wrong with it, None where nothing is."""
        if not isfinite(gap):
            return "the interval is not a number: counted as none"
        if gap < 0:
            return "the interval is negative: counted as none"
        if gap > MOST_GAP or self.now + gap > MOST_ALL:
            return f"an interval of {gap:.6g} s is not believed: counted as none"
        self.now += gap
        return None

    def at(self, moment: float) -> str | None:
        """Go on to a moment in the file's own seconds; return what is wrong with it.

        What lies before the last event counts as that event's time. Behind a gap that is not
        believed the file's seconds count from there.
        """
        if not isfinite(moment):
            return "the time is not a number: the time of the event before is taken"
        gap = moment - self._base - self.now
        if gap < 0:
            return f"the time goes back by {-gap:.6g} s: the time of the event before is taken"
        if gap > MOST_GAP or self.now + gap > MOST_ALL:
            self._base += gap
            return f"a gap of {gap:.6g} s is not believed: left out"
        self.now += gap
        return None
