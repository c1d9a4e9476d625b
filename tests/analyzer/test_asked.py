"""What an exercise asks for decides which signals make sense, and what is housekeeping."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.analysis import Collected, Pipeline
from analyzer.asked import NOTHING, Asked, asked_by
from analyzer.models.bearing import bearing_of
from analyzer.models.phases import phases_of
from analyzer.models.tasks import Tasks
from analyzer.signals.engine import Engine
from analyzer.signals.loader import shipped_rules
from analyzer.signals.transcript import Transcript
from recorder.exercise.loader import read_exercise, shipped_directory
from recorder.exercise.recorded import plan_of
from recorder.home import Home
from recorder.recording.events import Logged, Place
from recorder.recording.journal import ExerciseChosen

SOMETHING_ELSE = """\
candidate@web01:~$ sudo apt -y install lsof
Setting up lsof
candidate@web01:~$ exit
[close 1]
[end]
"""
ROTATING = "".join(
    f"candidate@web01:~$ sudo logrotate -f /etc/logrotate.d/part{n}\n[wait 200]\n" for n in range(6)
)


def chosen(name: str) -> ExerciseChosen:
    loaded = read_exercise(Home(Path("/nowhere")), shipped_directory() / f"{name}.toml")
    plan = loaded.plan.model_dump(mode="json", by_alias=True, exclude_none=True)
    return ExerciseChosen(t=0, name=name, plan=plan)


def at_first(entry: ExerciseChosen) -> Logged:
    return Logged(t=0.0, place=Place(file="session.jsonl", offset=0), entry=entry)


def signals_of(transcript: str, entry: ExerciseChosen | None) -> set[str]:
    """Return what is established in a session that follows an exercise, or none."""
    pipeline, found = Pipeline(shipped_rules()), Collected()
    if entry is not None:
        found.add(pipeline.observe(at_first(entry)))
    for event in Transcript().play(transcript):
        found.add(pipeline.observe(event))
    found.add(pipeline.finish())
    return {tag.signal for tag in found.tags.values() if tag.state == "established"}


@pytest.mark.parametrize(("name", "fires"), [(None, True), ("ghost", True), ("outage", False)])
def test_a_task_that_an_exercise_has_not_is_not_missed(name: str | None, fires: bool) -> None:
    found = signals_of(SOMETHING_ELSE, chosen(name) if name else None)
    assert "used-sudo" in found
    assert ("never-reached-ssh" in found) == fires


def test_why_a_signal_rests_is_told_to_who_asks() -> None:
    told: list[tuple[str, str]] = []
    engine = Engine(shipped_rules(), lambda name, _t, words: told.append((name, words)))
    engine.observe(at_first(chosen("outage")))
    assert ("never-reached-ssh", "it rests: the exercise has no task for ssh") in told
    assert {name for name, _ in told} == {"never-reached-ssh", "ssh-before-ghost"}


@pytest.mark.parametrize(("name", "fires"), [(None, True), ("ghost", True), ("outage", False)])
def test_what_a_task_is_known_by_is_no_rabbit_hole(name: str | None, fires: bool) -> None:
    found = signals_of(ROTATING, chosen(name) if name else None)
    assert "log-kept-small" in found
    assert ("rabbit-hole" in found) == fires


def test_the_models_take_housekeeping_that_a_task_names_for_work() -> None:
    outage = asked_by(chosen("outage"))
    line = ("logrotate", "logrotate -f /etc/logrotate.conf")
    assert (bearing_of(*line), bearing_of(*line, outage)) == (-1, 1)
    assert bearing_of("lynis", "lynis audit system", outage) == -1
    assert bearing_of("vim", "~/.vimrc", outage) == -1


def test_names_tell_which_task_a_stretch_of_work_serves() -> None:
    outage = chosen("outage")
    plan = plan_of(outage)
    assert plan is not None
    work = [
        "uptime", "systemctl --failed", "journalctl -u timetable", "df -h", "ls /srv/timetable/log",
        "sudo truncate -s 0 /srv/timetable/log/import.log", "df -h", "sudo vim import.ini",
        "sudo systemctl restart timetable-import", "curl -sI localhost", "nano incident.md",
        "cat incident.md",
    ]  # fmt: skip
    transcript = "".join(f"candidate@web01:~$ {line}\n[wait 20]\n" for line in work)

    def worked_on(entry: ExerciseChosen | None) -> list[str]:
        """Return the tasks in the order in which they were first worked on."""
        pipeline = Pipeline(shipped_rules())
        if entry is not None:
            pipeline.observe(at_first(entry))
        for event in Transcript().play(transcript):
            pipeline.observe(event)
        pipeline.finish()
        tasks = [Tasks(plan).of(phase.topic) for phase in phases_of(pipeline.observed)]
        return list(dict.fromkeys(tasks))

    assert worked_on(outage) == ["find", "mend", "note"]
    assert "note" not in worked_on(None)


def test_of_two_tasks_with_a_name_the_first_has_it() -> None:
    asked = Asked(
        names=frozenset({"a", "b"}),
        by_task=((frozenset({"a"}), "ssh"), (frozenset({"a", "b"}), "web")),
    )
    assert asked.topic_named_in(["b", "a"]) == "ssh"
    assert asked.topic_named_in(["vim b"]) == "web"
    assert asked.topic_named_in(["vim c"]) is None


def test_only_whole_names_count_and_none_of_them_is_an_expression() -> None:
    asked = Asked(names=frozenset({"cron", "a.b"}))
    assert asked.is_named_in("edit /etc/cron now")
    assert not asked.is_named_in("acronym")
    assert not asked.is_named_in("axb")
    assert not NOTHING.is_named_in("cron")


def test_a_plan_of_another_version_asks_for_nothing() -> None:
    assert asked_by(ExerciseChosen(t=0, name="later", plan={"format": 9})) == NOTHING
