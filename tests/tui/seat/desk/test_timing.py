from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.exercise.schema import Exercise
from recorder.recording.journal import ClockExtended, ClockStarted
from tests.tui.seat.scene import plan
from tui.seat.desk.history import History
from tui.seat.desk.timing import clock_at
from tui.seat.desk.values import Clock

PLAN = Exercise.model_validate(plan())
HOUR = ClockStarted(t=100.0, length=3600.0)


def clock(
    t: float,
    began: ClockStarted | None = HOUR,
    *extensions: ClockExtended,
    made: dict[str, float] | None = None,
    exercise: Exercise | None = PLAN,
) -> Clock:
    history: History[ClockExtended] = History()
    for each in extensions:
        history.add(each.t, each)
    return clock_at(exercise, began, history, made or {}, t, ended=None)


def minutes(found: Clock) -> list[int]:
    return [round((span.until - span.start) / 60) for span in found.spans]


def test_before_the_start_it_stands_with_its_whole_length() -> None:
    found = clock(50.0)
    assert (found.started, found.length, found.left, found.phase) == (None, 3600.0, None, None)
    assert found.due is None
    assert minutes(found) == [5, 45, 10]


@pytest.mark.parametrize(
    ("t", "phase", "following"),
    [
        (100.0, "introduction", "work"),
        (399.9, "introduction", "work"),
        (400.0, "work", "review"),
        (3100.0, "review", None),
        (3800.0, "review", None),
    ],
)
def test_phases_follow_each_other(t: float, phase: str, following: str | None) -> None:
    found = clock(t)
    assert found.phase is not None
    assert found.phase.id == phase
    assert (found.following and found.following.id) == following


def test_time_that_is_given_lengthens_the_work_and_never_the_review() -> None:
    more = ClockExtended(t=500.0, by=600.0, length=4200.0)
    assert minutes(clock(499.0, HOUR, more)) == [5, 45, 10]
    assert minutes(clock(500.0, HOUR, more)) == [5, 55, 10]


def test_time_that_is_given_in_the_review_is_the_reviews() -> None:
    late = ClockExtended(t=3200.0, by=300.0, length=3900.0)
    assert minutes(clock(3300.0, HOUR, late)) == [5, 45, 15]


def test_time_that_was_given_before_the_start_is_the_works() -> None:
    early = ClockExtended(t=50.0, by=600.0, length=4200.0)
    assert minutes(clock(60.0, None, early)) == [5, 55, 10]
    assert minutes(clock(200.0, ClockStarted(t=100.0, length=4200.0), early)) == [5, 55, 10]


def test_an_announcement_is_due_until_it_is_made() -> None:
    due = 100.0 + 45 * 60
    assert clock(due - 1).due is None
    coming = clock(due - 1).coming
    assert coming is not None
    assert (coming.left, coming.t) == (15, due)
    found = clock(due).due
    assert found is not None
    assert found.left == 15
    assert clock(due + 300).due is not None
    assert clock(due + 300, made={"15": due + 10}).due is None


def test_an_announcement_moves_with_the_end() -> None:
    more = ClockExtended(t=500.0, by=600.0, length=4200.0)
    assert clock(100.0 + 45 * 60, HOUR, more).due is None
    assert clock(100.0 + 55 * 60, HOUR, more).due is not None


def test_of_two_announcements_the_later_one_is_still_true() -> None:
    raw = plan()
    two = [{"left": 15, "say": "15"}, {"left": 5, "say": "5"}]
    both = Exercise.model_validate(raw | {"clock": raw["clock"] | {"announcement": two}})
    found = clock(100.0 + 56 * 60, exercise=both).due
    assert found is not None
    assert found.left == 5
    assert clock(100.0 + 56 * 60, exercise=both, made={"5": 3450.0}).due is None


def test_it_counts_on_after_its_end() -> None:
    assert clock(100.0 + 3660).left == -60.0


def test_a_clock_without_an_exercise_counts_all_the_same() -> None:
    found = clock(160.0, exercise=None)
    assert (found.left, found.phase, found.spans) == (3540.0, None, ())


@given(
    st.floats(0, 1e5),
    st.floats(0, 1e5),
    st.lists(st.tuples(st.floats(0, 1e5), st.floats(-1e4, 1e4), st.floats(0, 1e5)), max_size=5),
)
def test_phases_never_overlap_whatever_a_journal_says(
    t: float, length: float, given_more: list[tuple[float, float, float]]
) -> None:
    more = [ClockExtended(t=at, by=by, length=whole) for at, by, whole in sorted(given_more)]
    found = clock(t, ClockStarted(t=0.0, length=length), *more)
    for one, other in zip(found.spans, found.spans[1:], strict=False):
        assert one.start <= one.until == other.start
