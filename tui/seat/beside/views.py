"""What the comparison says: the pair's state as values for the widgets, and as short texts.

Pure: a pair in, values out. How they are drawn is `drawn.py`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analyzer.visible import plain
from tui.seat.bars import Mark
from tui.seat.beside.course import Course, Task
from tui.seat.beside.in_step import Step
from tui.seat.beside.known import SIDES
from tui.seat.beside.pace import Standing
from tui.seat.beside.pair import Pair
from tui.seat.feed import Overview
from tui.seat.moments import Moment, current_index
from tui.seat.transport import State, clock_words
from tui.seat.words import mark_of, notice_words
from tui.wall_clock import local_time

BESIDE = ("left", "right")
STACKED = ("upper", "lower")

_SOON = 0.5
"""Seconds that are not worth a word."""

_STEPS = {Step.CLOCK: "in step by clock", Step.TASK: "in step by task", Step.FREE: "each by itself"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfView:
    """What is said of one session; times in seconds since its start.

    ``clock`` is the time on its clock, None where both are the same; ``note`` why it stands still,
    or what is still to come; ``clipped`` which columns of its screen are shown, if not all;
    ``busy`` the stretches of the task that is looked at.
    """

    name: str = ""
    active: bool = False
    who: str = ""
    target: str = ""
    when: str = ""
    state: State = State.READING
    position: float = 0.0
    duration: float = 0.0
    clock: float | None = None
    note: str = ""
    clipped: str = ""
    doing: tuple[str, ...] = ()
    command: Moment | None = None
    tag: Moment | None = None
    marks: tuple[Mark, ...] = ()
    busy: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonView:
    """What is said of both: state and speed while in step, and when each reached the task."""

    state: State = State.READING
    step: str = ""
    place: str = ""
    speed: float = 1.0
    extras: tuple[str, ...] = ()
    task: str = ""
    reached: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What feed and widget tell of one side beside its values.

    How far its analysis is, what failed, and which columns are shown of a screen that is clipped.
    """

    progress: float | None = None
    failure: str = ""
    no_findings: str = ""
    lost: str = ""
    clipped: str = ""


def half_view(pair: Pair, side: int, *, name: str, now: float, news: News) -> HalfView:
    """Return what is said of one session at the viewer's time ``now``."""
    player, course, standing = pair.players[side], pair.courses[side], pair.standing(side)
    if player.overview is None or course is None or standing is None:
        return HalfView(name=name, active=pair.active == side, note=news.failure and "not readable")
    gone = standing.state in {"absent", "before"}
    command = None if gone else current_index(player.commands, standing.t)
    tag = None if gone else current_index(player.tags, standing.t)
    task = pair.task
    return HalfView(
        name=name,
        active=pair.active == side,
        who=plain(player.overview.candidate or "candidate"),
        target=plain(player.overview.target),
        when=when_words(player.overview),
        state=pair.state_of(side, now),
        position=standing.t,
        duration=course.duration,
        clock=standing.t - course.origin if course.origin > _SOON else None,
        note=_standing_words(standing, pair.step) or _waiting_words(pair, side, news),
        clipped="" if gone else news.clipped,
        doing=() if gone else _doing(pair, course, standing),
        command=None if command is None else player.commands[command],
        tag=None if tag is None else player.tags[tag],
        marks=tuple(mark_of(each) for each in player.tags),
        busy=() if task is None else tuple((e.start, e.until) for e in course.of(task.id)),
    )


def when_words(overview: Overview) -> str:
    """Return the date on which it began, in local time."""
    return "" if overview.started is None else f"{local_time(overview.started):%Y-%m-%d}"


def _standing_words(standing: Standing, step: Step) -> str:
    match standing.state:
        case "on":
            return ""
        case "before":
            return f"begins in {clock_words(standing.apart)}"
        case "absent":
            return "never worked on this"
        case "after" if step is Step.TASK:
            return f"done with it {clock_words(standing.apart)} ago"
        case "after":
            return f"over since {clock_words(standing.apart)}"


def _waiting_words(pair: Pair, side: int, news: News) -> str:
    if news.lost:
        return "recording lost, trying again"
    if news.no_findings:
        return "tags not available"
    found = pair.findings[side]
    if found is not None:
        return "tags hidden" if found.hidden else ""
    return "analysing" if news.progress is None else f"analysing {news.progress:.0%}"


def _doing(pair: Pair, course: Course, standing: Standing) -> tuple[str, ...]:
    """Return task, activity and visit at a moment."""
    task, activity = course.task_at(standing.t), course.activity_at(standing.t)
    if pair.step is Step.TASK:
        task = pair.plan.tasks[pair.spot.leg].id
    if task is None:
        return ()
    many = standing.visits > 1
    visit = f"visit {standing.visit} of {standing.visits}" if many else ""
    words = [task_words(pair.plan.tasks[pair.plan.index(task)]), visit, activity or ""]
    return tuple(filter(None, words))


def task_words(task: Task) -> str:
    """Return a task's number and title."""
    title = plain(task.title)
    return f"{task.number} {title}" if task.number else title


def half_notice(pair: Pair, side: int, news: News) -> str:
    """Return what is said where there is no screen to be shown; empty where there is one."""
    if news.failure:
        return news.failure
    standing = pair.standing(side)
    if standing is not None and standing.state == "absent" and pair.task is not None:
        span = clock_words(_duration(pair, side))
        return f"Never worked on this in {span}:\n{plain(pair.task.title)}"
    if standing is not None and standing.state == "before":
        return f"Begins in {clock_words(standing.apart)}."
    return notice_words(pair.players[side])


def _duration(pair: Pair, side: int) -> float:
    course = pair.courses[side]
    return 0.0 if course is None else course.duration


def common_view(pair: Pair, names: Sequence[str]) -> CommonView:
    """Return what is said of both; ``names`` are those of the two sides."""
    free = pair.step is Step.FREE
    extras = [] if pair.common.skips_silence else ["silence kept"]
    if pair.wanted is not pair.step:
        extras.append("by task once both are analysed")
    task = pair.task
    return CommonView(
        state=_free_state(pair) if free else pair.state,
        step=_STEPS[pair.step],
        place=_place_words(pair),
        speed=(pair.players[pair.active].transport if free else pair.common).speed,
        extras=tuple(extras),
        task="" if task is None else task_words(task),
        reached="" if task is None else reached_words(pair, task, names),
    )


def _free_state(pair: Pair) -> State:
    return pair.players[pair.active].transport.state if pair.is_ready else State.READING


def _place_words(pair: Pair) -> str:
    if pair.step is Step.CLOCK:
        return f"clock {signed_clock(pair.spot.seconds)}"
    return f"{clock_words(pair.spot.seconds)} into it" if pair.step is Step.TASK else ""


def signed_clock(t: float) -> str:
    """Return seconds on a clock, which may not have been started yet."""
    return f"-{clock_words(-t)}" if t <= -1 else clock_words(t)


def reached_on_clock(pair: Pair, side: int, task: Task) -> float | None:
    """Return when a session first worked on a task, in seconds on its clock."""
    course = pair.courses[side]
    reached = None if course is None else course.reached(task.id)
    return None if course is None or reached is None else reached - course.origin


def reached_words(pair: Pair, task: Task, names: Sequence[str]) -> str:
    """Return when each first worked on a task, on its own clock, and how far that is apart."""
    known = [side for side in SIDES if pair.findings[side] is not None and pair.courses[side]]
    found = [(names[side], reached_on_clock(pair, side, task)) for side in known]
    # As they stand on the screen, whichever was named first.
    found.sort(key=lambda each: each[0] not in {BESIDE[0], STACKED[0]})
    if not found:
        return ""
    said = ", ".join(f"{n} never" if t is None else f"{n} at {signed_clock(t)}" for n, t in found)
    times = [t for _, t in found if t is not None]
    if len(times) < len(SIDES):
        return said
    apart = times[1] - times[0]
    if abs(apart) < 1:
        return f"{said} (together)"
    return f"{said} ({clock_words(abs(apart))} {'later' if apart > 0 else 'earlier'})"


def heading_words(pair: Pair, names: Sequence[str], order: Sequence[int]) -> str:
    """Return what stands above the table: who is who, and from when times are counted."""
    who = []
    for side in order:
        overview = pair.players[side].overview
        whose = "not read" if overview is None else plain(overview.candidate or "candidate")
        who.append(f"{names[side]}: {whose}")
    started = [pair.setting(side).clock_started is not None for side in SIDES]
    since = "the clock's start" if all(started) else "the start of each"
    return f"{'   '.join(who)}   times since {since}"
