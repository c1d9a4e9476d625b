"""`jumpseat session verify|export|import|purge`, as somebody types them."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recorder.errors import StoreError
from recorder.home import Home
from recorder.keys import load_keys
from tests.recorder.samples import SESSION, make_older, record_session
from tui.cli import retention
from tui.cli.retention import delete_expired, keep_deleting_expired, parse_age
from tui.cli.settings import Flags, resolve


@pytest.fixture
def recording(home: Home) -> Path:
    return record_session(home, shows="sudo apt upgrade")


def test_verify_says_that_all_is_well(jumpseat, recording: Path, home: Home) -> None:
    outcome = jumpseat("session", "verify", "latest")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.startswith(f"session {SESSION}: intact\n")
    assert load_keys(home).signing.get_fingerprint() in outcome.out


def test_verify_says_what_is_wrong_and_fails(jumpseat, recording: Path) -> None:
    cast = recording / "c1-1.cast"
    cast.write_bytes(cast.read_bytes().replace(b"line 7 of", b"line 8 of"))
    outcome = jumpseat("session", "verify", SESSION)
    assert outcome.status == 1
    assert outcome.out == f"session {SESSION}: ALTERED\n  c1-1.cast: line 10 was altered\n"


def test_verify_prints_json(jumpseat, recording: Path) -> None:
    (recording / "c1-2.out").unlink()
    outcome = jumpseat("session", "verify", SESSION, "--json")
    found = json.loads(outcome.out)
    assert outcome.status == 1
    assert set(found) == {
        "session", "verdict", "unaltered", "files", "signer", "signed", "late", "imported", "ended",
        "findings",
    }  # fmt: skip
    assert (found["verdict"], found["unaltered"], found["late"]) == ("altered", False, False)
    assert found["ended"]["reason"] == "closed"
    assert found["findings"] == [
        {"kind": "file-missing", "file": "c1-2.out", "words": "it is missing", "first": None,
         "last": None}
    ]  # fmt: skip


def test_verify_names_a_missing_journal(jumpseat, recording: Path) -> None:
    (recording / "session.jsonl").unlink()
    outcome = jumpseat("session", "verify", SESSION)
    assert (outcome.status, "session.jsonl: it is missing" in outcome.out) == (1, True)


def test_verify_takes_another_list_of_signers(jumpseat, recording: Path, tmp_path: Path) -> None:
    other = Home(tmp_path / "other").ensure()
    load_keys(other)
    outcome = jumpseat("session", "verify", SESSION, "--signers", str(other.allowed_signers))
    assert outcome.status == 1
    assert "not among the allowed signers" in outcome.out


def test_a_session_moves_to_another_home(jumpseat, recording: Path, tmp_path: Path) -> None:
    file = tmp_path / "moved.tar.gz"
    outcome = jumpseat("session", "export", "latest", "-o", str(file))
    assert (outcome.status, outcome.out) == (0, f"{file}\n")
    fingerprint = outcome.err.partition("signed by ")[2].partition(":")[0] + ":"
    signer = fingerprint + outcome.err.partition(fingerprint)[2].partition(":")[0]
    there = ("--home", str(tmp_path / "there"))
    refused = jumpseat("session", "import", str(file), *there, at_home=False)
    assert refused.status == 1
    assert signer in refused.err
    taken = jumpseat("session", "import", str(file), "--signer", signer, *there, at_home=False)
    assert (taken.status, taken.out, taken.err) == (0, f"{SESSION}\n", "")
    assert jumpseat("session", "verify", SESSION, *there, at_home=False).status == 0
    here = json.loads(jumpseat("commands", SESSION, "--json").out)
    assert json.loads(jumpseat("commands", SESSION, "--json", *there, at_home=False).out) == here


def test_export_names_its_file_itself(
    jumpseat, recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert jumpseat("session", "export", "latest").out == f"{SESSION}.jumpseat.tar.gz\n"
    assert (tmp_path / f"{SESSION}.jumpseat.tar.gz").is_file()


def test_purge_asks_nobody_where_nobody_is(jumpseat, recording: Path) -> None:
    outcome = jumpseat("session", "purge", SESSION)
    assert outcome.status == 2
    assert "--yes" in outcome.err
    assert recording.exists()


@pytest.mark.parametrize(("answer", "status"), [("n\n", 130), ("\n", 130), ("y\n", 0)])
def test_purge_asks_a_person(
    jumpseat, recording: Path, monkeypatch: pytest.MonkeyPatch, answer: str, status: int
) -> None:
    monkeypatch.setattr("tui.cli.recordings.is_terminal", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    outcome = jumpseat("session", "purge", SESSION)
    assert outcome.status == status
    assert recording.exists() == (status != 0)
    assert "for good?" in outcome.err


def test_purge_deletes(jumpseat, recording: Path) -> None:
    assert jumpseat("session", "purge", "latest", "--yes").out == f"{SESSION}\n"
    assert not recording.exists()
    assert json.loads(jumpseat("session", "list", "--json").out) == []


def test_purge_by_age_shows_first_and_deletes_then(jumpseat, recording: Path, home: Home) -> None:
    make_older(home, recording, datetime.now(UTC) - timedelta(days=91))
    young = record_session(home, "wxyz6789")
    shown = jumpseat("session", "purge", "--older-than", "90d", "--dry-run")
    assert (shown.status, SESSION in shown.out, "wxyz" in shown.out) == (0, True, False)
    assert recording.exists()
    assert jumpseat("session", "purge", "--older-than", "12w", "--yes").out == f"{SESSION}\n"
    assert not recording.exists()
    assert young.exists()
    again = jumpseat("session", "purge", "--older-than", "12w", "--yes")
    assert (again.status, again.out) == (0, "")


@pytest.mark.parametrize(
    "words",
    [(), (SESSION, "--older-than", "90d"), ("--expired",), ("--older-than", "soon"),
     ("--older-than", "0d"), ("--older-than", "-3d"), ("--older-than", "90")],
)  # fmt: skip
def test_purge_wants_to_be_told_exactly(jumpseat, recording: Path, words: tuple[str, ...]) -> None:
    outcome = jumpseat("session", "purge", *words, "--yes")
    assert (outcome.status, outcome.out) == (2, "")
    assert recording.exists()


def test_expired_sessions_go_by_the_retention_time_that_is_set(
    jumpseat, recording: Path, home: Home
) -> None:
    home.config.write_text('retention = "36h"\n')
    assert jumpseat("session", "purge", "--expired", "--yes").out == ""
    make_older(home, recording, datetime.now(UTC) - timedelta(hours=37))
    assert jumpseat("session", "purge", "--expired", "--yes").out == f"{SESSION}\n"
    assert not recording.exists()


@pytest.mark.parametrize("words", ["90", "d", "90 days", "0d", "1.5d", "-1d", "", "9999999d"])
def test_what_is_no_length_of_time_is_refused(jumpseat, home: Home, words: str) -> None:
    with pytest.raises(ValueError, match="hours, days or weeks"):
        parse_age(words)
    home.config.write_text(f'retention = "{words}"\n')
    outcome = jumpseat("session", "list")
    assert outcome.status == 1
    assert "config.toml:1: retention" in outcome.err


def test_lengths_of_time_are_read() -> None:
    assert [parse_age(each) for each in ("36h", "90d", " 12w ", "7 d")] == [
        timedelta(hours=36), timedelta(days=90), timedelta(weeks=12), timedelta(days=7),
    ]  # fmt: skip


@pytest.mark.parametrize("words", ["999999w", "800000d"])
def test_a_length_of_time_that_no_calendar_reaches_is_just_very_long(
    jumpseat, recording: Path, home: Home, words: str
) -> None:
    outcome = jumpseat("session", "purge", "--older-than", words, "--yes")
    assert (outcome.status, outcome.out) == (0, "")
    assert "nothing is that old" in outcome.err
    assert jumpseat("trace", "--since", words).status == 0
    home.config.write_text(f'retention = "{words}"\n')
    assert delete_expired(resolve(Flags(home=str(home.path)), {})) == []
    assert recording.exists()


def test_serve_deletes_what_expires(
    home: Home, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = resolve(Flags(home=str(home.path)), {})
    assert delete_expired(settings) == []
    home.config.write_text('retention = "1h"\n')
    make_older(home, recording, datetime.now(UTC) - timedelta(hours=2))
    settings = resolve(Flags(home=str(home.path)), {})
    looks = []

    async def once(seconds: float) -> None:
        looks.append(seconds)
        raise asyncio.CancelledError

    monkeypatch.setattr(retention.asyncio, "sleep", once)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(keep_deleting_expired(settings))
    assert looks == [retention.CHECK_SECONDS]
    assert not recording.exists()


def test_serve_completes_a_purge_that_was_interrupted(home: Home, recording: Path) -> None:
    home.purged.mkdir()
    recording.rename(home.purged / SESSION)
    assert delete_expired(resolve(Flags(home=str(home.path)), {})) == [SESSION]
    assert not home.purged.exists()


def test_a_store_that_fails_does_not_stop_serve(
    home: Home, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.config.write_text('retention = "1h"\n')
    make_older(home, recording, datetime.now(UTC) - timedelta(hours=2))
    home.database.write_bytes(b"no database " * 100)
    with pytest.raises(StoreError):
        delete_expired(resolve(Flags(home=str(home.path)), {}))
    assert recording.exists()


def test_verify_agrees_with_what_the_documentation_tells_to_type(
    jumpseat, home: Home, recording: Path
) -> None:
    check = [
        "ssh-keygen", "-Y", "verify", "-f", str(home.allowed_signers), "-I", "recorder",
        "-n", "jumpseat", "-s", "manifest.json.sig",
    ]  # fmt: skip
    manifest = recording / "manifest.json"
    for content, status in ((manifest.read_bytes(), 0), (b"{}", 1)):
        manifest.write_bytes(content)
        done = subprocess.run(check, cwd=recording, input=content, capture_output=True, check=False)
        assert (done.returncode == 0) == (status == 0)
        assert jumpseat("session", "verify", SESSION).status == status
