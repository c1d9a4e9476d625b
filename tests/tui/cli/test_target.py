"""`jumpseat target script`: what it prints, and from where."""

from __future__ import annotations

from pathlib import Path

import pytest

from recorder.exercise.loader import shipped_directory
from recorder.home import Home


def setting(script: str, name: str) -> str:
    return script.partition(f"\n{name}='")[2].partition("'\n")[0]


def test_the_script_has_what_the_exercise_says_and_the_homes_own_key(jumpseat, home: Home) -> None:
    outcome = jumpseat("target", "script")
    assert outcome.status == 0
    assert outcome.out.startswith("#!/bin/sh\n")
    assert setting(outcome.out, "CANDIDATE") == "candidate"
    assert setting(outcome.out, "PASSWORD") == "CHANGE_ME!"
    assert "I must stay up" in setting(outcome.out, "PAGE")
    key = (home.keys / "management.pub").read_text().strip()
    assert setting(outcome.out, "MANAGEMENT_KEY") == key
    assert "PRIVATE KEY" not in outcome.out
    assert "walk past" in outcome.err
    assert jumpseat("target", "script").out == outcome.out


def test_each_part_can_be_replaced(jumpseat, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>ours</p>\n")
    outcome = jumpseat(
        "target", "script", "--user", "guest", "--password", "else", "--page", str(page),
        "--hop", "203.0.113.9",
    )  # fmt: skip
    assert setting(outcome.out, "CANDIDATE") == "guest"
    assert setting(outcome.out, "PASSWORD") == "else"
    assert setting(outcome.out, "PAGE") == "<p>ours</p>\n"
    assert setting(outcome.out, "HOP") == "203.0.113.9/32"
    assert "only 203.0.113.9 will reach sshd" in outcome.err


def test_what_an_exercise_prepares_by_itself_comes_last_and_can_be_left_out(jumpseat) -> None:
    outcome = jumpseat("target", "script", "--exercise", "outage")
    assert setting(outcome.out, "CANDIDATE") == "oncall"
    assert setting(outcome.out, "PAGE") == ""
    assert "put /etc/timetable/import.ini" in outcome.out
    assert "ghost" not in outcome.out.casefold()
    without = jumpseat("target", "script", "--exercise", "outage", "--no-prepare")
    assert "timetable" not in without.out
    assert setting(without.out, "CANDIDATE") == "oncall"


def test_each_part_can_be_left_out(jumpseat, home: Home) -> None:
    outcome = jumpseat(
        "target", "script", "--no-password", "--no-sudo", "--no-page", "--no-management-key"
    )
    assert outcome.status == 0
    for name in ("PASSWORD", "SUDO", "PAGE", "MANAGEMENT_KEY", "HOP"):
        assert setting(outcome.out, name) == ""
    assert not (home.keys / "management").exists()


def test_an_exercise_of_ones_own_decides(jumpseat, tmp_path: Path) -> None:
    ghost = (shipped_directory() / "ghost.toml").read_text()
    path = tmp_path / "ours.toml"
    path.write_text(ghost.replace("CHANGE_ME!", "to-be-changed").replace("sudo = true", ""))
    outcome = jumpseat("target", "script", "--exercise", str(path))
    assert (setting(outcome.out, "PASSWORD"), setting(outcome.out, "SUDO")) == (
        "to-be-changed", "yes",
    )  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ("--hop", "nowhere"),
        ("--user", "a b"),
        ("--page", "/nowhere/page.html"),
        ("--password", "x", "--no-password"),
        ("--ssh-port", "0"),
    ],
)
def test_wrong_usage_prints_no_script(jumpseat, words: tuple[str, ...]) -> None:
    outcome = jumpseat("target", "script", *words)
    assert (outcome.status, outcome.out) == (2, "")
    assert len(outcome.err.splitlines()) == 1
