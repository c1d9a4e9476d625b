from __future__ import annotations

from collections.abc import Collection

import pytest

from tui.seat.desk.values import Announcement, Clock
from tui.seat.notes.announcing import announcement_at

LISTED = (30, 15, 5)


def at(now: float, made: Collection[int] = (), *, ended: float | None = None) -> int | str:
    """An hour that was started at 100 s."""
    announcements = tuple(
        Announcement(left=left, t=3700.0 - left * 60, say="", made=now if left in made else None)
        for left in LISTED
    )
    clock = Clock(now=now, length=3600.0, started=100.0, announcements=announcements, ended=ended)
    return announcement_at(clock, LISTED, lambda left: left in made)


def test_the_one_that_is_due_is_noted_and_not_the_first_that_was_missed() -> None:
    assert at(1900.0) == 30
    assert at(2800.0) == 15
    assert at(3450.0, {30}) == 5


def test_it_may_be_said_when_the_desk_tells_that_it_comes() -> None:
    assert at(1845.0) == 30
    assert at(2745.0, {30}) == 15


def test_one_that_is_far_off_is_not_noted_by_mistake() -> None:
    assert at(1000.0) == "the next announcement, 30 minutes left, is due in 15:00"
    assert at(2000.0, {30}) == "the next announcement, 15 minutes left, is due in 13:20"


def test_one_that_was_said_is_not_said_twice() -> None:
    assert at(2745.0, {30, 15}) == "the next announcement, 5 minutes left, is due in 10:55"
    assert at(3500.0, {30, 15, 5}) == "all announcements were made"
    assert at(3500.0, {5}) == "no announcement is due any more"


def test_what_was_missed_is_not_due_after_the_end() -> None:
    assert at(3690.0, ended=3650.0) == "no announcement is due any more"


@pytest.mark.parametrize(
    ("made", "found"), [((), 30), ((30,), 15), (LISTED, "all announcements were made")]
)
def test_without_a_clock_they_follow_each_other(made: tuple[int, ...], found: int | str) -> None:
    assert announcement_at(Clock(), LISTED, lambda left: left in made) == found


def test_an_exercise_may_announce_nothing() -> None:
    assert announcement_at(Clock(), (), lambda _: False) == (
        "this session's exercise announces nothing"
    )
