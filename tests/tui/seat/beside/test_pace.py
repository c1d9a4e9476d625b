"""Being in step, as arithmetic: any two sessions, whatever the order in which tasks were taken."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.records import Phase
from tui.seat.beside.course import Course, Plan, Task, course_of
from tui.seat.beside.pace import ClockPace, Pace, Spot, TaskPace

PLAN = Plan(
    (
        Task("ghost", "Ghost", 1),
        Task("auth", "Auth", 2),
        Task("ssh", "SSH", 3),
        Task("off", "none"),
    ),
    {"ghost": "ghost", "web": "ghost", "basic-auth": "auth", "ssh": "ssh"},
)
TOPICS = ("ghost", "web", "basic-auth", "ssh", "other")
SIDES = st.sampled_from((0, 1))


def course(*parts: tuple[str, float], origin: float = 0.0) -> Course:
    """A session of stretches, each a topic and its seconds."""
    phases, start = [], 0.0
    for topic, seconds in parts:
        phases.append(
            Phase(start=start, until=start + seconds, topic=topic, activity="idle", confidence=1.0)
        )
        start += seconds
    return course_of(phases, PLAN, duration=start, origin=origin)


PARTS = st.lists(st.tuples(st.sampled_from(TOPICS), st.integers(1, 900)), min_size=1, max_size=12)
COURSES = st.builds(
    lambda parts, share: course(*parts, origin=share * sum(seconds for _, seconds in parts)),
    PARTS,
    st.sampled_from((0.0, 0.25, 0.5)),
)
PAIRS = st.tuples(COURSES, COURSES)
SHARES = st.floats(0.0, 1.0)
PACES = PAIRS.flatmap(
    lambda pair: st.sampled_from((ClockPace(pair), TaskPace(pair, PLAN))).map(
        lambda pace: (pair, pace)
    )
)
Given = tuple[tuple[Course, Course], Pace]


def spots(pace: Pace) -> list[Spot]:
    """Places from one end of an axis to the other, in order."""
    here, found = pace.first, [pace.first]
    seconds = 0.0
    while here < pace.last:
        seconds = max(seconds, 1.0) * 1.2
        here = pace.move(here, seconds)
        found.append(here)
    return found


@given(PACES, SIDES, SHARES)
def test_every_moment_of_both_sessions_can_be_gone_to(
    given: Given, side: int, share: float
) -> None:
    pair, pace = given
    t = share * pair[side].duration
    standing = pace.at(side, pace.place(side, t))
    assert standing is not None
    assert standing.t == pytest.approx(t, abs=1e-6)
    assert standing.state == "on"


@given(PACES)
def test_both_ends_are_reached_by_playing(given: Given) -> None:
    pair, pace = given
    places = spots(pace)
    assert places[0] == pace.first
    assert places[-1] == pace.last
    for side, each in enumerate(pair):
        for end in (0.0, each.duration):
            assert pace.first <= pace.place(side, end) <= pace.last


@given(PACES, SIDES)
def test_time_never_runs_backwards_within_a_leg(given: Given, side: int) -> None:
    _, pace = given
    for one, other in pairwise(spots(pace)):
        before, after = pace.at(side, one), pace.at(side, other)
        assert before is not None
        assert after is not None
        assert one < other
        if one.leg == other.leg:
            assert before.t <= after.t + 1e-6


@given(PAIRS, SIDES)
def test_by_clock_time_never_runs_backwards_at_all(pair: tuple[Course, Course], side: int) -> None:
    pace = ClockPace(pair)
    times = [standing.t for spot in spots(pace) if (standing := pace.at(side, spot))]
    assert times == sorted(times)
    assert times[0] == 0.0
    assert times[-1] == pytest.approx(pair[side].duration)


@given(PAIRS, SIDES, SHARES)
def test_by_clock_both_stand_at_the_same_time_on_their_clocks(
    pair: tuple[Course, Course], side: int, share: float
) -> None:
    pace = ClockPace(pair)
    spot = pace.place(side, share * pair[side].duration)
    one, other = (pace.at(each, spot) for each in (0, 1))
    assert one is not None
    assert other is not None
    if one.state == other.state == "on":
        assert one.t - pair[0].origin == pytest.approx(other.t - pair[1].origin, abs=1e-6)
    else:
        late = other if one.state == "on" else one
        assert late.apart > 0


@given(PAIRS)
def test_by_task_both_enter_each_task_at_the_same_moment(pair: tuple[Course, Course]) -> None:
    pace = TaskPace(pair, PLAN)
    for leg, task in enumerate(PLAN.tasks):
        for side, each in enumerate(pair):
            standing = pace.at(side, Spot(leg, 0.0))
            assert standing is not None
            reached = each.reached(task.id)
            if reached is None:
                assert standing.state == "absent"
            else:
                assert (standing.t, standing.visit) == (reached, 1)


@given(PAIRS, SIDES, SHARES)
def test_going_to_a_moment_of_one_takes_the_other_as_far_into_the_same_task(
    pair: tuple[Course, Course], side: int, share: float
) -> None:
    pace = TaskPace(pair, PLAN)
    t = share * pair[side].duration
    spot = pace.place(side, t)
    task = PLAN.tasks[spot.leg].id
    assert pair[side].task_at(t) == task
    other = pace.at(1 - side, spot)
    assert other is not None
    spent = pair[1 - side].spent(task)
    if not spent:
        assert other.state == "absent"
    elif other.state == "after":
        assert other.apart == pytest.approx(spot.seconds - spent)
        assert other.t == pair[1 - side].of(task)[-1].until
    else:
        assert seconds_on(pair[1 - side], task, other.t) == pytest.approx(spot.seconds, abs=1e-6)


def seconds_on(session: Course, task: str, t: float) -> float:
    return sum(min(each.until, t) - each.start for each in session.of(task) if each.start < t)


@given(PAIRS)
def test_by_task_no_second_is_lost_and_none_comes_twice(pair: tuple[Course, Course]) -> None:
    pace = TaskPace(pair, PLAN)
    for each in pair:
        assert sum(each.spent(task.id) for task in PLAN.tasks) == pytest.approx(each.duration)
    assert sum(pace.spans) <= sum(each.duration for each in pair) + 1e-6
    assert sum(pace.spans) >= max(each.duration for each in pair) - 1e-6


@given(PACES, SHARES, st.floats(-5000, 5000))
def test_moving_on_and_back_stays_on_the_axis(given: Given, share: float, seconds: float) -> None:
    pair, pace = given
    here = pace.place(0, share * pair[0].duration)
    there = pace.move(here, seconds)
    assert pace.first <= there <= pace.last
    assert (there >= here) if seconds >= 0 else (there <= here)
    if pace.first < there < pace.last:
        back = pace.move(there, -seconds)
        for side in (0, 1):
            assert close(pace, side, back, here)


def close(pace: Pace, side: int, one: Spot, other: Spot) -> bool:
    """Whether two places are the same: the end of a task is the beginning of the next."""
    return one.leg != other.leg or one.seconds == pytest.approx(other.seconds, abs=1e-6)


@given(PACES, SIDES, SHARES)
def test_a_jump_lands_before_the_moment_and_in_its_own_stretch(
    given: Given, side: int, share: float
) -> None:
    pair, pace = given
    t = share * pair[side].duration
    standing = pace.at(side, pace.approach(side, t))
    assert standing is not None
    assert t - 2.0 - 1e-6 <= standing.t <= t + 1e-6
    if isinstance(pace, TaskPace):
        assert pace.approach(side, t).leg == pace.place(side, t).leg


def test_who_took_the_tasks_in_another_order_is_met_in_the_same_one() -> None:
    pace = TaskPace((course(("ghost", 100), ("ssh", 50)), course(("ssh", 30), ("ghost", 40))), PLAN)
    one, other = (pace.at(side, Spot(2, 10.0)) for side in (0, 1))
    assert one is not None
    assert other is not None
    assert (one.t, other.t) == (110.0, 10.0)


def test_a_task_that_was_come_back_to_goes_on_where_it_was_left() -> None:
    pair = (course(("ssh", 20), ("ghost", 100), ("ssh", 30)), course(("ssh", 5)))
    pace = TaskPace(pair, PLAN)
    again = pace.at(0, Spot(2, 25.0))
    done = pace.at(1, Spot(2, 25.0))
    assert again is not None
    assert done is not None
    assert (again.t, again.visit, again.visits) == (125.0, 2, 2)
    assert (done.t, done.state, done.apart) == (5.0, "after", 20.0)


def test_one_that_is_not_known_leaves_the_other_usable() -> None:
    known = course(("ghost", 100), ("ssh", 20))
    for pace in (ClockPace((None, known)), TaskPace((None, known), PLAN)):
        assert pace.at(0, pace.first) is None
        assert pace.at(1, pace.place(1, 110.0)).t == 110.0  # type: ignore[union-attr]
        with pytest.raises(ValueError, match="not known"):
            pace.place(0, 1.0)


def test_with_nothing_known_there_is_one_place() -> None:
    for pace in (ClockPace((None, None)), TaskPace((None, None), PLAN)):
        assert pace.move(pace.first, 10.0) == pace.first == pace.last


def test_the_next_task_is_one_that_anybody_worked_on() -> None:
    pace = TaskPace((course(("ghost", 10)), course(("ssh", 10))), PLAN)
    assert pace.next_leg(0, 1) == 2
    assert pace.next_leg(2, 1) is None
    assert pace.next_leg(2, -1) == 0
