"""An exercise is found by name or path, and a faulty one is refused with all its faults."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.exercise.loader import (
    ExerciseError,
    ExerciseNotFoundError,
    exercise_files,
    load_exercise,
    parse_exercise,
    shipped_directory,
)
from recorder.exercise.schema import Exercise, HttpProbe, LoginProbe
from recorder.home import Home
from recorder.toml_lines import Fault

GHOST = (shipped_directory() / "ghost.toml").read_text(encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


def faults_of(*changes: tuple[str, str]) -> list[str]:
    text = GHOST
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(ExerciseError) as caught:
        parse_exercise(text, "my.toml")
    return [str(fault) for fault in caught.value.faults]


def line_of(words: str) -> int:
    return GHOST[: GHOST.index(words)].count("\n") + 1


def test_the_shipped_exercise_is_the_one_of_the_trade() -> None:
    plan = parse_exercise(GHOST, "ghost.toml")
    assert [phase.minutes for phase in plan.clock.phase] == [5, 45, 10]
    assert [each.left for each in plan.clock.announcement] == [15]
    assert [task.id for task in plan.task] == ["address", "ghost", "not-public", "no-passwords"]
    assert (plan.target.user, plan.target.password) == ("candidate", "CHANGE_ME!")
    ports = {probe.real_port for probe in plan.probe if isinstance(probe, HttpProbe)}
    assert ports == {80, 443, 2368}
    assert any(isinstance(probe, LoginProbe) for probe in plan.probe)
    assert "recorded" in plan.banner
    assert "180 days" in plan.banner
    assert [phase.id for phase in plan.clock.phase if phase.tasks] == ["work"]
    assert len(plan.closing_question) == 5


def test_ghosts_exercise_can_be_rated_by_a_newcomer() -> None:
    plan = parse_exercise(GHOST, "ghost.toml")
    assert 6 <= len(plan.competency) <= 8
    for competency in plan.competency:
        assert competency.levels[0].startswith("Not enough seen")
        assert all(len(level) > 40 for level in competency.levels)
    assert {"administrator", "domain", "updates", "existing-page"} <= {
        each.id for each in plan.information
    }
    assert len(plan.cards.recommendation) == 4


def test_the_outage_shares_nothing_with_it_but_the_language() -> None:
    ghost = parse_exercise(GHOST, "ghost.toml")
    text = (shipped_directory() / "outage.toml").read_text(encoding="utf-8")
    outage = parse_exercise(text, "outage.toml")
    assert "ghost" not in text.casefold()
    assert outage.clock.minutes != ghost.clock.minutes
    assert outage.target.user != ghost.target.user
    for part in ("task", "probe", "information"):
        ids = [{each.id for each in getattr(plan, part)} for plan in (ghost, outage)]
        assert not ids[0] & (ids[1] - {"updates", "reboot"}), part
    assert outage.banner != ghost.banner
    assert "60 days" in outage.banner
    assert ghost.cards.recommendation != outage.cards.recommendation


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ("minutes = 45", 'minutes = "45"', "clock.phase[1].minutes", "a whole number"),
        ("minutes = 45", "minutes = 4.5", "clock.phase[1].minutes", "a whole number"),
        ("port = 2368", "prt = 2368", "probe[2].prt", "unknown key"),
        ("port = 2368", "port = 0", "probe[2].port", "at least 1"),
        ("every = 300", "every = 60", "probe[3].every", "at least 180"),
        ('kind = "logins"', 'kind = "login"', "probe[3].kind", "must be one of"),
        ('id = "ghost-port"', 'id = "https"', "probe[2].id", "twice"),
        ('contains = "The', 'contains = "A', "probe[0].contains", "target.page.html"),
        ('id = "introduction"', 'id = "introduction"\ntasks = true', "clock.phase", "only one"),
        ("left = 15", "left = 60", "clock.announcement[0].left", "60 minutes"),
        ("format = 1", "format = 2", "format", "must be 1"),
        ('id = "address"', 'id = "The address"', "task[0].id", "small letters"),
        ("sudo = true", 'sudo = "yes"', "target.sudo", "true or false"),
    ],
)
def test_a_fault_is_named_with_file_line_and_key(old: str, new: str, key: str, words: str) -> None:
    (fault,) = faults_of((old, new))
    line = line_of("[[clock.phase]]") if key == "clock.phase" else line_of(old)
    assert fault.startswith(f"my.toml:{line}: {key}: ")
    assert words in fault


def test_what_is_missing_is_named_with_the_line_of_its_table() -> None:
    assert faults_of(("days = 180", "")) == [
        f"my.toml:{line_of('[retention]')}: retention.days: is missing"
    ]


def test_all_faults_are_named_at_once() -> None:
    faults = faults_of(("minutes = 45", ""), ("port = 2368", "port = 70000"), ("days = 180", ""))
    assert [fault.split(": ")[1] for fault in faults] == [
        "retention.days", "clock.phase[1].minutes", "probe[2].port",
    ]  # fmt: skip


def test_what_is_not_toml_is_named_with_its_line() -> None:
    (fault,) = faults_of(("[[task]]", "[[task]"))
    assert fault.startswith(f"my.toml:{line_of('[[task]]')}: task[0]: not TOML")


def test_a_probe_of_somebody_else_than_the_targets_user_is_refused() -> None:
    (fault,) = faults_of(('user = "candidate"\nevery', 'user = "admin"\nevery'))
    assert "must be the target's own user, candidate" in fault


def test_a_plan_survives_the_way_into_a_recording_and_back() -> None:
    plan = parse_exercise(GHOST, "ghost.toml")
    assert Exercise.model_validate_json(plan.model_dump_json()) == plan


def test_exercises_are_found_by_name_and_by_path(home: Home, tmp_path: Path) -> None:
    home.exercises.mkdir()
    (home.exercises / "ours.toml").write_text(GHOST.replace("60", "90"))
    elsewhere = tmp_path / "elsewhere.toml"
    elsewhere.write_text(GHOST)
    assert list(exercise_files(home)) == ["ghost", "ours", "outage"]
    assert load_exercise(home, "ghost").origin == "shipped"
    assert (load_exercise(home, "ours").name, load_exercise(home, "ours").origin) == ("ours", "own")
    assert load_exercise(home, str(elsewhere)).name == "elsewhere"


def test_a_teams_own_file_wins_over_a_shipped_one_of_its_name(home: Home) -> None:
    home.exercises.mkdir()
    (home.exercises / "ghost.toml").write_text(GHOST.replace("days = 180", "days = 30"))
    assert load_exercise(home, "ghost").plan.retention.days == 30


def test_an_exercise_that_is_not_there_is_answered_with_those_that_are(home: Home) -> None:
    with pytest.raises(ExerciseNotFoundError, match="known are ghost"):
        load_exercise(home, "goats")
    with pytest.raises(ExerciseNotFoundError, match=r"no file ./goats\.toml"):
        load_exercise(home, "./goats.toml")
    with pytest.raises(ExerciseNotFoundError, match=r"no file ~nobody-here/goats\.toml"):
        load_exercise(home, "~nobody-here/goats.toml")


def test_a_file_with_another_kind_of_name_or_text_is_refused(home: Home) -> None:
    home.exercises.mkdir()
    (home.exercises / "Our Own.toml").write_text(GHOST)
    with pytest.raises(ExerciseError, match="small letters"):
        load_exercise(home, str(home.exercises / "Our Own.toml"))
    (home.exercises / "bytes.toml").write_bytes(b"format = \xff")
    with pytest.raises(ExerciseError, match="not UTF-8"):
        load_exercise(home, "bytes")


@given(st.data())
def test_only_the_declared_error_escapes_from_a_damaged_file(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(GHOST)))
    end = data.draw(st.integers(start, min(len(GHOST), start + 200)))
    text = GHOST[:start] + data.draw(st.text(max_size=20)) + GHOST[end:]
    with contextlib.suppress(ExerciseError):
        parse_exercise(text, "my.toml")


_scalar = st.one_of(st.integers(), st.booleans(), st.floats(), st.text(max_size=8))


@given(_scalar, st.sampled_from(["45", "180", '"http"', '"CHANGE_ME!"', "true", "443", '"/"']))
def test_a_value_of_another_kind_is_a_fault_with_its_line_or_a_good_value(
    value: object, place: str
) -> None:
    written = {bool: str(value).lower(), str: f"{value!r}"}.get(type(value), str(value))
    faults: tuple[Fault, ...] = ()
    try:
        parse_exercise(GHOST.replace(f"= {place}", f"= {written}", 1), "my.toml")
    except ExerciseError as error:
        faults = error.faults
    assert all(fault.line for fault in faults)
