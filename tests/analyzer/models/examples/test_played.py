"""Played sessions: a folder's terminals and its observer's words, as times since its start."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analyzer.models.examples.played import doubtful, has_activities, read_truth
from analyzer.models.labels import LabelledTrouble
from bench.corpus import HERE, sessions
from recorder.errors import RecordingError
from recorder.recording.events import Output

ZERO = 1_790_000_000.0


def folder(directory: Path, **truth: Any) -> Path:
    """Write a session of one terminal that prints a prompt and takes a minute."""
    out = b"Script started\ncandidate@web01:~$ \r\nbye\r\nScript done\n"
    (directory / "a.out").write_bytes(out)
    (directory / "a.in").write_bytes(b"Script started\nls\r\nScript done\n")
    lines = ["H 0.000000 COLUMNS 100", "H 0.000000 LINES 30", "O 0.500000 20", "I 30.000000 3"]
    (directory / "a.timing").write_text("\n".join([*lines, "O 29.500000 7", ""]))
    (directory / "a.start").write_text(f"{ZERO}\n")
    (directory / "truth.json").write_text(json.dumps({"candidate": "x", "signals": [], **truth}))
    return directory


def phase(start: float, until: float, task: str, **more: str) -> dict[str, object]:
    return {"from": ZERO + start, "to": ZERO + until, "task": task, **more}


def test_phases_get_the_words_of_models_and_have_no_gaps(tmp_path: Path) -> None:
    phases = [phase(4, 20, "password"), phase(22, 40, "idle"), phase(40, 60, "web")]
    session = read_truth(folder(tmp_path, phases=phases))
    assert [(each.start, each.until, each.topic) for each in session.phases] == [
        (0, 22, "credentials"),
        (22, 40, "credentials"),
        (40, 60, "web"),
    ]
    assert session.phases[1].activity == "idle"
    assert session.origin == "played"
    assert any(isinstance(each, Output) for each in session.happenings)


def test_activities_count_only_where_all_are_named(tmp_path: Path) -> None:
    named = [phase(0, 20, "web", activity="debugging"), phase(20, 60, "idle")]
    directory = folder(tmp_path, phases=named)
    assert has_activities(directory)
    assert read_truth(directory).phases[0].activity == "debugging"
    assert not has_activities(folder(tmp_path, phases=[*named, phase(60, 70, "ssh")]))


def test_activities_may_have_times_of_their_own(tmp_path: Path) -> None:
    doings = [
        {"from": ZERO + 2, "to": ZERO + 10, "activity": "looking around"},
        {"from": ZERO + 10, "to": ZERO + 60, "activity": "configuring"},
    ]
    phases = [phase(2, 20, "web"), phase(20, 40, "idle"), phase(40, 60, "ssh")]
    directory = folder(tmp_path, phases=phases, activities=doings)
    assert has_activities(directory)
    assert [(each.start, each.topic, each.activity) for each in read_truth(directory).phases] == [
        (0, "web", "looking-around"),
        (10, "web", "configuring"),
        (20, "web", "idle"),
        (40, "ssh", "configuring"),
    ]


def test_stretches_of_trouble_are_read_and_doubtful_ones_kept_apart(tmp_path: Path) -> None:
    signals = [
        {"id": "stuck", "at": ZERO + 9, "from": ZERO + 5, "to": ZERO + 9},
        {"id": "rabbit-hole", "at": ZERO + 3, "span": [ZERO + 1, ZERO + 4], "optional": True},
        {"id": "stuck", "at": ZERO + 20, "span": [ZERO + 18, ZERO + 21], "confidence": "debatable"},
        {"id": "used-sudo", "at": ZERO + 3},
    ]
    directory = folder(tmp_path, phases=[phase(0, 60, "ssh")], signals=signals)
    assert read_truth(directory).troubles == (LabelledTrouble(kind="stuck", start=5, until=9),)
    assert [(each.kind, each.start) for each in doubtful(directory)] == [
        ("rabbit-hole", 1),
        ("stuck", 18),
    ]


@pytest.mark.parametrize(
    "truth",
    [
        {},
        {"phases": [phase(0, 9, "cooking")]},
        {"phases": [phase(0, 9, "web", activity="cooking")]},
        {"phases": [{"from": "x"}]},
        {"phases": 3},
        {"phases": []},
        {"phases": [phase(0, 9, "web")], "signals": [{"id": "stuck"}]},
        {"phases": [phase(0, 9, "web")], "signals": 7},
    ],
)
def test_a_truth_that_is_none_is_named(tmp_path: Path, truth: dict[str, Any]) -> None:
    with pytest.raises(RecordingError, match="no played session"):
        read_truth(folder(tmp_path, **truth))


def test_a_folder_without_a_session_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no played session"):
        read_truth(tmp_path)
    (tmp_path / "truth.json").write_text("[" * 100_000)
    (tmp_path / "a.start").write_text("5")
    with pytest.raises(RecordingError, match="no played session"):
        read_truth(tmp_path)


def test_the_known_sessions_can_be_read() -> None:
    directories = sessions([HERE])
    if not directories:
        pytest.skip("../shared/corpus is not there")
    for directory in directories:
        session = read_truth(directory)
        assert session.phases[-1].until <= session.happenings[-1].t + 60
        assert len(session.happenings) > 1000
