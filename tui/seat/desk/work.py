"""What was worked on: tasks touched and ticked, tags with their questions, what was asked.

Told by tags and by stretches of work, through the topics that a task names; it says that something
was touched, never how well. Nothing of drawing belongs here.
"""

from __future__ import annotations

from collections.abc import Iterable

from analyzer.visible import plain
from recorder.exercise.schema import Exercise
from recorder.exercise.schema import Task as PlannedTask
from recorder.store.noted import Note
from tui.seat.desk.spoken import spoken
from tui.seat.desk.values import Asked, TagLine, Task
from tui.seat.feed import Findings
from tui.seat.moments import JUDGED


def tags_at(findings: Findings, t: float) -> tuple[TagLine, ...]:
    """Return the established tags up to ``t``, the newest first."""
    found = [
        TagLine(
            id=tag.id,
            t=tag.t,
            topic=plain(tag.topic),
            words=plain(findings.titles.get(tag.signal) or tag.signal.replace("-", " ")),
            outcome=tag.outcome,
            question=spoken(findings.questions.get(tag.signal, "")),
            judged=JUDGED.get(findings.judged.get(tag.id, ""), ""),
        )
        for tag in findings.tags
        if tag.state == "established" and tag.t <= t
    ]
    return tuple(reversed(found))


def tasks_at(plan: Exercise | None, findings: Findings, t: float) -> tuple[Task, ...]:
    """Return the exercise's tasks as they stood at ``t``."""
    if plan is None:
        return ()
    work = _worked(findings, t)
    ticks = _ticks(findings.notes, t)
    current = _current(plan, work)
    return tuple(
        _task(number, task, work, ticks.get(task.id), current=task.id == current)
        for number, task in enumerate(plan.task, 1)
    )


def _worked(findings: Findings, t: float) -> list[tuple[float, float, str]]:
    """Return from when until when, as of ``t``, what topic was worked on."""
    stretches = [
        (each.start, min(each.until, t), each.topic) for each in findings.phases if each.start <= t
    ]
    tags = [
        (tag.t, tag.t, tag.topic)
        for tag in findings.tags
        if tag.t <= t and tag.state == "established"
    ]
    return [*stretches, *tags]


def _current(plan: Exercise, work: Iterable[tuple[float, float, str]]) -> str | None:
    """Return the task that the latest work served, if any; the first that names its topic."""
    of = {topic: task.id for task in reversed(plan.task) for topic in task.topics}
    served = [(until, since, of[topic]) for since, until, topic in work if topic in of]
    return max(served)[2] if served else None


def _ticks(notes: Iterable[Note], t: float) -> dict[str, Note]:
    """Return the first tick of each task."""
    found: dict[str, Note] = {}
    for note in notes:
        if note.kind == "task" and note.subject is not None and note.t <= t:
            found.setdefault(note.subject, note)
    return found


def _task(
    number: int,
    task: PlannedTask,
    work: Iterable[tuple[float, float, str]],
    tick: Note | None,
    *,
    current: bool,
) -> Task:
    return Task(
        number=number,
        id=task.id,
        title=plain(task.title),
        say=spoken(task.say),
        text=spoken(task.text),
        touched=min((since for since, _, topic in work if topic in task.topics), default=None),
        current=current and tick is None,
        ticked=None if tick is None else tick.t,
        ticked_by="" if tick is None else plain(tick.who),
    )


def made_at(findings: Findings, t: float) -> dict[str, float]:
    """Return when announcements had been made at ``t``, by the minutes left that they tell."""
    found: dict[str, float] = {}
    for note in findings.notes:
        if note.kind == "announced" and note.subject is not None and note.t <= t:
            found.setdefault(note.subject, note.t)
    return found


def asked_at(findings: Findings, t: float) -> tuple[Asked, ...]:
    """Return what the candidate had asked at ``t``, the newest first."""
    found = [
        Asked(t=note.t, text=plain(note.text), who=plain(note.who))
        for note in findings.notes
        if note.kind == "question" and note.t <= t
    ]
    return tuple(reversed(found))
