"""Analysis in the store: complete, the same however it came about, and done once."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from analyzer import service
from analyzer.follower import Follower
from analyzer.records import Analysis, Command, Evidence, Tag
from analyzer.rows import store_analysis, version
from analyzer.service import (
    analyse,
    commands_json,
    ensure_analysed,
    tags_json,
)
from analyzer.tables import AnalysisRow, CommandRow, TagRow

STORY = """
candidate@web01:~$ sudo systemctl stop apache2
candidate@web01:~$ echo "apt upgrade"
apt upgrade
candidate@web01:~$ passwd
Current password:
[hidden 10]
New password:
[hidden 9]
passwd: password updated successfully
candidate@web01:~$ sudo systemctl restart ssh
candidate@web01:~$
[login 2 candidate password refused]
[exec 3 3] false
[pane 1]
candidate@web01:~$ sudo apt upgrade
2 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.
Do you want to continue? [Y/n]
[keys y]
Setting up bash (5.1) ...
candidate@web01:~$ sleep 100
"""


@pytest.fixture
def recording(recorder: Any) -> Path:
    recorder.record_all(STORY)
    recorder.close()
    return Path(recorder.directory)


def test_a_recording_gives_its_commands_and_tags(recording: Path) -> None:
    analysis = analyse(recording)
    assert [command.text for command in analysis.commands] == [
        "sudo systemctl stop apache2",
        'echo "apt upgrade"',
        "passwd",
        "sudo systemctl restart ssh",
        "false",
        "sudo apt upgrade",
        "sleep 100",
    ]
    expected = ["apache-stopped", "password-changed", "lockout-tested", "apt-upgrade"]
    assert [tag.signal for tag in analysis.tags if tag.signal in expected] == expected
    assert not analysis.problems


def test_an_exec_channel_is_a_command_with_its_exact_exit_status(recording: Path) -> None:
    (command,) = [c for c in analyse(recording).commands if c.source == "exec"]
    assert (command.text, command.exit_status, command.outcome) == ("false", 3, "failed")
    assert command.connection == 3
    assert command.confidence == 1


def test_no_secret_is_in_what_was_concluded(recording: Path) -> None:
    assert "XXX" not in repr(analyse(recording))


def test_what_was_stored_is_what_was_found(recording: Path, engine: Engine) -> None:
    fresh = ensure_analysed(recording, engine)
    again = ensure_analysed(recording, engine)
    assert again.commands == fresh.commands == analyse(recording).commands
    assert again.tags == fresh.tags == analyse(recording).tags


def test_an_analysis_is_made_once(
    recording: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_analysed(recording, engine)
    monkeypatch.setattr(service, "analyse", lambda *_, **__: pytest.fail("analysed again"))
    ensure_analysed(recording, engine)


def test_progress_grows_to_1_and_is_told_at_most_so_often(recording: Path) -> None:
    told: list[float] = []
    assert analyse(recording, progress=told.append).commands
    assert told == sorted(set(told))
    assert told[0] < 1.0
    assert told[-1] == 1.0
    assert 2 <= len(told) <= service.STEPS + 1


def test_an_analysis_that_is_cancelled_leaves_the_store_as_it_was(
    recording: Path, engine: Engine
) -> None:
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked == 50

    with pytest.raises(service.AnalysisCancelledError):
        ensure_analysed(recording, engine, cancelled=cancelled)
    assert asked == 50
    with engine.connect() as connection:
        assert connection.scalar(select(AnalysisRow.covered)) is None
        assert not connection.scalars(select(CommandRow.id)).all()
    assert ensure_analysed(recording, engine).commands


def test_other_rules_make_it_anew_and_drop_what_is_gone(recording: Path, engine: Engine) -> None:
    before = ensure_analysed(recording, engine)
    with engine.begin() as connection:
        connection.execute(update(AnalysisRow).values(version="older"))
        connection.execute(
            update(CommandRow).where(CommandRow.id == before.commands[0].id).values(id="gone")
        )
    assert ensure_analysed(recording, engine).commands == before.commands
    with engine.connect() as connection:
        assert "gone" not in connection.scalars(select(CommandRow.id)).all()
        assert connection.scalar(select(AnalysisRow.version)) == version()


def test_who_read_less_does_not_undo_who_read_more(recording: Path, engine: Engine) -> None:
    whole = ensure_analysed(recording, engine)
    short = {name: size - 1 for name, size in whole.covered.items()}
    less = Analysis(commands=(), tags=(), covered=short)
    store_analysis(engine, "s1", less)
    assert ensure_analysed(recording, engine).commands == whole.commands


def test_a_recording_that_still_grows_is_covered_as_far_as_it_is_flushed(
    recorder: Any, engine: Engine
) -> None:
    seen = set()
    for _ in recorder.record(STORY):
        seen.add(len(ensure_analysed(recorder.directory, engine).commands))
    live = ensure_analysed(recorder.directory, engine)
    assert seen == {0, 1, 2, 3, 4, 5, 6, 7}
    assert live.commands[-1].duration is None
    recorder.writer.close()
    assert ensure_analysed(recorder.directory, engine).commands == live.commands


def test_following_live_gives_the_rows_of_analysing_later(recorder: Any, engine: Engine) -> None:
    directory = recorder.directory
    errors: list[BaseException] = []

    def follow() -> None:
        try:
            Follower(directory, engine, threading.Event()).run()
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)

    follower = threading.Thread(target=follow)
    follower.start()
    recorder.record_all(STORY)
    recorder.close()
    follower.join(timeout=60)
    assert not follower.is_alive()
    assert not errors
    later = analyse(directory)
    with engine.connect() as connection:
        commands = connection.execute(select(CommandRow.__table__)).mappings().all()
        tags = connection.execute(select(TagRow.__table__)).mappings().all()
        covered = connection.scalar(select(AnalysisRow.covered))
    assert covered == later.covered
    assert {row["id"]: dict(row) for row in commands} == {
        command.id: {"session": "s1", **{f: getattr(command, f) for f in Command.__slots__}}
        for command in later.commands
    }
    assert {(row["id"], row["t"], row["outcome"]) for row in tags} == {
        (tag.id, tag.t, tag.outcome) for tag in later.tags
    }


def test_the_json_of_commands_has_the_fields_of_the_contract(recording: Path) -> None:
    rows = json.loads(json.dumps(commands_json(analyse(recording).commands)))
    assert list(rows[0]) == [
        "kind",
        "connection",
        "channel",
        "t",
        "duration",
        "user",
        "host",
        "cwd",
        "text",
        "source",
        "confidence",
        "outcome",
        "exit_status",
        "depth",
    ]
    assert [row["t"] for row in rows] == sorted(row["t"] for row in rows)


def _tag(state: str) -> Tag:
    return Tag(
        id=f"x-{state}",
        signal="x",
        topic="y",
        t=1.0,
        until=None,
        outcome="ok",
        confidence=0.5,
        detector="rule",
        evidence=(Evidence(kind="command", t=1.0, text="ls"),),
        state=state,  # type: ignore[arg-type]
    )


def test_the_json_of_tags_has_the_fields_of_the_contract() -> None:
    found = [_tag("established"), _tag("withdrawn"), _tag("undetermined")]
    (row,) = tags_json(found)
    assert list(row) == (
        ["id", "signal", "topic", "t", "until", "outcome", "confidence", "detector", "evidence"]
    )
    assert row["evidence"] == [
        {"kind": "command", "t": 1.0, "text": "ls", "connection": None, "channel": None}
    ]
    states = {row["state"] for row in tags_json(found, every=True)}
    assert states == {"established", "withdrawn", "undetermined"}


def test_the_version_is_a_hash() -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", version())
