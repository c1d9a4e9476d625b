"""`jumpseat phases`: stretches with their tasks, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyzer.models.words import ACTIVITIES, RESTS
from recorder.exercise.loader import read_exercise, shipped_directory
from recorder.home import Home
from recorder.recording.journal import JOURNAL_NAME, ExerciseChosen, encode_entry
from tests.support.typed_session import session


def _line(t: float, text: str) -> list[list[object]]:
    prompt = "\x1b[?2004hcandidate@web01:~$ "
    return [
        [t, "o", prompt],
        *([t + 0.1 + n / 10, "o", key] for n, key in enumerate(text)),
        [t + 0.2 + len(text) / 10, "o", "\r\n\x1b[?2004l\r"],
    ]


@pytest.fixture
def cast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    events = [*_line(1, "lsb_release -a"), *_line(10, "ghost install"), *_line(20, "ghost start"),
              *_line(40, "sudo sshd -t"), *_line(50, "sudo systemctl restart ssh"),
              [60.0, "o", "\x1b[?2004hcandidate@web01:~$ "]]  # fmt: skip
    head = {"version": 2, "width": 80, "height": 24, "timestamp": 1790000000}
    path = tmp_path / "demo.cast"
    path.write_text("".join(json.dumps(each) + "\n" for each in [head, *events]))
    monkeypatch.chdir(tmp_path)
    return path


def test_json_has_the_fields_of_the_contract(jumpseat, cast: Path) -> None:
    outcome = jumpseat("phases", "./demo.cast", "--json")
    found = json.loads(outcome.out)
    assert outcome.status == 0
    assert "tasks are those of 'ghost'" in outcome.err
    assert {tuple(each) for each in found} == {("from", "until", "task", "activity", "confidence")}
    assert list(dict.fromkeys(each["task"] for each in found)) == ["ghost", "no-passwords"]
    assert found[0]["from"] == 0
    assert [each["until"] for each in found[:-1]] == [each["from"] for each in found[1:]]


def test_people_get_a_table_and_the_time_for_each_task(jumpseat, cast: Path) -> None:
    outcome = jumpseat("phases", "demo.cast", "--exercise", "ghost")
    assert (outcome.status, outcome.err) == (0, "")
    table, times = outcome.out.split("\n\n")
    assert table.splitlines()[0].split() == ["from", "until", "task", "topic", "activity", "sure"]
    assert [line.split()[0] for line in times.splitlines()] == ["task", "ghost", "no-passwords"]


def test_an_exercise_without_topics_gives_topics_alone(jumpseat, cast: Path) -> None:
    text = (shipped_directory() / "ghost.toml").read_text()
    lines = [line for line in text.splitlines() if not line.startswith("topics")]
    Path("bare.toml").write_text("\n".join(lines))
    outcome = jumpseat("phases", "demo.cast", "--exercise", "./bare.toml", "--json")
    assert outcome.status == 0
    assert "does not say which topics serve its tasks" in outcome.err
    assert {each["task"] for each in json.loads(outcome.out)} == {None}
    shown = jumpseat("phases", "demo.cast", "--exercise", "./bare.toml").out
    assert shown.split("\n\n")[1].split()[0] == "topic"


def test_a_session_has_the_tasks_of_its_own_exercise(jumpseat, record, home: Home) -> None:
    directory = record("s1")
    loaded = read_exercise(home, shipped_directory() / "ghost.toml")
    plan = loaded.plan.model_dump(mode="json", by_alias=True, exclude_none=True)
    line = encode_entry(ExerciseChosen(t=0, name="ours", plan=plan))
    first, *rest = (directory / JOURNAL_NAME).read_bytes().splitlines(keepends=True)
    (directory / JOURNAL_NAME).write_bytes(b"".join([first, line, *rest]))
    outcome = jumpseat("phases", "s1", "--json")
    assert (outcome.status, outcome.err) == (0, "")
    (only,) = json.loads(outcome.out)
    assert (only["from"], only["until"], only["activity"]) == (0, 62.04, "idle")


@pytest.mark.parametrize("exercise", ["nosuch", "./nosuch.toml"])
def test_an_exercise_that_is_not_there_is_told(jumpseat, cast: Path, exercise: str) -> None:
    outcome = jumpseat("phases", "demo.cast", "--exercise", exercise)
    assert (outcome.status, outcome.out) == (1, "")
    assert "nosuch" in outcome.err
    assert len(outcome.err.splitlines()) <= 2


def test_who_judges_blind_sees_which_task_is_worked_on_and_not_what_kind_of_work_it_is(
    jumpseat, home: Home
) -> None:
    session(home, "aaaa2222", "cat /etc/ssh/sshd_config", "sudo nano /etc/ssh/sshd_config")
    told = json.loads(jumpseat("phases", "aaaa2222", "--json").out)
    assert {each["activity"] for each in told} - RESTS, "or this test could not fail"
    assert jumpseat("card", "blind", "aaaa2222").status == 0
    blind = jumpseat("phases", "aaaa2222", "--json")
    assert "what kind of work it was is left out: you chose to judge without" in blind.err
    assert json.loads(blind.out) == [
        each | {"activity": each["activity"] if each["activity"] in RESTS else None}
        for each in told
    ]
    shown = jumpseat("phases", "aaaa2222").out
    assert [kind for kind in set(ACTIVITIES) - RESTS if kind in shown] == []
