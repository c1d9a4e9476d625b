"""Scripts of played sessions are read as written; played time shifts all files alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.played import clock as clocks
from bench.played.clock import Clock
from bench.played.folder import key_moments, stretched
from bench.played.hand import Hand
from bench.played.labels import Labels
from bench.played.player import Player
from bench.played.script import Key, ScriptError, Step, keys_of, read_script
from bench.played.seat import Seat

SESSIONS = Path(clocks.__file__).parent / "sessions"


@pytest.mark.parametrize("script", sorted(SESSIONS.glob("*.txt")), ids=lambda each: each.stem)
def test_each_sessions_script_has_only_verbs_that_there_are(script: Path, tmp_path: Path) -> None:
    player = Player(Seat(tmp_path, "127.0.0.1", "C.UTF-8"), Clock(), script.stem)
    assert {step.verb for step in read_script(script)} <= set(player.verbs)


def test_keys_stand_between_characters() -> None:
    assert list(keys_of("ls«Tab»«BSpace 2»;")) == [
        "l", "s", Key("Tab"), Key("BSpace"), Key("BSpace"), ";",
    ]  # fmt: skip


def test_a_block_goes_up_to_a_full_stop(tmp_path: Path) -> None:
    script = tmp_path / "script.txt"
    script.write_text("# said\npaste <<\na b\n\n# c\n.\nrun true\n")
    assert read_script(script) == [Step(2, "paste", "a b\n\n# c"), Step(7, "run", "true")]
    script.write_text("paste <<\na\n")
    with pytest.raises(ScriptError, match=r"script\.txt:1: the text has no end"):
        read_script(script)


def test_slips_are_taken_back() -> None:
    typed: list[str] = []
    for stroke in Hand("somebody", slips=0.3).strokes("systemctl restart apache2"):
        if stroke == Key("BSpace"):
            typed.pop()
        else:
            assert isinstance(stroke, str)
            typed.append(stroke)
    assert "".join(typed) == "systemctl restart apache2"


def test_a_pause_moves_what_comes_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(clocks.time, "time", lambda: 101.0)
    clock.pause(60.0)
    timing = stretched("H 0.0 TERM x\nI 0.5 1\nO 0.4 3\nI 0.2 1\n", 100.0, clock)
    assert list(key_moments(timing, 100.0)) == pytest.approx([100.5, 161.1])
    assert "O 0.400000 3\nI 60.200000 1\n" in timing


def test_who_presses_no_key_is_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks.time, "time", lambda: 0.0)
    labels = Labels(Clock())
    labels.phase("ghost")
    truth = labels.truth("x", [10.0, 400.0], 500.0)
    assert [each["id"] for each in truth["signals"]] == ["idle-gap"]
    assert [(each["task"], each["from"]) for each in truth["phases"]] == [
        ("ghost", 0.0), ("idle", 10.0), ("ghost", 400.0),
    ]  # fmt: skip
