from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from analyzer.models.tasks import Tasks
from analyzer.models.words import TOPICS
from analyzer.records import Phase
from recorder.exercise.loader import load_exercise
from recorder.home import Home
from tui.seat.beside.course import course_of, plan_of


def phase(start: float, until: float, topic: str, activity: str = "idle") -> Phase:
    return Phase(start=start, until=until, topic=topic, activity=activity, confidence=1.0)


TIMES = st.floats(0, 5000, allow_nan=False)
PHASES = st.lists(st.builds(phase, TIMES, TIMES, st.sampled_from((*TOPICS, "unheard-of"))))


@given(PHASES, TIMES, TIMES)
def test_stretches_cover_a_session_whatever_the_phases_are(
    phases: list[Phase], duration: float, origin: float
) -> None:
    course = course_of(phases, plan_of(None), duration=duration, origin=origin)
    assert 0 <= course.origin <= course.duration
    if not phases or duration == 0:
        assert course.stretches == ()
        return
    assert course.stretches[0].start == 0
    assert course.stretches[-1].until == duration
    for one, other in pairwise(course.stretches):
        assert one.until == other.start
        assert one.task != other.task
    assert all(each.start < each.until for each in course.stretches)


def test_the_tasks_of_an_exercise_are_numbered_and_what_serves_none_stands_last(tmp_path) -> None:
    plan = plan_of(Tasks(load_exercise(Home(tmp_path), "ghost").plan))
    assert [(each.number, each.id) for each in plan.tasks] == [
        (1, "address"),
        (2, "ghost"),
        (3, "not-public"),
        (4, "no-passwords"),
        (0, "off-task"),
    ]
    assert plan.task_of("database") == "ghost"
    assert plan.task_of("other") == "off-task"


def test_where_no_exercise_tells_tasks_topics_stand_for_them() -> None:
    plan = plan_of(None)
    assert plan.task_of("ssh") == "ssh"
    assert plan.tasks[-1].number == 0
    assert plan.task_of("unheard-of") == plan.tasks[-1].id


def test_a_moment_tells_its_task_and_activity() -> None:
    phases = [phase(0, 10, "ssh", "reading"), phase(10, 20, "ssh", "idle"), phase(20, 30, "web")]
    course = course_of(phases, plan_of(None), duration=30)
    assert [(each.start, each.until) for each in course.stretches] == [(0, 20), (20, 30)]
    assert (course.task_at(15), course.activity_at(15)) == ("ssh", "idle")
    assert (course.task_at(99), course.activity_at(-1)) == ("web", "reading")


def test_a_moment_behind_the_last_phase_is_no_stretch_of_its_own() -> None:
    course = course_of([phase(0, 29.5, "ssh")], plan_of(None), duration=30)
    assert [(each.task, each.until) for each in course.stretches] == [("ssh", 30)]
