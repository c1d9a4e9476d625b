"""Writes down what a made-up session was at each moment: marks in, phases without gaps out."""

from __future__ import annotations

from analyzer.models.labels import LabelledPhase
from analyzer.models.words import Activity, Topic


class Ledger:
    """What was marked so far; marks come in order of time."""

    def __init__(self) -> None:
        self._marks: list[tuple[float, Topic, Activity]] = []

    def mark(self, t: float, topic: Topic, activity: Activity) -> None:
        """Note that from ``t``, in seconds since the session's start, it was this."""
        self._marks.append((t, topic, activity))

    @property
    def topic(self) -> Topic | None:
        """Return what was worked on last; None before the first mark."""
        return self._marks[-1][1] if self._marks else None

    def phases(self, end: float) -> tuple[LabelledPhase, ...]:
        """Return the phases from 0 to ``end``; the first begins with the session."""
        found: list[LabelledPhase] = []
        starts = [0.0, *(t for t, *_ in self._marks[1:]), end]
        for (_, topic, activity), start, until in zip(
            self._marks, starts, starts[1:], strict=False
        ):
            if until <= start:
                continue
            begun = start
            if found and (found[-1].topic, found[-1].activity) == (topic, activity):
                begun = found.pop().start
            found.append(LabelledPhase(start=begun, until=until, topic=topic, activity=activity))
        return tuple(found)
