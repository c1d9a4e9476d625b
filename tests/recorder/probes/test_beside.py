"""A session keeps its plan, and only what the target can be looked at for starts a process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest

from recorder.exercise.loader import load_exercise
from recorder.exercise.schema import Exercise
from recorder.home import Home
from recorder.hop.target import TcpTarget
from recorder.probes.beside import probing_beside
from recorder.recording.journal import ExerciseChosen, JournalEntry
from recorder.recording.writer import RecordingWriter

KEY = asyncssh.generate_private_key("ssh-ed25519")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def writer(home: Home) -> Iterator[RecordingWriter]:
    writer = RecordingWriter(
        home.recording("s1"), session="s1", program="test", target="web01:22", listen=None,
        candidate=None, content_key=b"k" * 32,
    )  # fmt: skip
    yield writer
    writer.close()


async def test_the_plan_in_the_recording_is_the_plan_without_the_password(
    home: Home, writer: RecordingWriter
) -> None:
    logged: list[JournalEntry] = []
    writer.on_entry = logged.append
    loaded = load_exercise(home, "ghost")
    probing = probing_beside(writer, home, TcpTarget("192.0.2.1", 22), KEY, loaded)
    await probing.close()
    (entry,) = logged
    assert isinstance(entry, ExerciseChosen)
    kept = Exercise.model_validate(entry.plan)
    assert kept.target.password is None
    assert loaded.plan.target.password == "CHANGE_ME!"
    plan = loaded.plan.model_copy(
        update={"target": loaded.plan.target.model_copy(update={"password": None})}
    )
    assert kept == plan


async def test_without_an_exercise_nothing_is_logged_or_started(
    home: Home, writer: RecordingWriter
) -> None:
    logged: list[JournalEntry] = []
    writer.on_entry = logged.append
    probing = probing_beside(writer, home, TcpTarget("192.0.2.1", 22), KEY, None)
    probing.start()
    await probing.close()
    assert logged == []
    assert list(home.logs.iterdir()) == []
