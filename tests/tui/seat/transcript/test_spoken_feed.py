"""What was spoken reaches the seat out of the store, and is read again only when it changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, insert

from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from recorder.store.tables import SessionRow
from recorder.transcripts.keeping import attach, shift, withdraw
from recorder.transcripts.reading import parse
from tests.tui.seat.recordings import RecordingBuilder
from tui.seat.notes.people import People
from tui.seat.recording_feed import RecordingFeed


def _untold(*_said: object) -> None:
    """Nobody says anything here that a trace would tell of."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_engine(f"sqlite:///{tmp_path}/store.db")
    prepare(made)
    with made.begin() as connection:
        row = insert(SessionRow).values(
            id="s1", state="open", target="t", started=datetime.now(UTC)
        )
        connection.execute(row)
    yield made
    made.dispose()


def test_lines_are_read_anew_only_when_a_transcript_came_moved_or_went(engine: Engine) -> None:
    people = People(engine, "ada", _untold)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *each: asked.append(each[2]))

    def read() -> tuple[float | None, ...]:
        asked.clear()
        return tuple(each.t for each in people.spoken("s1"))

    assert read() == ()
    parsed = parse(b"[0:10] Anna: hello")
    attach(engine, "s1", parsed, name="call", offset=0.0, who="ada")
    assert read() == (10.0,)
    assert read() == (10.0,)
    assert [each for each in asked if "transcript_lines" in each] == []
    shift(engine, "s1", 1, 2.0)
    assert read() == (12.0,)
    withdraw(engine, "s1", 1)
    assert read() == ()


def test_a_file_has_no_transcript() -> None:
    assert People(None, "ada", _untold).spoken("s1") == ()


def test_a_sessions_feed_tells_what_was_spoken(engine: Engine, tmp_path: Path) -> None:
    directory = tmp_path / "s1"
    with RecordingBuilder(directory) as recording:
        recording.terminal(0.5)
        recording.output(1.0, b"$ ")
        recording.close(30.0)
    attach(engine, "s1", parse(b"[0:10] Anna: hello"), name="call", offset=0.5, who="ada")
    feed = RecordingFeed(directory, engine)
    feed.open()
    (line,) = feed.findings().spoken
    feed.close()
    assert (line.t, line.speaker, line.text) == (10.5, "Anna", "hello")
