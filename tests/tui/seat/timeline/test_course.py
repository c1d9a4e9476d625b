from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.models.words import TOPICS
from analyzer.records import Phase
from recorder.exercise.clocked import ClockReader, ClockRun
from recorder.exercise.loader import load_exercise
from recorder.home import Home
from recorder.recording.journal import JOURNAL_NAME, encode_entry
from recorder.recording.session_entries import ClockEnded, ClockExtended, ClockStarted
from tests.tui.seat.hour import TASKS, phases
from tui.seat.feed import TaskWords
from tui.seat.timeline.course import OFF, periods_of, segment_at, segments_of, sign_of


def a_phase(start: float, topic: str, activity: str = "reading") -> Phase:
    return Phase(start=start, until=start + 10.0, topic=topic, activity=activity, confidence=1.0)


def test_neighbours_of_one_task_are_one_stretch_that_knows_its_parts() -> None:
    found = segments_of(phases(), TASKS)
    assert [each.sign for each in found] == ["-", "1", "-", "2", "-", "2", "3", "4", "-"]
    ghost = found[3]
    assert (ghost.start, ghost.until, ghost.number) == (600.0, 1980.0, 2)
    assert [ghost.activity(t) for t in (600.0, 779.0, 780.0, 1499.0, 1801.0)] == [
        "reading",
        "reading",
        "installing",
        "installing",
        "configuring",
    ]


def test_of_tasks_that_name_one_topic_the_first_has_it() -> None:
    tasks = (
        TaskWords(id="one", title="One", topics=("web",)),
        TaskWords(id="two", title="Two", topics=("web", "ssh")),
    )
    found = segments_of([a_phase(0.0, "web"), a_phase(10.0, "ssh")], tasks)
    assert [(each.number, each.title) for each in found] == [(1, "One"), (2, "Two")]


def test_without_an_exercise_stretches_are_told_by_topic() -> None:
    found = segments_of([a_phase(0.0, "web"), a_phase(10.0, "other"), a_phase(20.0, "ssh")], ())
    assert [(each.sign, each.title) for each in found] == [
        ("w", "Web"),
        ("-", "Other work"),
        ("s", "Ssh"),
    ]
    every = segments_of([a_phase(n * 10.0, topic) for n, topic in enumerate(TOPICS)], ())
    assert {each.number for each in every if each.sign == "-"} == {OFF}


def test_a_task_of_a_hostile_plan_cannot_act_on_the_terminal() -> None:
    tasks = (TaskWords(id="a", title="\x1b[2J\u202eowned", topics=("web",)),)
    title = segments_of([a_phase(0.0, "web")], tasks)[0].title
    assert "\x1b" not in title
    assert "\u202e" not in title


def test_every_number_has_one_character() -> None:
    assert [sign_of(n) for n in (1, 9, 10, 35, 99)] == ["1", "9", "a", "z", "z"]


@pytest.mark.parametrize(
    ("t", "sign"),
    [(-1.0, None), (0.0, "-"), (240.0, "1"), (3599.0, "-"), (3600.0, "-"), (9e9, None)],
)
def test_a_moment_lies_in_one_stretch(t: float, sign: str | None) -> None:
    found = segment_at(segments_of(phases(), TASKS), t)
    assert (None if found is None else found.sign) == sign


def test_the_clocks_phases_begin_when_it_was_started(tmp_path: Path) -> None:
    plan = load_exercise(Home(tmp_path), "ghost").plan
    found = periods_of(ClockRun(started=60.0, length=3600.0), plan)
    assert [(each.title, each.start, each.until) for each in found] == [
        ("Introduction", 60.0, 360.0),
        ("Work", 360.0, 3060.0),
        ("Review", 3060.0, 3660.0),
    ]
    longer = periods_of(ClockRun(started=0.0, length=4200.0), plan)
    assert [each.until for each in longer] == [300.0, 3600.0, 4200.0]
    assert periods_of(None, plan) == periods_of(ClockRun(started=0.0, length=1.0), None) == ()


def test_the_clock_is_read_as_the_journal_grows(tmp_path: Path) -> None:
    reader, journal = ClockReader(tmp_path), tmp_path / JOURNAL_NAME
    assert reader.read() is None
    lines = [
        encode_entry(ClockStarted(t=60.0, length=3600.0)),
        b'{"event":"clock-started","t":"never"}\n',
        encode_entry(ClockExtended(t=90.0, by=300.0, length=3900.0)),
        encode_entry(ClockEnded(t=3960.0)),
    ]
    with journal.open("ab", buffering=0) as file:
        file.write(lines[0] + lines[1] + lines[2][:10])
        assert reader.read() == ClockRun(started=60.0, length=3600.0)
        file.write(lines[2][10:])
        assert reader.read() == ClockRun(started=60.0, length=3900.0)
        file.write(lines[3])
        assert reader.read() == ClockRun(started=60.0, length=3900.0, ended=3960.0)
