"""What counts as right where phases are held against the truth."""

from __future__ import annotations

from typing import cast

import pytest

from analyzer.models.labels import LabelledPhase
from analyzer.models.words import Activity, Topic
from analyzer.records import Phase
from bench.support.phases_agreement import compare_phases, majority


def told(start: float, until: float, topic: str, activity: str = "configuring") -> Phase:
    return Phase(start=start, until=until, topic=topic, activity=activity, confidence=1)


def true(start: float, until: float, topic: str, activity: str = "configuring") -> LabelledPhase:
    return LabelledPhase(
        start=start, until=until, topic=cast("Topic", topic), activity=cast("Activity", activity)
    )


def task_of(topic: str) -> str:
    return {"ghost": "blog", "web": "blog"}.get(topic, "off-task")


def test_time_is_right_where_topics_agree_and_tasks_where_they_serve_the_same() -> None:
    truth = [true(0, 60, "ghost"), true(60, 100, "ssh")]
    found = compare_phases(
        [told(0, 30, "ghost"), told(30, 70, "web"), told(70, 100, "ssh", "reading")],
        truth, task_of, activities=True,
    ).times  # fmt: skip
    assert (found["topic"].right, found["topic"].all) == (60, 100)
    assert found["task"].right == 90
    assert found["activity"].right == 70


def test_idle_time_is_counted_apart() -> None:
    truth = [true(0, 60, "ghost"), true(60, 100, "ghost", "idle")]
    phases = [told(0, 80, "ghost"), told(80, 100, "web", "waiting")]
    found = compare_phases(phases, truth, task_of, activities=False).times
    assert (found["task"].all, found["task, idle too"].all) == (60, 100)
    assert (found["idle"].right, found["idle"].all) == (20, 40)
    assert found["topic, idle too"].right == 80
    assert found["activity"].all == 0


def test_what_is_not_told_is_wrong() -> None:
    truth = [true(0, 100, "ghost")]
    found = compare_phases([told(20, 40, "ghost")], truth, task_of, activities=True)
    assert (found.times["topic"].right, found.times["topic"].all) == (20, 100)
    assert compare_phases([], truth, task_of, activities=True).times["task"].right == 0


def test_the_guesser_names_what_is_commonest_in_time() -> None:
    word = majority([[true(0, 10, "ssh"), true(10, 15, "web")], [true(0, 20, "web", "reading")]])
    assert (word.topic, word.activity) == ("web", "reading")


def test_shares_print_for_nothing() -> None:
    assert str(compare_phases([], [], task_of, activities=True).times["task"]).endswith("-")
    with pytest.raises(IndexError):
        majority([])
