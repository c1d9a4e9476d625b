from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import click
import pytest

from recorder.errors import JumpseatError, UsageError
from recorder.home import Home
from tui.cli.root import cli
from tui.cli.verbs import Entry, Verb

Jumpseat = Callable[..., object]


def failing(error: BaseException) -> click.Command:
    @click.command(cls=Verb)
    def fail() -> None:
        raise error

    return fail


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Add a verb `fail` that raises the given error."""

    def add(error: BaseException) -> None:
        monkeypatch.setattr(Entry, "load", lambda _entry: failing(error))

    return add


def test_version(jumpseat) -> None:
    outcome = jumpseat("--version")
    assert (outcome.status, outcome.out) == (0, f"jumpseat {version('jumpseat')}\n")


@pytest.mark.parametrize(
    "args",
    [
        ("frobnicate",),
        ("--frobnicate",),
        ("session", "frobnicate"),
        ("tags",),
        ("session", "new"),
        ("session", "allow", "abc"),
        ("session", "extend", "abc", "soon"),
        ("serve", "--listen"),
        ("serve", "--target", ""),
        ("serve", "--target", "practice", "--consent", "elsewhere", "--consent-text", "x"),
        ("serve", "--target", "practice", "--minutes", "0"),
        ("serve", "--max-size", "0"),
        ("session", "show", "a", "b"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(jumpseat, args: tuple[str, ...]) -> None:
    outcome = jumpseat(*args)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("jumpseat: ")
    assert outcome.err.count("\n") == 1
    assert "--" in outcome.err


def test_a_group_alone_shows_its_help(jumpseat) -> None:
    outcome = jumpseat("session")
    assert outcome.status == 2
    assert "list" in outcome.err
    assert "show" in outcome.err


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (JumpseatError("the disk is full", "make room"), 1),
        (UsageError("the disk is full", "make room"), 2),
    ],
)
def test_errors_are_one_line_with_cause_and_remedy(jumpseat, verb, error, status) -> None:
    verb(error)
    outcome = jumpseat("db")
    assert (outcome.status, outcome.out) == (status, "")
    assert outcome.err == "jumpseat: the disk is full; make room\n"


def test_interruption_is_quiet(jumpseat, verb) -> None:
    verb(KeyboardInterrupt())
    outcome = jumpseat("db")
    assert outcome.status == 130
    assert outcome.err.strip() == ""


def test_the_unexpected_is_one_line_and_its_traceback_goes_to_a_private_log(
    jumpseat, verb, home: Home
) -> None:
    verb(ZeroDivisionError("what\nnow"))
    outcome = jumpseat("db", "--db", "postgresql://anna:hunter2@db.example/x")
    log = home.logs / "jumpseat.log"
    assert outcome.status == 1
    assert outcome.err == (
        f"jumpseat: unexpected ZeroDivisionError: what; the details are in {log}\n"
    )
    assert "Traceback" in log.read_text()
    assert "hunter2" not in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_without_a_log_the_unexpected_still_is_one_line(jumpseat, verb, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    verb(ZeroDivisionError("what"))
    outcome = jumpseat("db", "--home", str(tmp_path / "file"))
    assert outcome.status == 1
    assert outcome.err.count("\n") == 1
    assert "JUMPSEAT_DEBUG=1" in outcome.err


def test_a_traceback_is_shown_to_who_asks_for_it(jumpseat, verb, monkeypatch) -> None:
    monkeypatch.setenv("JUMPSEAT_DEBUG", "1")
    verb(JumpseatError("the disk is full"))
    assert "Traceback" in jumpseat("db").err


def test_a_reader_that_leaves_ends_the_program_quietly(record, home: Home) -> None:
    for number in range(3):
        record(f"session{number}")
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as gone:
        outcome = subprocess.run(
            [sys.executable, "-m", "tui.main", "--home", str(home.path), "session", "list"],
            stdout=gone,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert outcome.stderr == b""
    assert outcome.returncode == 1


def test_shared_options_work_before_and_after_the_verb(jumpseat, tmp_path: Path) -> None:
    elsewhere = str(tmp_path / "elsewhere")
    for args in (
        ("--home", elsewhere, "session", "show", "x"),
        ("session", "--home", elsewhere, "show", "x"),
        ("session", "show", "--home", elsewhere, "x"),
        ("--home", "/nowhere", "session", "show", "x", "--home", elsewhere),
    ):
        outcome = jumpseat(*args, at_home=False)
        assert outcome.status == 1
        assert f"no sessions under {elsewhere}" in outcome.err


def test_no_color_is_respected(jumpseat, record, monkeypatch) -> None:
    record("session1")
    assert "\x1b" not in jumpseat("session", "list").out
    monkeypatch.setenv("NO_COLOR", "1")
    with cli.make_context("jumpseat", []) as context:
        cli.invoke(context)
        assert context.color is False
