"""The exercise of a recording, out of its journal."""

from __future__ import annotations

from pathlib import Path

import pytest

from recorder.exercise.loader import read_exercise, shipped_directory
from recorder.exercise.recorded import followed
from recorder.home import Home
from recorder.recording.journal import JOURNAL_NAME, ExerciseChosen, encode_entry


@pytest.fixture
def plan(tmp_path: Path) -> dict[str, object]:
    loaded = read_exercise(Home(tmp_path), shipped_directory() / "ghost.toml")
    return loaded.plan.model_dump(
        mode="json", by_alias=True, exclude={"target": {"password"}}, exclude_none=True
    )


def write(directory: Path, *lines: bytes) -> None:
    (directory / JOURNAL_NAME).write_bytes(b"".join(lines))


def test_the_plan_is_that_of_the_journal(tmp_path: Path, plan: dict[str, object]) -> None:
    line = encode_entry(ExerciseChosen(t=0, name="ours", plan=plan))
    write(tmp_path, b'{"event": "exercise", "torn\n', line)
    found = followed(tmp_path)
    assert found is not None
    assert (found.name, found.plan is not None) == ("ours", True)
    assert found.plan is not None
    assert "ssh" in found.plan.task[3].topics


def test_a_plan_that_is_none_of_ours_keeps_its_name(tmp_path: Path) -> None:
    write(tmp_path, encode_entry(ExerciseChosen(t=0, name="later", plan={"format": 9})))
    found = followed(tmp_path)
    assert found is not None
    assert (found.name, found.plan) == ("later", None)


@pytest.mark.parametrize("lines", [(), (b"{}\n",), (b'"exercise"\n',), (b"\xff\xfe\n",)])
def test_without_a_plan_there_is_none(tmp_path: Path, lines: tuple[bytes, ...]) -> None:
    write(tmp_path, *lines)
    assert followed(tmp_path) is None


def test_without_a_journal_there_is_none(tmp_path: Path) -> None:
    assert followed(tmp_path) is None


def test_a_plan_from_before_there_were_competencies_is_read(
    tmp_path: Path, plan: dict[str, object]
) -> None:
    for key in ("competency", "information", "cards"):
        del plan[key]
    write(tmp_path, encode_entry(ExerciseChosen(t=0, name="ghost", plan=plan)))
    found = followed(tmp_path)
    assert found is not None
    assert found.plan is not None
    assert (found.plan.competency, found.plan.information) == ((), ())
    assert found.plan.cards.recommendation == ("Strong no hire", "No hire", "Hire", "Strong hire")


def test_what_is_a_fault_today_does_not_hide_the_plan_of_yesterday(
    tmp_path: Path, plan: dict[str, object]
) -> None:
    plan["consent"] = {"text": "This session is recorded, as you were told before."}
    write(tmp_path, encode_entry(ExerciseChosen(t=0, name="ours", plan=plan)))
    found = followed(tmp_path)
    assert found is not None
    assert found.plan is not None
