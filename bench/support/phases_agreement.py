"""Compares phases that were told with phases that are true, by the time in which they agree.

Tasks are those of the shipped exercise, from topics on both sides. What is idle in truth is counted
apart: its topic is that of the work before it, and its activity is right if nobody is said to work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from analyzer.models.labels import LabelledPhase
from analyzer.models.words import OFF_TASK, RESTS
from analyzer.records import Phase


@dataclass(slots=True)
class Time:
    """Seconds that are right among all that count."""

    right: float = 0.0
    all: float = 0.0

    def add(self, seconds: float, *, right: bool) -> None:
        """Count a stretch."""
        self.all += seconds
        self.right += seconds if right else 0.0

    def __add__(self, other: Time) -> Time:
        return Time(self.right + other.right, self.all + other.all)

    def __str__(self) -> str:
        share = f"{self.right / self.all:6.1%}" if self.all else "     -"
        return f"{self.right / 60:6.1f}/{self.all / 60:<6.1f}{share}"


@dataclass(slots=True)
class PhaseAgreement:
    """Time by title, and what is taken for what, in seconds by (truth, told)."""

    times: dict[str, Time] = field(default_factory=dict)
    mistaken: Counter[tuple[str, str]] = field(default_factory=Counter)


TITLES = ("task", "topic", "task, idle too", "topic, idle too", "activity", "idle")


def compare_phases(
    told: Sequence[Phase],
    true: Sequence[LabelledPhase],
    task_of: Callable[[str], str],
    *,
    activities: bool,
) -> PhaseAgreement:
    """Count the time in which phases agree; what was not told at all is wrong.

    Args:
        told: Phases, in order.
        true: What an observer wrote, in order.
        task_of: The task that a topic serves.
        activities: Whether the observer named activities; else only idle is counted.

    """
    found = PhaseAgreement({title: Time() for title in TITLES})
    for start, until, truth, phase in _stretches(told, true):
        seconds = until - start
        topic = phase.topic if phase else OFF_TASK
        same = topic == truth.topic
        served = phase is not None and task_of(topic) == task_of(truth.topic)
        found.times["task, idle too"].add(seconds, right=served)
        found.times["topic, idle too"].add(seconds, right=same)
        activity = phase.activity if phase else ""
        if truth.activity == "idle":
            found.times["idle"].add(seconds, right=activity in RESTS)
            continue
        found.times["task"].add(seconds, right=served)
        found.times["topic"].add(seconds, right=same)
        if activities:
            found.times["activity"].add(seconds, right=activity == truth.activity)
        if not same:
            found.mistaken[truth.topic, topic] += round(seconds)
    return found


def majority(true: Iterable[Sequence[LabelledPhase]]) -> LabelledPhase:
    """Return the phase that a guesser would always name: the commonest topic and activity."""
    topics: Counter[str] = Counter()
    activities: Counter[str] = Counter()
    phases = [phase for phases in true for phase in phases if phase.activity != "idle"]
    for phase in phases:
        topics[phase.topic] += round(phase.until - phase.start)
        activities[phase.activity] += round(phase.until - phase.start)
    topic, activity = topics.most_common(1)[0][0], activities.most_common(1)[0][0]
    common = next(p for p in phases if p.topic == topic)
    like = next(p for p in phases if p.activity == activity)
    return LabelledPhase(start=0, until=0, topic=common.topic, activity=like.activity)


def _stretches(
    told: Sequence[Phase], true: Sequence[LabelledPhase]
) -> Iterable[tuple[float, float, LabelledPhase, Phase | None]]:
    """Cut the true phases where what is told changes."""
    place = 0
    for truth in true:
        at = truth.start
        while at < truth.until:
            while place < len(told) and told[place].until <= at:
                place += 1
            phase = told[place] if place < len(told) else None
            if phase is not None and phase.start > at:
                yield at, min(phase.start, truth.until), truth, None
                at = min(phase.start, truth.until)
                continue
            until = min(truth.until, phase.until) if phase else truth.until
            yield at, until, truth, phase
            at = until
