"""`jumpseat notes`: printed, added to, taken back; notes travel with a session and go with it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from recorder.errors import UsageError
from recorder.exercise.loader import read_exercise, shipped_directory
from recorder.exercise.schema import Task
from recorder.home import Home
from recorder.keys import load_keys
from recorder.recording.journal import JOURNAL_NAME, ExerciseChosen, encode_entry
from recorder.recording.manifest import write_manifest
from recorder.store.notes import Noting, add_note, notes_of
from tests.tui.seat.recordings import RecordingBuilder
from tui.cli.notes import find_task
from tui.person import person

Call = Callable[..., Any]


@pytest.fixture
def ended(home: Home, record: Callable[..., Path]) -> Path:
    """A session of the shipped exercise that ended after 62.04 s."""
    directory = record("s1")
    loaded = read_exercise(home, shipped_directory() / "ghost.toml")
    plan = loaded.plan.model_dump(mode="json", by_alias=True, exclude_none=True)
    line = encode_entry(ExerciseChosen(t=0, name="ghost", plan=plan))
    first, *rest = (directory / JOURNAL_NAME).read_bytes().splitlines(keepends=True)
    (directory / JOURNAL_NAME).write_bytes(b"".join([first, line, *rest]))
    write_manifest(directory, "s1", load_keys(home).sign)
    return directory


def listed(jumpseat: Call, session: str, *more: str) -> list[dict[str, Any]]:
    found = jumpseat("notes", session, "--json", *more)
    assert found.status == 0, found.err
    return list(json.loads(found.out))


def test_what_is_noted_is_printed_by_its_moment(jumpseat: Call, ended: Path) -> None:
    for options in (
        ("--add", " reads the log first ", "--at", "0:40"),
        ("--asked", "does the order matter?", "--at", "12.5"),
        ("--mark", "--at", "0:0:30"),
        ("--tick", "2", "--at", "50"),
    ):
        assert jumpseat("notes", "s1", *options).status == 0
    shown = jumpseat("notes", "s1")
    assert [line.split(maxsplit=4) for line in shown.out.splitlines()[1:]] == [
        ["2", "0:12.5", "question", person(), "does the order matter?"],
        ["3", "0:30.0", "mark", person()],
        ["1", "0:40.0", "note", person(), "reads the log first"],
        ["4", "0:50.0", "task", person(), "ghost: Install a Ghost blog"],
    ]


def test_the_fields_of_a_note_are_a_contract(jumpseat: Call, ended: Path) -> None:
    made = jumpseat("notes", "s1", "--tick", "ghost", "--at", "0:40", "--json")
    (only,) = listed(jumpseat, "s1")
    assert json.loads(made.out) == only
    assert only.pop("said").endswith("+00:00")
    assert only == {
        "number": 1,
        "kind": "task",
        "t": 40.0,
        "text": "",
        "subject": "ghost",
        "who": person(),
        "replaces": None,
        "withdrawn": False,
    }


def test_what_is_taken_back_is_shown_only_when_asked_for(jumpseat: Call, ended: Path) -> None:
    jumpseat("notes", "s1", "--add", "too quick", "--at", "0:40")
    gone = jumpseat("notes", "s1", "--withdraw", "1")
    assert (gone.status, gone.out) == (0, "taken back: note 1\n")
    empty = jumpseat("notes", "s1")
    assert (empty.status, empty.out) == (0, "")
    assert "nothing was noted" in empty.err
    assert [each["withdrawn"] for each in listed(jumpseat, "s1", "--all")] == [False, True]
    assert "taken back" in jumpseat("notes", "s1", "--all").out


def test_others_notes_are_shown_with_their_names_and_stay_theirs(
    jumpseat: Call, ended: Path, store: Engine
) -> None:
    jumpseat("notes", "s1")
    add_note(store, "s1", Noting(kind="note", t=1.0, text="\x1b]0;x\x07[b]calm[/b]"), "grace")
    shown = jumpseat("notes", "s1").out
    assert "grace" in shown
    assert "[b]calm[/b]" in shown
    assert "\x1b" not in shown
    refused = jumpseat("notes", "s1", "--withdraw", "1")
    assert refused.status == 2
    assert "note 1 is grace's" in refused.err


def test_while_a_session_runs_its_present_is_meant(jumpseat: Call, home: Home) -> None:
    with RecordingBuilder(home.recording("live1"), monotonic=time.monotonic() - 100) as recording:
        recording.terminal(0.5)
        for at in ((), ("--at", "now")):
            assert jumpseat("notes", "latest", "--mark", *at).status == 0
        future = jumpseat("notes", "live1", "--mark", "--at", "1:00:00")
    assert (future.status, "1:00:00.0 is yet to come" in future.err) == (2, True)
    first, second = listed(jumpseat, "live1")
    assert 100 <= first["t"] <= second["t"] < 3600


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--mark",), "the session has ended"),
        (("--mark", "--at", "now"), "the session has ended"),
        (("--mark", "--at", "soon"), "not a time"),
        (("--mark", "--at", "1:02:03"), "1:02:03.0 is after the session's end"),
        (("--mark", "--add", "x", "--at", "1"), "more than one thing"),
        (("--at", "1"), "--at of what?"),
        (("--withdraw", "1", "--at", "1"), "--at of what?"),
        (("--all", "--mark", "--at", "1"), "--all only prints"),
        (("--withdraw", "1"), "there is no note 1"),
        (("--add", " ", "--at", "1"), "says nothing"),
        (("--add", "x" * 2001, "--at", "1"), "2001 characters"),
        (("--tick", "9", "--at", "1"), "which task is '9'? its tasks are 1 address"),
    ],
)
def test_what_makes_no_sense_is_said_with_a_way_out_and_nothing_kept(
    jumpseat: Call, ended: Path, options: tuple[str, ...], words: str
) -> None:
    done = jumpseat("notes", "s1", *options)
    assert done.status == 2
    assert words in done.err.replace("; ", " ").replace("\n", " ")
    assert listed(jumpseat, "s1") == []


def test_a_task_is_ticked_once(jumpseat: Call, ended: Path) -> None:
    assert jumpseat("notes", "s1", "--tick", "2", "--at", "40").status == 0
    again = jumpseat("notes", "s1", "--tick", "ghost", "--at", "50")
    assert again.status == 2
    assert "--withdraw 1" in again.err
    assert jumpseat("notes", "s1", "--withdraw", "1").status == 0
    assert jumpseat("notes", "s1", "--tick", "ghost", "--at", "50").status == 0


def test_without_an_exercise_there_is_nothing_to_tick(
    jumpseat: Call, record: Callable[..., Path]
) -> None:
    record("s1")
    done = jumpseat("notes", "s1", "--tick", "1", "--at", "1")
    assert (done.status, "names no tasks" in done.err) == (2, True)


def test_of_a_file_nothing_is_kept(jumpseat: Call, tmp_path: Path) -> None:
    file = tmp_path / "demo.cast"
    file.write_text('{"version": 2, "width": 80, "height": 24}\n')
    done = jumpseat("notes", str(file), "--mark", "--at", "1")
    assert done.status == 2
    assert "jumpseat session import" in done.err


def test_words_that_are_not_utf8_are_kept_as_far_as_they_are_text(
    jumpseat: Call, ended: Path
) -> None:
    assert jumpseat("notes", "s1", "--add", os.fsdecode(b"caf\xe9"), "--at", "1").status == 0
    assert [each["text"] for each in listed(jumpseat, "s1")] == ["caf\N{REPLACEMENT CHARACTER}"]


def test_notes_travel_with_their_session_and_go_with_it(
    jumpseat: Call, ended: Path, tmp_path: Path, store: Engine
) -> None:
    jumpseat("notes", "s1", "--add", "for the journey", "--at", "0:40")
    jumpseat("notes", "s1", "--withdraw", "1")
    jumpseat("notes", "s1", "--asked", "what next?", "--at", "0:50")
    before = notes_of(store, "s1")
    assert len(before) == 3
    file = str(tmp_path / "a.tar.gz")
    assert jumpseat("session", "export", "s1", "--output", file).status == 0
    assert jumpseat("session", "purge", "s1", "--yes").status == 0
    assert notes_of(store, "s1") == ()
    assert jumpseat("session", "import", file).status == 0
    assert notes_of(store, "s1") == before


def test_the_help_shows_examples(jumpseat: Call) -> None:
    shown = jumpseat("notes", "--help").out
    assert "jumpseat notes latest --mark" in shown
    assert "Examples" in shown


def a_task(id: str) -> Task:  # noqa: A002 - the exercise's word
    return Task(id=id, title=f"The {id}", say="do it", text="do it")


def test_a_task_is_named_by_number_id_or_the_beginning_of_its_id() -> None:
    tasks = [a_task("blog"), a_task("blog-private"), a_task("passwords")]
    for words, found in (("1", 0), ("blog", 0), ("blog-", 1), ("pass", 2), ("3", 2)):
        assert find_task(tasks, words) is tasks[found]
    for words in ("", "b", "x", "0", "4", "-1"):
        with pytest.raises(UsageError, match="which task"):
            find_task(tasks, words)
