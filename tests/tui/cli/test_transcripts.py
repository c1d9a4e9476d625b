"""`jumpseat transcript`: attached, placed in time, printed, found, moved, removed, travelling."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from recorder.errors import UsageError
from recorder.exercise.loader import read_exercise, shipped_directory
from recorder.home import Home
from recorder.recording.journal import JOURNAL_NAME, ExerciseChosen, encode_entry
from recorder.transcripts.reading import parse
from tests.tui.cli.conftest import opened
from tests.tui.seat.recordings import RecordingBuilder
from tui.cli.transcript_times import Placing, offset_of
from tui.person import person

Call = Callable[..., Any]

STARTED = opened("s1").started
VTT = """WEBVTT

00:00:10.000 --> 00:00:12.000
<v Anna Example>What does the log say?</v>

00:00:20.500 --> 00:00:21.000
<v Ben>Nothing \x1b]0;pwned\x07 [bold]yet[/bold]</v>
"""


@pytest.fixture
def call(tmp_path: Path) -> Path:
    path = tmp_path / "call.vtt"
    path.write_text(VTT)
    return path


@pytest.fixture
def ended(record: Callable[..., Path]) -> Path:
    """A session that ended after 62.04 s."""
    return record("s1")


def shown(jumpseat: Call, session: str = "s1") -> list[dict[str, Any]]:
    found = jumpseat("transcript", "show", session, "--json")
    assert found.status == 0, found.err
    return list(json.loads(found.out))


def times(jumpseat: Call) -> list[float]:
    return [line["t"] for each in shown(jumpseat) for line in each["lines"]]


def test_what_is_attached_is_shown_with_the_sessions_times(
    jumpseat: Call, ended: Path, call: Path
) -> None:
    made = jumpseat("transcript", "attach", "s1", str(call))
    assert (made.status, made.err) == (0, "")
    assert "Anna Example, Ben" in made.out
    call.unlink()
    found = jumpseat("transcript", "show", "s1")
    assert "1:1   0:10.0  Anna Example  What does the log say?" in found.out
    assert "1:2   0:20.5  Ben           Nothing ␛]0;pwned␇ [bold]yet[/bold]" in found.out
    assert "\x1b]" not in found.out


def test_the_json_is_a_contract(jumpseat: Call, ended: Path, call: Path) -> None:
    made = jumpseat("transcript", "attach", "s1", str(call), "--offset", "-0:04.5", "--json")
    (only,) = shown(jumpseat)
    assert json.loads(made.out) == only
    assert only.pop("said").endswith("+00:00")
    assert only == {
        "number": 1,
        "name": "call.vtt",
        "format": "webvtt",
        "offset": -4.5,
        "who": person(),
        "lines": [
            {
                "line": 1,
                "t": 5.5,
                "until": 7.5,
                "speaker": "Anna Example",
                "text": "What does the log say?",
            },
            {
                "line": 2,
                "t": 16.0,
                "until": 16.5,
                "speaker": "Ben",
                "text": "Nothing \x1b]0;pwned\x07 [bold]yet[/bold]",
            },
        ],
    }


@pytest.mark.parametrize(
    ("options", "offset"),
    [
        ({}, 0.0),
        ({"offset": "1:00"}, 60.0),
        ({"offset": "+1:00"}, 60.0),
        ({"offset": "-1:00.5"}, -60.5),
        ({"began": "2026-03-04T09:58:00Z"}, -120.0),
        ({"began": "2026-03-04T11:00:01.250+01:00"}, 1.25),
        ({"at": "0:45"}, 35.0),
        ({"at": "0:45", "line": 2}, 24.5),
        ({"at": "0:05"}, -5.0),
    ],
)
def test_the_place_in_time_is_said_in_three_ways(options: dict[str, Any], offset: float) -> None:

    given = Placing(**({"offset": None, "began": None, "at": None, "line": None} | options))
    lines = parse(VTT.encode()).lines
    assert offset_of(given, lines, datetime.fromisoformat(STARTED)) == pytest.approx(offset)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"offset": "soon"}, "not a time"),
        ({"offset": "1:00", "at": "1:00"}, "said twice"),
        ({"line": 1}, "--line without --at"),
        ({"at": "1:00", "line": 3}, "no line 3"),
        ({"began": "yesterday"}, "not a date and time"),
        ({"began": "0001-01-01T00:00:00"}, "not a date and time"),
    ],
)
def test_a_place_in_time_that_makes_no_sense_is_refused(
    options: dict[str, Any], words: str
) -> None:

    given = Placing(**({"offset": None, "began": None, "at": None, "line": None} | options))
    with pytest.raises(UsageError, match=words):
        offset_of(given, parse(VTT.encode()).lines, datetime.fromisoformat(STARTED))


def test_lines_outside_the_session_are_kept_and_counted(
    jumpseat: Call, ended: Path, call: Path
) -> None:
    early = jumpseat("transcript", "attach", "s1", str(call), "--offset", "-15")
    assert "1 of 2 lines were said before the session began" in early.err
    late = jumpseat("transcript", "attach", "s1", str(call), "--offset", "0:50")
    assert "1 of 2 lines were said after it ended at 1:02.0" in late.err
    wrong = jumpseat("transcript", "attach", "s1", str(call), "--began", "2026-03-04T09:00:00Z")
    assert "none of it lies within the session" in wrong.err
    assert [len(each["lines"]) for each in shown(jumpseat)] == [2, 2, 2]
    another_day = jumpseat("transcript", "attach", "s1", str(call), "--began", "2026-11-22 10:00Z")
    assert (another_day.status, "263 days" in another_day.err) == (2, True)


def test_text_without_times_is_a_list(jumpseat: Call, ended: Path, tmp_path: Path) -> None:
    (tmp_path / "talk").write_text("Anna: hello\nBen: hi\n")
    made = jumpseat("transcript", "attach", "s1", str(tmp_path / "talk"))
    assert "it has no times" in made.err
    assert times(jumpseat) == [None, None]
    refused = jumpseat("transcript", "attach", "s1", str(tmp_path / "talk"), "--at", "1:00")
    assert (refused.status, "no times" in refused.err) == (2, True)


def test_one_can_be_moved_and_removed(jumpseat: Call, ended: Path, call: Path, home: Home) -> None:
    jumpseat("transcript", "attach", "s1", str(call))
    assert jumpseat("transcript", "shift", "s1", "1", "--line", "2", "--at", "0:25").status == 0
    assert times(jumpseat) == [14.5, 25.0]
    # From where it lies now, not from where it lay first.
    assert jumpseat("transcript", "shift", "s1", "1", "--at", "0:20").status == 0
    assert times(jumpseat) == [20.0, 30.5]
    asked = jumpseat("transcript", "remove", "s1", "1")
    assert (asked.status, "--yes" in asked.err) == (2, True)
    assert jumpseat("transcript", "remove", "s1", "1", "--yes").out == "removed: transcript 1\n"
    assert shown(jumpseat) == []
    # Once more clears what a store that others used still remembers; there is nothing to ask.
    assert jumpseat("transcript", "remove", "s1", "1").status == 0
    unknown = jumpseat("transcript", "remove", "s1", "2", "--yes")
    assert (unknown.status, "no transcript 2" in unknown.err) == (2, True)
    assert jumpseat("transcript", "shift", "s1", "1", "--offset", "0").status == 2
    assert "nor" not in jumpseat("transcript", "show", "s1").out
    assert not any(b"the log say" in each.read_bytes() for each in home.path.glob("jumpseat.db*"))


def test_a_broken_file_changes_nothing(jumpseat: Call, ended: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.vtt").write_text("WEBVTT\n\n00:99 --> x\nhello\n")
    outcome = jumpseat("transcript", "attach", "s1", str(tmp_path / "broken.vtt"))
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith("jumpseat: line 3: not the times of a cue")
    assert outcome.err.count("\n") == 1
    assert shown(jumpseat) == []


def test_what_was_spoken_is_found_beside_what_was_seen(
    jumpseat: Call, home: Home, call: Path
) -> None:
    with RecordingBuilder(home.recording("aaaa2222")) as recording:
        recording.terminal(0.5)
        recording.output(15.0, b"$ less /var/log/syslog")
        recording.close(30.0)
    jumpseat("transcript", "attach", "aaaa", str(call))
    outcome = jumpseat("search", "log", "--all")
    assert outcome.out.splitlines() == [
        "aaaa2222  0:10.0 - 0:12.0  spoken  Anna Example: What does the log say?",
        "aaaa2222  0:15.0 - end     c1-1    $ less /var/log/syslog",
    ]
    first, second = json.loads(jumpseat("search", "log", "aaaa", "--json").out)
    assert (first["t"], first["connection"], first["matches"]) == (10.0, None, [[14, 17]])
    assert first["spoken"] == {"transcript": 1, "line": 1, "speaker": "Anna Example"}
    assert second["spoken"] is None
    limited = jumpseat("search", "log", "aaaa", "--limit", "1")
    assert len(limited.out.splitlines()) == 1
    assert "there is more" in limited.err
    assert "spoken" not in jumpseat("search", "log", "aaaa", "--terminal", "c1-1").out
    assert "\x1b]" not in jumpseat("search", "Nothing", "aaaa").out


def test_a_store_that_cannot_be_read_keeps_no_screen_from_being_searched(
    jumpseat: Call, home: Home
) -> None:
    with RecordingBuilder(home.recording("aaaa2222")) as recording:
        recording.terminal(0.5)
        recording.output(15.0, b"$ less /var/log/syslog")
        recording.close(30.0)
    home.database.write_bytes(b"no database at all" * 100)
    outcome = jumpseat("search", "log", "aaaa")
    assert outcome.status == 1
    assert "syslog" in outcome.out
    assert "what was spoken is not searched" in outcome.err


def test_a_transcript_travels_with_a_session_and_is_purged_with_it(
    jumpseat: Call, home: Home, call: Path, tmp_path: Path
) -> None:
    with RecordingBuilder(home.recording("aaaa2222")) as recording:
        recording.terminal(0.5)
        recording.close(30.0)
    jumpseat("transcript", "attach", "aaaa", str(call), "--offset", "1")
    kept = shown(jumpseat, "aaaa")
    bundle = str(tmp_path / "bundle.tar.gz")
    assert jumpseat("session", "export", "aaaa", "--output", bundle, "--as-is").status == 0
    assert jumpseat("session", "purge", "aaaa2222", "--yes").status == 0
    with sqlite3.connect(home.database) as store:
        assert store.execute("SELECT count(*) FROM transcript_lines").fetchone() == (0,)
    store.close()
    assert not any(b"the log say" in each.read_bytes() for each in home.path.glob("jumpseat.db*"))
    assert jumpseat("session", "import", bundle, "--as-is").status == 0
    assert shown(jumpseat, "aaaa") == kept


def test_a_line_is_quoted_as_evidence_on_a_card(
    jumpseat: Call, home: Home, ended: Path, call: Path
) -> None:
    plan = read_exercise(home, shipped_directory() / "ghost.toml").plan
    competency = plan.competency[0].id
    chosen = ExerciseChosen(
        t=0, name="ghost", plan=plan.model_dump(mode="json", by_alias=True, exclude_none=True)
    )
    first, *rest = (ended / JOURNAL_NAME).read_bytes().splitlines(keepends=True)
    (ended / JOURNAL_NAME).write_bytes(b"".join([first, encode_entry(chosen), *rest]))
    jumpseat("transcript", "attach", "s1", str(call))
    rate = ("card", "rate", "s1", competency, "3", "--evidence")
    assert jumpseat(*rate, "quote 1:1").status == 0
    shown = json.loads(jumpseat("card", "show", "s1", "--json").out)
    pieces = [piece for each in shown["card"]["ratings"] for piece in each["evidence"]]
    assert pieces == [
        {
            "kind": "quote",
            "t": 10.0,
            "until": None,
            "subject": "1:1",
            "text": "Anna Example: What does the log say?",
        }
    ]
    unknown = jumpseat(*rate, "quote 1:9")
    assert (unknown.status, "no transcript with a line '1:9'" in unknown.err) == (2, True)
    # The quote stands on the card whatever becomes of the transcript.
    jumpseat("transcript", "remove", "s1", "1", "--yes")
    assert json.loads(jumpseat("card", "show", "s1", "--json").out) == shown
