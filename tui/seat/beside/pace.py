"""Two sessions in step: one place on a shared axis, and where each session stands there.

By clock the axis is seconds since each session's clock was started. By task it is a sequence of
legs, one a task of the plan: within a leg the n-th second is the n-th second that each session
spent on that task, so both enter a task at the same moment, whatever the order in which the
candidates took them and however often they came back to it. Whoever is done with a task first
waits; whoever never worked on it is absent.

Pure arithmetic: no playing, no clock of the viewer's, no words.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, Protocol

from tui.seat.beside.course import Course, Plan, Stretch
from tui.seat.transport import landing

_EPSILON = 1e-6

State = Literal["on", "before", "after", "absent"]
"""Whether a session goes on here; has not begun; is over, or done with this task; or never
worked on it."""

Courses = tuple[Course | None, Course | None]
"""The two sessions; None for one that is not known."""


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A place on the shared axis: the leg, from 0, and seconds in it."""

    leg: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one session stands: ``t`` in seconds since its start.

    ``apart`` is the seconds until it begins, or since it was over or done with the task; ``visit``
    of ``visits`` the stretch of the task, from 1, both 0 where tasks do not count.
    """

    t: float
    state: State = "on"
    apart: float = 0.0
    visit: int = 0
    visits: int = 0


class Pace(Protocol):
    """A shared axis."""

    @property
    def first(self) -> Spot:
        """Where it begins."""
        ...

    @property
    def last(self) -> Spot:
        """Where it ends."""
        ...

    def at(self, side: int, spot: Spot) -> Standing | None:
        """Return where a session stands; None where it is not known."""
        ...

    def place(self, side: int, t: float) -> Spot:
        """Return the spot at which a session that is known stands at ``t`` seconds."""
        ...

    def approach(self, side: int, t: float) -> Spot:
        """Return the spot shortly before ``t``, in its leg, so that one sees how it came about."""
        ...

    def move(self, spot: Spot, seconds: float) -> Spot:
        """Return the spot so many seconds further, or back; it stops at both ends."""
        ...


class ClockPace:
    """In step by seconds since each session's clock was started."""

    def __init__(self, courses: Courses) -> None:
        self._courses = courses
        known = [each for each in courses if each is not None]
        self.first = Spot(0, min((-each.origin for each in known), default=0.0))
        self.last = Spot(0, max((each.duration - each.origin for each in known), default=0.0))

    def at(self, side: int, spot: Spot) -> Standing | None:
        """Return where a session stands: it waits for its beginning, and stays at its end."""
        course = self._courses[side]
        if course is None:
            return None
        t = spot.seconds + course.origin
        if t < -_EPSILON:
            return Standing(t=0.0, state="before", apart=-t)
        if t > course.duration + _EPSILON:
            return Standing(t=course.duration, state="after", apart=t - course.duration)
        return Standing(t=min(max(t, 0.0), course.duration))

    def place(self, side: int, t: float) -> Spot:
        """Return the seconds on the clock at a moment of a session."""
        course = _known(self._courses, side)
        return Spot(0, min(max(t, 0.0), course.duration) - course.origin)

    def approach(self, side: int, t: float) -> Spot:
        """Return the place of the moment at which a jump to ``t`` lands."""
        return self.place(side, landing(t))

    def move(self, spot: Spot, seconds: float) -> Spot:
        """Return the place so many seconds further."""
        return Spot(0, min(max(spot.seconds + seconds, self.first.seconds), self.last.seconds))


class TaskPace:
    """In step by the tasks of a plan."""

    def __init__(self, courses: Courses, plan: Plan) -> None:
        self._courses = courses
        self._plan = plan
        self._visits = [
            [() if course is None else course.of(task.id) for task in plan.tasks]
            for course in courses
        ]
        self.spans = tuple(max(map(_length, visits)) for visits in zip(*self._visits, strict=True))
        worked = [leg for leg, span in enumerate(self.spans) if span > 0]
        self._begin, self._end = (worked[0], worked[-1]) if worked else (0, 0)

    @property
    def first(self) -> Spot:
        """The beginning of the first task that anybody worked on."""
        return Spot(self._begin, 0.0)

    @property
    def last(self) -> Spot:
        """The end of the last one."""
        return Spot(self._end, self.spans[self._end])

    def at(self, side: int, spot: Spot) -> Standing | None:
        """Return where a session stands in its stretches of the leg's task."""
        course = self._courses[side]
        if course is None:
            return None
        visits = self._visits[side][spot.leg]
        if not visits:
            return Standing(t=self._held(side, spot.leg), state="absent")
        begun = 0.0
        for number, each in enumerate(visits, 1):
            if spot.seconds < begun + each.until - each.start:
                t = each.start + max(spot.seconds - begun, 0.0)
                return Standing(t=min(t, each.until), visit=number, visits=len(visits))
            begun += each.until - each.start
        apart = spot.seconds - begun
        return Standing(
            t=visits[-1].until,
            state="after" if apart > _EPSILON else "on",
            apart=max(apart, 0.0),
            visit=len(visits),
            visits=len(visits),
        )

    def _held(self, side: int, leg: int) -> float:
        """Return where a session stays that never worked on a task: behind the task before it."""
        before = [visits for visits in self._visits[side][:leg] if visits]
        return before[-1][-1].until if before else 0.0

    def place(self, side: int, t: float) -> Spot:
        """Return the task at a moment of a session, and the seconds spent on it until then."""
        course = _known(self._courses, side)
        index = course.stretch_index(t)
        if index is None:
            return self.first
        stretch = course.stretches[index]
        leg = self._plan.index(stretch.task)
        before = [each for each in self._visits[side][leg] if each.start < stretch.start]
        inside = min(max(t, stretch.start), stretch.until) - stretch.start
        return Spot(leg, _length(before) + inside)

    def approach(self, side: int, t: float) -> Spot:
        """Return the place shortly before ``t``, but not before the stretch that it lies in."""
        course = _known(self._courses, side)
        index = course.stretch_index(t)
        start = 0.0 if index is None else course.stretches[index].start
        return self.place(side, min(max(landing(t), start), max(t, start)))

    def move(self, spot: Spot, seconds: float) -> Spot:
        """Return the place so many seconds further, in the tasks behind it if need be."""
        leg, inside = spot.leg, spot.seconds + seconds
        while inside > self.spans[leg] and leg < self._end:
            inside -= self.spans[leg]
            leg += 1
        while inside < 0 and leg > self._begin:
            leg -= 1
            inside += self.spans[leg]
        return Spot(leg, min(max(inside, 0.0), self.spans[leg]))

    def next_leg(self, leg: int, step: int) -> int | None:
        """Return the next task that anybody worked on, or the one before; None at the end."""
        towards = range(leg + step, len(self.spans) if step > 0 else -1, step)
        return next((each for each in towards if self.spans[each] > 0), None)


def _length(visits: tuple[Stretch, ...] | list[Stretch]) -> float:
    # Summed as `at` counts: the last visit then ends where all of them together do.
    *_, total = accumulate((each.until - each.start for each in visits), initial=0.0)
    return total


def _known(courses: Courses, side: int) -> Course:
    course = courses[side]
    if course is None:
        raise ValueError("a session that is not known has no place")
    return course
