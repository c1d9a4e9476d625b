"""The clock of a session by its exercise: phases, announcements, what is left.

Phases follow each other from the start. More time than they add up to, or less, is the working
phase's, as that is what one extends; what is given after it is the phase's that runs then. So what
comes behind, the review, keeps its length. Pure arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analyzer.visible import plain
from recorder.exercise.schema import Exercise, Phase
from recorder.recording.journal import ClockExtended, ClockStarted
from tui.seat.desk.history import History
from tui.seat.desk.spoken import spoken
from tui.seat.desk.values import Announcement, Clock, PhaseSpan

_MOST_EXTENSIONS = 1000


def clock_at(
    plan: Exercise | None,
    began: ClockStarted | None,
    extensions: History[ClockExtended],
    made: Mapping[str, float],
    t: float,
    *,
    ended: float | None,
) -> Clock:
    """Return the clock as of ``t``.

    Args:
        plan: The exercise.
        began: Its start, which counts only where it lies not after ``t``.
        extensions: What it was given more.
        made: When announcements were made, by their minutes left as text.
        t: Seconds since the session's start.
        ended: When the session ended, or its clock ran out.

    """
    if began is not None and began.t > t:
        began = None
    given = tuple(reversed(extensions.newest(t, _MOST_EXTENSIONS)))
    length = _length(plan, began, given)
    start = t if began is None else began.t
    spans = () if plan is None else _spans(plan, start, _lengths(plan, began, given, length))
    return Clock(
        now=t,
        length=length,
        started=None if began is None else began.t,
        spans=spans,
        announcements=() if plan is None else _announcements(plan, start, length, made),
        ended=ended if ended is not None and ended <= t else None,
    )


def _length(
    plan: Exercise | None, began: ClockStarted | None, given: tuple[ClockExtended, ...]
) -> float | None:
    """Return the seconds in all: what the journal says last wins over the plan."""
    if given and (began is None or given[-1].t >= began.t):
        return max(given[-1].length, 0.0)
    if began is not None:
        return max(began.length, 0.0)
    return None if plan is None else plan.clock.minutes * 60.0


def _lengths(
    plan: Exercise,
    began: ClockStarted | None,
    given: Iterable[ClockExtended],
    length: float | None,
) -> list[float]:
    """Return the seconds of each phase."""
    phases = plan.clock.phase
    seconds = [phase.minutes * 60.0 for phase in phases]
    work = next((number for number, phase in enumerate(phases) if phase.tasks), len(phases) - 1)
    if began is not None:
        first = began.length - sum(seconds)
        seconds[work] = max(seconds[work] + first, 0.0)
        for each in (each for each in given if each.t >= began.t):
            number = max(_number_at(seconds, each.t - began.t), work)
            seconds[number] += max(each.by, 0.0)
    elif length is not None:
        seconds[work] = max(seconds[work] + length - sum(seconds), 0.0)
    return seconds


def _number_at(seconds: list[float], elapsed: float) -> int:
    until = 0.0
    for number, length in enumerate(seconds):
        until += length
        if elapsed < until:
            return number
    return len(seconds) - 1


def _spans(plan: Exercise, start: float, seconds: list[float]) -> tuple[PhaseSpan, ...]:
    spans = []
    for phase, length in zip(plan.clock.phase, seconds, strict=True):
        spans.append(_span(phase, start, start + length))
        start += length
    return tuple(spans)


def _span(phase: Phase, start: float, until: float) -> PhaseSpan:
    return PhaseSpan(
        id=phase.id,
        title=plain(phase.title),
        start=start,
        until=until,
        say=spoken(phase.say or ""),
        tasks=phase.tasks,
    )


def _announcements(
    plan: Exercise, start: float, length: float | None, made: Mapping[str, float]
) -> tuple[Announcement, ...]:
    """Return them in the order in which they are due; without those of before the start."""
    if length is None:
        return ()
    found = [
        Announcement(
            left=each.left,
            t=start + length - each.left * 60.0,
            say=spoken(each.say),
            made=made.get(str(each.left)),
        )
        for each in plan.clock.announcement
        if each.left * 60.0 <= length
    ]
    return tuple(sorted(found, key=lambda each: each.t))
