"""`jumpseat replay ONE --beside OTHER`, as a person starts it on a terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import pexpect
import pytest

from recorder.home import Home
from tests.tui.seat.recordings import RecordingBuilder


def test_step_without_another_session_is_a_usage_error(jumpseat, record) -> None:
    record("abc")
    outcome = jumpseat("replay", "abc", "--step", "task")
    assert outcome.status == 2
    assert "--beside" in outcome.err


def test_it_needs_a_terminal(jumpseat, record) -> None:
    record("abc")
    outcome = jumpseat("replay", "abc", "--beside", "abc")
    assert outcome.status == 1
    assert "terminal" in outcome.err


@pytest.mark.parametrize("other", ["nobody", "b.cast"])
def test_two_recordings_are_shown_and_what_is_not_there_is_told(
    home: Home, tmp_path: Path, other: str
) -> None:
    with RecordingBuilder(home.recording("abc")) as builder:
        builder.terminal(1.0)
        builder.output(2.0, b"here is the left one\r\n")
        builder.close(30.0)
    cast = '{"version": 2, "width": 80, "height": 24}\n[1.0, "o", "here is the right one"]\n'
    (tmp_path / "b.cast").write_text(cast)
    argv = ["-m", "tui.main", "--home", str(home.path), "replay", "abc", "--beside", other]
    child = pexpect.spawn(
        sys.executable, argv, cwd=tmp_path, dimensions=(30, 120), encoding="utf-8", timeout=90
    )
    try:
        if other == "nobody":
            child.expect("no file or directory 'nobody'")
            child.expect(pexpect.EOF)
            child.close()
            assert child.exitstatus == 1
            return
        seen: set[int] = set()
        while len(seen) < 2:
            seen.add(child.expect(["here is the left one", "here is the right one"]))
        child.send("q")
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0
    finally:
        child.close(force=True)
