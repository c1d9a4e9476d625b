"""`jumpseat report`, as somebody types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.recorder.samples import SESSION, record_session


@pytest.fixture
def recording(home) -> Path:
    return record_session(home, shows="sudo apt upgrade")


@pytest.mark.parametrize("form", ["html", "md", "json"])
def test_a_report_goes_into_a_file_of_its_owners(
    jumpseat, recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = jumpseat("report", "latest", "--to", form)
    path = tmp_path / f"{SESSION}-report.{form}"
    assert (outcome.status, outcome.out) == (0, f"{path.name}\n")
    assert path.stat().st_mode & 0o777 == 0o600
    assert SESSION in path.read_text()


def test_what_is_there_is_never_overwritten(jumpseat, recording: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    path.write_text("mine")
    outcome = jumpseat("report", "latest", "--to", "md", "-o", str(path))
    assert (outcome.status, outcome.out) == (1, "")
    assert "already there" in outcome.err
    assert path.read_text() == "mine"


def test_a_report_can_be_piped(jumpseat, recording: Path) -> None:
    outcome = jumpseat("report", "latest", "--to", "json", "-o", "-")
    assert outcome.status == 0
    assert json.loads(outcome.out)["session"]["id"] == SESSION


def test_a_candidates_copy_is_named_so(
    jumpseat, recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = jumpseat("report", "latest", "--to", "md", "--candidate")
    assert outcome.out == f"{SESSION}-copy.md\n"


def test_options_that_do_nothing_are_refused(jumpseat, recording: Path) -> None:
    outcome = jumpseat("report", "latest", "--to", "md", "--no-replay", "-o", "-")
    assert (outcome.status, outcome.out) == (2, "")
    assert "--no-replay means nothing" in outcome.err


@pytest.mark.parametrize(("place", "words"), [("no/such/place.md", "cannot make"), (".", "there")])
def test_a_place_that_cannot_be_written_leaves_nothing(
    jumpseat,
    recording: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    outcome = jumpseat("report", "latest", "--to", "md", "-o", place)
    assert outcome.status == 1
    assert words in outcome.err
    assert "Traceback" not in outcome.err
    assert sorted(tmp_path.iterdir()) == before


def test_a_session_without_a_terminal_has_a_report(jumpseat, record) -> None:
    record("bare1234")
    for form in ("html", "md", "json"):
        outcome = jumpseat("report", "bare1234", "--to", form, "-o", "-")
        assert outcome.status == 0, outcome.err
        assert "A. Example" in outcome.out


def test_a_live_session_is_told_as_one(jumpseat, record) -> None:
    record("live1234", live=True)
    outcome = jumpseat("report", "live1234", "--to", "md", "-o", "-")
    assert (outcome.status, "still goes on" in outcome.out) == (0, True)


def test_a_damaged_journal_is_a_clear_error(jumpseat, record) -> None:
    directory = record("torn1234")
    (directory / "session.jsonl").write_bytes(b'{"t": 1, "event": "session-opened"\nrubbish\n')
    outcome = jumpseat("report", "torn1234", "--to", "md", "-o", "-")
    assert outcome.status == 1
    assert "does not begin with a session" in outcome.err


def test_that_a_report_was_made_is_in_the_trace(jumpseat, recording: Path, tmp_path: Path) -> None:
    out = tmp_path / "copy.md"
    assert jumpseat("report", "latest", "--to", "md", "--candidate", "-o", str(out)).status == 0
    traced = json.loads(jumpseat("trace", SESSION, "--json").out)
    entries = traced["entries"] if isinstance(traced, dict) else traced
    made = [each for each in entries if each["action"] == "reported"]
    assert [each["detail"] for each in made] == ["md for the candidate"]
