"""`jumpseat analyze`, as somebody types it: several processes, stopped, gone on with, refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from analyzer.many import Analysed
from analyzer.service import analyse
from analyzer.tables import CommandRow, TagRow
from recorder.home import Home
from recorder.store.engine import open_engine
from tests.end_to_end.support.waiting import wait_for
from tests.support.typed_session import session
from tests.tui.seat.recordings import RecordingBuilder
from tui.cli import analyze as analyze_module


@pytest.fixture
def three(home: Home) -> tuple[str, ...]:
    names = ("aaaa2222", "bbbb3333", "cccc4444")
    for name in names:
        session(home, name, "sudo systemctl stop apache2", f"echo {name}")
    return names


def test_what_was_lost_is_computed_again_and_the_same(jumpseat, home: Home, three) -> None:
    before = {name: jumpseat("tags", name, "--json").out for name in three}
    commands = {name: jumpseat("commands", name, "--json").out for name in three}
    engine = open_engine(home.database_url)
    with engine.begin() as connection:
        connection.execute(delete(TagRow))
        connection.execute(delete(CommandRow))
    engine.dispose()
    assert json.loads(jumpseat("tags", three[0], "--json").out) == []
    outcome = jumpseat("analyze", "--all", "--jobs", "2")
    assert (outcome.status, outcome.out) == (0, "")
    assert "3 of 3 sessions analysed" in outcome.err
    assert {name: jumpseat("tags", name, "--json").out for name in three} == before
    assert {name: jumpseat("commands", name, "--json").out for name in three} == commands
    assert "apache-stopped" in before[three[0]]


def test_one_session_is_named_by_the_beginning_of_its_id(jumpseat, three) -> None:
    outcome = jumpseat("analyze", "bbbb", "bbbb3333", "--jobs", "1")
    assert outcome.status == 0
    assert "1 of 1 sessions analysed" in outcome.err


def test_what_was_stopped_goes_on(
    jumpseat, home: Home, three, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def stopped_after_one(directories, *, jobs, progress) -> Iterator[Analysed]:
        asked.append([each.name for each in directories])
        yield Analysed(directory=directories[0], analysis=analyse(directories[0]))
        if len(asked) == 1:
            raise KeyboardInterrupt
        for directory in directories[1:]:
            yield Analysed(directory=directory, analysis=analyse(directory))

    monkeypatch.setattr(analyze_module, "analyse_many", stopped_after_one)
    outcome = jumpseat("analyze", "--all")
    assert outcome.status != 0
    assert "stopped: 1 of 3 are stored" in outcome.err
    outcome = jumpseat("analyze", "--all")
    assert outcome.status == 0
    assert "goes on where it was stopped: 1 of 3 are done" in outcome.err
    assert [len(each) for each in asked] == [3, 2]
    assert not home.analysed_again.exists()
    jumpseat("analyze", "--all")
    assert len(asked[2]) == 3


@pytest.mark.parametrize(
    "noted", [b"", b"{", b"[]", b'{"version": "another", "done": ["aaaa2222"]}', b"\xff"]
)
def test_a_note_that_cannot_be_used_is_forgotten(jumpseat, home: Home, three, noted) -> None:
    home.analysed_again.parent.mkdir(parents=True, exist_ok=True)
    home.analysed_again.write_bytes(noted)
    outcome = jumpseat("analyze", "--all", "--jobs", "1")
    assert outcome.status == 0
    assert "3 of 3 sessions analysed" in outcome.err


def test_one_that_cannot_be_read_is_named_and_the_others_are_done(
    jumpseat, home: Home, three
) -> None:
    (home.recording("bbbb3333") / "session.jsonl").write_bytes(b"nothing of ours\n")
    outcome = jumpseat("analyze", "--all", "--jobs", "2")
    assert outcome.status == 1
    assert "bbbb3333: " in outcome.err
    assert "2 of 3 sessions analysed" in outcome.err


def test_a_live_session_is_left_to_its_follower(jumpseat, home: Home, three) -> None:
    with RecordingBuilder(home.recording("dddd5555")) as recording:
        recording.terminal(0.5)
        outcome = jumpseat("analyze", "--all")
        assert outcome.status == 0
        assert "dddd5555 is live" in outcome.err
        assert "3 of 3" in outcome.err


@pytest.mark.parametrize("words", [(), ("--all", "aaaa2222"), ("nope",), ("--jobs", "0", "--all")])
def test_it_wants_to_be_told_exactly(jumpseat, three, words: tuple[str, ...]) -> None:
    assert jumpseat("analyze", *words).status in {1, 2}


def test_ctrl_c_ends_all_processes_and_the_same_command_goes_on(
    jumpseat, home: Home, three
) -> None:
    session(home, "0000long", *(f"echo {number}" for number in range(1500)))
    program = Path(sys.executable).with_name("jumpseat")
    words = [str(program), "--home", str(home.path), "analyze", "--all", "--jobs", "1"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, process_group=0) as process:
        wait_for(home.index("0000long").exists, "a process at work", timeout=60)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stderr is not None
        assert "stopped: 0 of 4 are stored" in process.stderr.read()
        assert process.wait(60) != 0
    wait_for(lambda: not _is_anybody_left(process.pid), "end of all processes")
    assert "4 of 4 sessions analysed" in jumpseat("analyze", "--all").err


def _is_anybody_left(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
