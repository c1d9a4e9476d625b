"""What the timeline shows, as one frozen value that changes only when the session does.

Put together whenever something new was read, never at each beat. No drawing belongs here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from analyzer.activity import Activity
from analyzer.visible import plain
from recorder.store.notes import Note
from tui.seat.course import Segment, segments_of
from tui.seat.feed import Findings, Overview, Period
from tui.seat.moments import Moment

TickKind = Literal["tag", "mark", "note", "question", "task", "announced"]

NOTE_SIGNS: dict[str, str] = {
    "mark": "◆",
    "note": "¶",
    "question": "?",
    "task": "✓",
    "announced": "!",
}
"""One character for what an interviewer noted; tags have those of their outcomes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Something at one moment: a tag, or what an interviewer noted; ``t`` in seconds."""

    t: float
    kind: TickKind
    words: str
    outcome: str = "ok"


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


def ticks_of(tags: Iterable[Moment], notes: Iterable[Note]) -> tuple[Tick, ...]:
    """Return tags and notes as ticks, by time."""
    told = [Tick(t=each.t, kind="tag", words=each.words, outcome=each.outcome) for each in tags]
    noted = [Tick(t=each.t, kind=each.kind, words=_words(each)) for each in notes]
    return tuple(sorted([*told, *noted], key=lambda each: each.t))


def _words(note: Note) -> str:
    words = plain(" ".join((note.text or note.subject or "").split()))
    return f"{note.kind}: {words}" if words else note.kind


def timeline_data(
    overview: Overview | None,
    findings: Findings,
    tags: Iterable[Moment],
    activity: Activity,
) -> TimelineData:
    """Return what the timeline shows of a session."""
    if overview is None:
        return TimelineData()
    return TimelineData(
        duration=overview.duration,
        live=overview.live,
        segments=segments_of(findings.phases, overview.tasks),
        activity=activity,
        ticks=ticks_of(tags, findings.notes),
        periods=findings.periods,
    )
