"""What a session worked on when, by the tasks of one plan, and where its clock began.

Values and look-ups on seconds of one recording. Keeping two of them in step is `pace.py`'s; how
phases are found is the analyzer's, and which task a topic serves an exercise's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analyzer.models.words import OFF_TASK, TOPICS

if TYPE_CHECKING:
    from analyzer.models.tasks import Tasks
    from analyzer.records import Phase

_OTHER = "other"

_GAP = 1.0
"""Seconds from which time that no phase covers is worth a stretch of its own."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task; ``number`` is its place in the exercise from 1, 0 for work that serves none."""

    id: str
    title: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The tasks that sessions are compared by, in order; the last one stands for all other work."""

    tasks: tuple[Task, ...]
    by_topic: Mapping[str, str] = field(default_factory=dict)

    def task_of(self, topic: str) -> str:
        """Return the id of the task that a topic serves."""
        return self.by_topic.get(topic, self.tasks[-1].id)

    def index(self, task: str) -> int:
        """Return the place of a task, from 0; of one that is not in the plan, the last place."""
        ids = [each.id for each in self.tasks]
        return ids.index(task) if task in ids else len(ids) - 1


def plan_of(tasks: Tasks | None) -> Plan:
    """Return an exercise's plan; where it does not say what serves its tasks, topics are tasks."""
    if tasks is None or not tasks.known:
        named = [topic for topic in TOPICS if topic != _OTHER]
        rows = [Task(topic, topic, number) for number, topic in enumerate(named, 1)]
        return Plan((*rows, Task(_OTHER, "other work")), {topic: topic for topic in named})
    rows = [Task(*each, number) for number, each in enumerate(tasks.titles.items(), 1)]
    by_topic = {str(each): tasks.of(each) for each in TOPICS if tasks.of(each) != OFF_TASK}
    return Plan((*rows, Task(OFF_TASK, "none of the tasks")), by_topic)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Seconds from ``start`` to ``until`` that served one task."""

    task: str
    start: float
    until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One session by the tasks of a plan; times are seconds since the session's start.

    ``origin`` is when its clock was started, or its first output where it had none. Stretches
    follow each other without gaps from 0 to ``duration``; none while phases are not known.
    """

    duration: float
    origin: float = 0.0
    stretches: tuple[Stretch, ...] = ()
    phases: tuple[Phase, ...] = ()

    def stretch_index(self, t: float) -> int | None:
        """Return which stretch a moment lies in; None where there are none."""
        if not self.stretches:
            return None
        return max(bisect_right(self.stretches, t, key=lambda each: each.start) - 1, 0)

    def task_at(self, t: float) -> str | None:
        """Return what was worked on at a moment."""
        index = self.stretch_index(t)
        return None if index is None else self.stretches[index].task

    def activity_at(self, t: float) -> str | None:
        """Return what kind of work it was."""
        index = bisect_right(self.phases, t, key=lambda each: each.start) - 1
        return self.phases[max(index, 0)].activity if self.phases else None

    def of(self, task: str) -> tuple[Stretch, ...]:
        """Return the stretches of a task, in order."""
        return tuple(each for each in self.stretches if each.task == task)

    def reached(self, task: str) -> float | None:
        """Return the second of the session at which a task was first worked on."""
        return next((each.start for each in self.stretches if each.task == task), None)

    def spent(self, task: str) -> float:
        """Return the seconds that went into a task."""
        return sum(each.until - each.start for each in self.of(task))


def course_of(
    phases: Sequence[Phase],
    plan: Plan,
    *,
    duration: float,
    origin: float = 0.0,
    begun: float = 0.0,
) -> Course:
    """Return a session's course.

    What no phase covers serves no task, unless it is a moment, and neither does what was before
    ``begun``, when a terminal first showed something: the first phase begins with the session.
    """
    stretches = _joined(_pieces(phases, plan, duration, begun)) if phases else ()
    return Course(
        duration=max(duration, 0.0),
        origin=min(max(origin, 0.0), max(duration, 0.0)),
        stretches=stretches,
        phases=tuple(phases),
    )


def _pieces(
    phases: Sequence[Phase], plan: Plan, duration: float, begun: float
) -> Iterator[Stretch]:
    reached = 0.0
    for phase in phases:
        start, until = max(phase.start, reached, begun), min(phase.until, duration)
        if start >= until:
            continue
        task = plan.task_of(phase.topic)
        if start - reached >= _GAP:
            yield Stretch(plan.tasks[-1].id, reached, start)
        else:
            start = reached
        if duration - until < _GAP:
            until = duration
        yield Stretch(task, start, until)
        reached = until
    yield Stretch(plan.tasks[-1].id, reached, duration)


def _joined(pieces: Iterator[Stretch]) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    for each in pieces:
        if each.start >= each.until:
            continue
        if found and found[-1].task == each.task:
            found[-1] = Stretch(each.task, found[-1].start, each.until)
        else:
            found.append(each)
    return tuple(found)
