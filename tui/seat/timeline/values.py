"""What the timeline shows, as one frozen value that changes only when the session does.

Put together whenever something new was read, never at each beat. No drawing belongs here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from analyzer.activity import Activity
from recorder.store.noted import Kind
from tui.seat.feed import Findings, Overview, Period
from tui.seat.moments import Moment
from tui.seat.timeline.course import Segment, segments_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Something at one moment: a tag, or a note of some ``kind``; ``t`` in seconds."""

    t: float
    words: str
    outcome: str = "ok"
    kind: Kind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineData:
    """All but the position; times in seconds since the session's start.

    ``ticks`` are in order of time; of several in one column those further behind are seen.
    """

    duration: float = 0.0
    live: bool = False
    segments: tuple[Segment, ...] = ()
    activity: Activity = field(default_factory=Activity)
    ticks: tuple[Tick, ...] = ()
    periods: tuple[Period, ...] = ()


def ticks_of(moments: Iterable[Moment]) -> tuple[Tick, ...]:
    """Return tags and notes as ticks, by time."""
    ticks = [
        Tick(t=each.t, words=_words(each), outcome=each.outcome, kind=each.kind) for each in moments
    ]
    return tuple(sorted(ticks, key=lambda each: each.t))


def _words(moment: Moment) -> str:
    """Return what a row says; of a note also what it is, and whose."""
    if moment.kind is None or moment.kind in {"mark", "announced"}:
        return moment.words
    what = {"note": "note", "question": "they asked", "task": "ticked"}[moment.kind]
    return f"{what}: {moment.words}"


def timeline_data(
    overview: Overview | None,
    findings: Findings,
    moments: Iterable[Moment],
    activity: Activity,
) -> TimelineData:
    """Return what the timeline shows of a session; ``moments`` are its tags and notes."""
    if overview is None:
        return TimelineData()
    return TimelineData(
        duration=overview.duration,
        live=overview.live,
        segments=segments_of(findings.phases, overview.tasks),
        activity=activity,
        ticks=ticks_of(moments),
        periods=findings.periods,
    )
