"""How long a session goes on: a finished one's length, a live one's clock and its phase.

Pure arithmetic on a row and the present, so that a clock runs on without anything being read. What
the clock has more than the plan is the working phase's, as in the live seat; which also knows what
was given during the review, and counts that as the review's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tui.seat.home.sittings import PlannedPhase, Sitting
from tui.seat.transport import clock_words

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a clock says: ``left`` in seconds where it counts down, ``phase`` where it has any."""

    words: str
    left: float | None = None
    phase: str = ""


def age_of(sitting: Sitting, now: datetime) -> float:
    """Return the seconds from a session's start to ``now``, never negative."""
    return max((now - sitting.started).total_seconds(), 0.0)


def read_clock(sitting: Sitting, now: datetime) -> Reading:
    """Return what a session's clock says at ``now``."""
    if not sitting.live:
        return Reading(words="-" if sitting.duration is None else clock_words(sitting.duration))
    if sitting.clock_started is None or sitting.clock_length is None:
        return Reading(words="not started")
    elapsed = age_of(sitting, now) - sitting.clock_started
    left = sitting.clock_length - elapsed
    return Reading(
        words=f"{clock_words(max(left, 0.0))} left",
        left=left,
        phase=_phase_at(sitting.phases, sitting.clock_length, elapsed),
    )


def _phase_at(phases: tuple[PlannedPhase, ...], length: float, elapsed: float) -> str:
    spare = length - sum(each.seconds for each in phases)
    until = 0.0
    for phase in phases:
        until += max(phase.seconds + (spare if phase.works else 0.0), 0.0)
        if elapsed < until:
            return phase.title
    return phases[-1].title if phases else ""


def ago_words(seconds: float) -> str:
    """Return how long ago something was, in one unit: ``12s ago``, ``3m ago``, ``2d ago``."""
    whole = max(int(seconds), 0)
    if whole < _MINUTE:
        return f"{whole}s ago"
    if whole < _HOUR:
        return f"{whole // _MINUTE}m ago"
    if whole < _DAY:
        return f"{whole // _HOUR}h ago"
    return f"{whole // _DAY}d ago"
