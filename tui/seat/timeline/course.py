"""The course of a session as the timeline shows it: stretches of work by task, phases of the clock.

Turns the analyzer's phases and an exercise's plan into frozen values. No drawing and no reading of
files belongs here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzer.models.words import OFF_TASK
from analyzer.visible import plain
from tui.seat.feed import Period, TaskWords

if TYPE_CHECKING:
    from analyzer.records import Phase
    from recorder.exercise.clocked import ClockRun
    from recorder.exercise.schema import Exercise

OFF = 0
"""Stands for the number of a task where none is served."""

_SHADES = 6
"""Shades that topics are told apart by where no task is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch in which one task was worked on; times in seconds.

    Attributes:
        number: The task's, from 1; `OFF` where none was served. By topic where no exercise is
            recorded: they are numbered as they first come.
        sign: One character that stands for it.
        short: A word for it.
        title: What it is called in full.
        parts: When each kind of work in it began, and what it is called.

    """

    start: float
    until: float
    number: int
    sign: str
    short: str
    title: str
    parts: tuple[tuple[float, str], ...] = ()

    def activity(self, t: float) -> str:
        """Return what kind of work was done at a moment, in words."""
        index = bisect_right(self.parts, t, key=lambda part: part[0]) - 1
        return self.parts[max(index, 0)][1] if self.parts else ""


@dataclass(frozen=True, slots=True)
class _Served:
    number: int
    sign: str
    short: str
    title: str


def segments_of(phases: Sequence[Phase], tasks: Sequence[TaskWords]) -> tuple[Segment, ...]:
    """Return the stretches of work by task, neighbours of the same task joined.

    Without tasks that say which topics serve them, they are told by topic.
    """
    served = _by_task(tasks) if any(each.topics for each in tasks) else _by_topic(phases)
    found: list[Segment] = []
    for phase in phases:
        words = served.get(phase.topic, _OFF_TASK)
        part = (phase.start, phase.activity.replace("-", " "))
        last = found[-1] if found else None
        if last is not None and last.sign == words.sign and last.short == words.short:
            same = last.parts[-1][1] == part[1]
            found[-1] = _extended(last, phase.until, () if same else (part,))
        else:
            found.append(_segment(phase, words, part))
    return tuple(found)


_OFF_TASK = _Served(OFF, "-", OFF_TASK, "Off task")


def _segment(phase: Phase, words: _Served, part: tuple[float, str]) -> Segment:
    return Segment(
        start=phase.start,
        until=phase.until,
        number=words.number,
        sign=words.sign,
        short=words.short,
        title=words.title,
        parts=(part,),
    )


def _extended(segment: Segment, until: float, parts: tuple[tuple[float, str], ...]) -> Segment:
    return Segment(
        start=segment.start,
        until=until,
        number=segment.number,
        sign=segment.sign,
        short=segment.short,
        title=segment.title,
        parts=segment.parts + parts,
    )


def _by_task(tasks: Sequence[TaskWords]) -> dict[str, _Served]:
    """Return the task that each topic serves; of several that name one, the first has it."""
    served: dict[str, _Served] = {}
    for number, task in enumerate(tasks, start=1):
        words = _Served(number, sign_of(number), plain(task.id), plain(task.title))
        for topic in task.topics:
            served.setdefault(topic, words)
    return served


def _by_topic(phases: Sequence[Phase]) -> dict[str, _Served]:
    served: dict[str, _Served] = {}
    for phase in phases:
        if phase.topic != "other" and phase.topic not in served:
            number = len(served) % _SHADES + 1
            words = plain(phase.topic.replace("-", " "))
            served[phase.topic] = _Served(number, words[:1], words, words.capitalize())
    served["other"] = _Served(OFF, "-", "other", "Other work")
    return served


def sign_of(number: int) -> str:
    """Return the one character that stands for a task's number: 1 to 9, then letters."""
    return "123456789abcdefghijklmnopqrstuvwxyz"[min(max(number, 1), 35) - 1]


def segment_at(segments: Sequence[Segment], t: float) -> Segment | None:
    """Return the stretch that a moment lies in."""
    index = bisect_right(segments, t, key=lambda each: each.start) - 1
    return segments[index] if index >= 0 and t <= segments[index].until else None


def periods_of(run: ClockRun | None, plan: Exercise | None) -> tuple[Period, ...]:
    """Return the phases of a clock that was started, in order.

    Time that the clock was given later belongs to the phase in which the tasks are worked on, else
    to the longest.
    """
    if run is None or plan is None:
        return ()
    phases = plan.clock.phase
    lengths = [phase.minutes * 60.0 for phase in phases]
    work = next((n for n, each in enumerate(phases) if each.tasks), lengths.index(max(lengths)))
    lengths[work] = max(lengths[work] + run.length - sum(lengths), 0.0)
    found: list[Period] = []
    start = run.started
    for phase, length in zip(phases, lengths, strict=True):
        found.append(Period(start=start, until=start + length, title=plain(phase.title)))
        start += length
    return tuple(found)
