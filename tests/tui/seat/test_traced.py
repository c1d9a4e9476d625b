"""A seat's look is in the trace, is put down before the first picture, and never ends a seat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from recorder.home import Home
from recorder.store.noted import Noting
from recorder.store.sync import sync_session
from recorder.trace.keeping import entries
from recorder.trace.verifying import verify
from recorder.trace.waiting import waiting
from tests.tui.seat.recordings import RecordingBuilder
from tests.tui.seat.support import make_feed, run_replay
from tui.person import person
from tui.seat import traced
from tui.seat.recording_feed import RecordingFeed

SESSION = "s2222222"


@pytest.fixture
def live(home: Home) -> Iterator[RecordingBuilder]:
    with RecordingBuilder(home.recording(SESSION)) as builder:
        builder.terminal(0.0)
        builder.output(1.0, b"$ ")
        yield builder


def told(engine: Engine) -> list[tuple[str, str, str, str | None, str]]:
    return [(e.who, e.door, e.action, e.about, e.detail) for e in entries(engine)]


def test_a_live_look_is_told_once_and_what_is_noted_meanwhile(
    live: RecordingBuilder, engine: Engine
) -> None:
    feed = RecordingFeed(live.directory, engine)
    feed.open()
    sync_session(engine, live.directory)
    for _ in range(3):
        feed.findings()
    note = feed.note(Noting(kind="note", t=1.0, text="zq7 reads the log"))
    feed.note(Noting(kind="note", t=1.0, replaces=note.number, withdrawn=True))
    assert feed.findings().untraced == ""
    feed.close()
    assert told(engine) == [
        (person(), "seat", "watched", SESSION, ""),
        (person(), "seat", "noted", SESSION, "note 1"),
        (person(), "seat", "noted", SESSION, "note 1 taken back"),
    ]
    assert verify(engine).fault is None


def test_a_session_that_has_ended_is_told_as_replayed(
    live: RecordingBuilder, engine: Engine
) -> None:
    live.close(2.0)
    feed = RecordingFeed(live.directory, lambda: engine)
    feed.open()
    feed.findings()
    feed.close()
    assert [each[2] for each in told(engine)] == ["replayed"]


def test_the_look_is_put_down_before_the_store_is_opened_and_survives_the_seat(
    live: RecordingBuilder, home: Home, engine: Engine
) -> None:
    def never() -> Engine:
        raise AssertionError("the store is opened before the first picture")

    feed = RecordingFeed(live.directory, never)
    feed.open()
    feed.picture(1.0, None)
    assert len(waiting(home)) == 1
    feed.close()  # as one that was killed: nobody asked for findings
    other = RecordingFeed(live.directory, engine)
    other.open()
    other.findings()
    other.close()
    assert [each[2] for each in told(engine)] == ["watched", "watched"]
    assert waiting(home) == []


def test_a_trace_that_cannot_be_written_is_said_and_the_seat_goes_on(
    live: RecordingBuilder, home: Home, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traced, "_RETRY", 0.0)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE trace RENAME TO away")
    feed = RecordingFeed(live.directory, engine)
    feed.open()
    assert "not in the trace yet" in feed.findings().untraced
    assert feed.picture(1.0, None).frame is not None
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO trace")
    assert feed.findings().untraced == ""
    feed.close()
    assert [each[2] for each in told(engine)] == ["watched"]


def test_a_home_where_nothing_can_be_put_down_is_said(
    live: RecordingBuilder, home: Home, engine: Engine
) -> None:
    home.waiting.write_text("a file in its place")
    feed = RecordingFeed(live.directory, engine)
    assert feed.open().live
    assert "not in the trace: " in feed.findings().untraced
    feed.close()


def test_a_recording_that_is_in_no_store_leaves_nothing(
    live: RecordingBuilder, home: Home, engine: Engine
) -> None:
    feed = RecordingFeed(live.directory, None)
    feed.open()
    feed.close()
    assert waiting(home) == []
    assert told(engine) == []


async def test_what_could_not_be_traced_stands_above_the_screen() -> None:
    feed = make_feed()
    feed.found = replace(feed.found, untraced="not in the trace yet: the disk is full")
    async with run_replay(feed, size=(120, 34)) as seat:
        await seat.until(lambda: "the disk is full" in seat.text)
        await seat.at(0.0)
