"""Home's feed on real recordings and a real store."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, insert

from analyzer.tables import TagRow
from recorder.errors import StoreError
from recorder.exercise.loader import load_exercise
from recorder.home import Home
from recorder.recording.journal import (
    JOURNAL_NAME,
    ClockStarted,
    ConnectionClosed,
    ConnectionOpened,
    ExerciseChosen,
    LoginAttempt,
    SessionTerms,
)
from recorder.store.notes import Noting, add_note
from recorder.store.tables import SessionRow
from tests.tui.seat.recordings import RecordingBuilder
from tui.seat.home.sittings import Sitting
from tui.seat.home.stored import RECOUNT, StoredHome


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def tag(engine: Engine, session: str, id: str, t: float = 5.0, **more: object) -> None:  # noqa: A002
    values = {
        "signal": "apache-stopped", "topic": "web", "until": None, "outcome": "ok",
        "confidence": 1.0, "detector": "rule", "state": "established", "evidence": [],
    }  # fmt: skip
    with engine.begin() as connection:
        connection.execute(insert(TagRow).values(session=session, id=id, t=t, **(values | more)))


def by_id(feed: StoredHome) -> dict[str, Sitting]:
    return {row.id: row for row in feed.sittings()}


def recorded(home: Home, name: str) -> RecordingBuilder:
    return RecordingBuilder(home.recording(name))


def test_a_live_session_tells_its_clock_its_phases_and_its_last_tag(
    home: Home, engine: Engine
) -> None:
    plan = load_exercise(home, "ghost").plan
    with recorded(home, "live-1") as builder:
        builder.write(SessionTerms(t=0.0, exercise="ghost", consent="banner", gate="named"))
        builder.write(ExerciseChosen(t=0.0, name="ghost", plan=plan.model_dump(mode="json")))
        feed = StoredHome(engine, home)
        assert by_id(feed)["live-1"].clock_started is None
        builder.write(ClockStarted(t=3.0, length=3600.0))
        tag(engine, "live-1", "t1", 5.0)
        tag(engine, "live-1", "t2", 9.0, signal="no-such-signal", topic="ssh")
        tag(engine, "live-1", "t3", 99.0, state="candidate")
        row = by_id(feed)["live-1"]
        assert (row.state, row.clock_started, row.clock_length) == ("live", 3.0, 3600.0)
        assert [each.title for each in row.phases] == [each.title for each in plan.clock.phase]
        assert [each.works for each in row.phases] == [each.tasks for each in plan.clock.phase]
        assert row.topics == (("ssh", 1), ("web", 1))
        assert row.last is not None
        assert (row.last.title, row.last.t) == ("no such signal", 9.0)
        assert "Apache" in row.words
        assert feed.detail("live-1").exercise == plan.title
    assert by_id(feed)["live-1"].state in {"cut-off", "closed"}


def test_the_detail_counts_open_connections_and_standing_notes(home: Home, engine: Engine) -> None:
    with recorded(home, "live-1") as builder:
        for number in (11, 12):
            peer = f"192.0.2.{number}:50000"
            builder.write(ConnectionOpened(t=1.0, connection=number, peer=peer))
            builder.write(
                LoginAttempt(
                    t=1.5, connection=number, user="ada", method="password", outcome="accepted"
                )
            )
        builder.write(ConnectionClosed(t=2.0, connection=12, reason="closed by the client"))
        feed = StoredHome(engine, home)
        before = feed.sittings()
        assert len(before) == 1
        add_note(engine, "live-1", Noting(kind="note", t=1.0, text="calm"), "me")
        add_note(engine, "live-1", Noting(kind="task", t=1.0, subject="ssh"), "me")
        detail = feed.detail("live-1")
        assert (detail.connections, detail.users) == (1, ("ada",))
        assert detail.notes == 1


def test_a_damaged_session_is_shown_and_hides_no_other(home: Home, engine: Engine) -> None:
    with recorded(home, "good"):
        broken = home.recording("bad")
        broken.mkdir(parents=True)
        (broken / JOURNAL_NAME).write_bytes(b"\xff\xfe not a journal\n")
        (home.recordings / "empty").mkdir()
        feed = StoredHome(engine, home)
        rows = by_id(feed)
        assert (rows["good"].state, rows["bad"].state) == ("live", "unreadable")
        assert rows["bad"].problem
        assert by_id(feed) == rows
        assert feed.detail("bad").notes == 0


def test_a_lost_database_is_told_and_the_next_one_is_filled(home: Home, engine: Engine) -> None:
    with recorded(home, "live-1"):
        feed = StoredHome(engine, home)
        rows = by_id(feed)
        database = Path(str(engine.url.database))
        kept = database.with_suffix(".kept")
        database.rename(kept)
        for _ in range(2):
            with pytest.raises(StoreError, match="not there any more"):
                feed.sittings()
        kept.rename(database)
        assert by_id(feed) == rows
        engine.dispose()
        for each in database.parent.glob(database.name + "*"):
            each.unlink()
        with pytest.raises(StoreError):
            feed.sittings()
        database.touch()
        with pytest.raises(StoreError):
            feed.sittings()
        assert by_id(feed) == rows


def test_tags_of_finished_sessions_are_counted_again_now_and_then(
    home: Home, engine: Engine
) -> None:
    clock = Seconds()
    with recorded(home, "done-1") as builder:
        builder.close(10.0)
    feed = StoredHome(engine, home, clock=clock)
    assert by_id(feed)["done-1"].topics == ()
    tag(engine, "done-1", "t1")
    assert by_id(feed)["done-1"].topics == ()
    clock.now += RECOUNT
    assert by_id(feed)["done-1"].topics == (("web", 1),)


def _many(home: Home, engine: Engine, count: int) -> None:
    started = datetime(2026, 1, 1, tzinfo=UTC)
    sessions, tags = [], []
    for number in range(count):
        name = f"s-{number:05}"
        directory = home.recording(name)
        directory.mkdir(parents=True)
        (directory / JOURNAL_NAME).touch()
        sessions.append(
            {
                "id": name, "state": "closed", "candidate": f"Candidate {number}",
                "target": "web-1", "started": started + timedelta(hours=number),
                "duration": 3600.0,
            }
        )  # fmt: skip
        tags += [
            {
                "session": name, "id": f"t{each}", "signal": f"signal-{each % 7}",
                "topic": f"topic-{each % 4}", "t": float(each), "until": None, "outcome": "ok",
                "confidence": 1.0, "detector": "rule", "state": "established",
                "evidence": [{"kind": "output", "text": "x" * 300}],
            }
            for each in range(20)
        ]  # fmt: skip
    with engine.begin() as connection:
        connection.execute(insert(SessionRow), sessions)
        connection.execute(insert(TagRow), tags)


def test_two_thousand_sessions_are_listed_quickly_in_few_queries(
    home: Home, engine: Engine
) -> None:
    _many(home, engine, 2000)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    clock = Seconds()
    feed = StoredHome(engine, home, clock=clock)
    times = []
    for _ in range(3):
        began = time.process_time()
        rows = feed.sittings()
        times.append(time.process_time() - began)
    assert len(rows) == 2000
    assert rows[0].topics == (("topic-0", 5), ("topic-1", 5), ("topic-2", 5), ("topic-3", 5))
    assert sum("FROM tags" in each for each in asked) == 1
    # Far above what it takes, so that a busy machine does not fail it.
    assert min(times) < 1.0
    for _ in range(4):
        feed.sittings()
    asked.clear()
    assert feed.sittings() == rows
    assert not any("FROM tags" in each for each in asked)
    assert all("WHERE" in each for each in asked)


def test_a_new_session_is_seen_at_once_and_a_closed_one_too(home: Home, engine: Engine) -> None:
    clock = Seconds()
    feed = StoredHome(engine, home, clock=clock)
    assert feed.sittings() == []
    (home.recordings / "early").mkdir(parents=True)
    assert feed.sittings() == []
    for _ in range(6):
        feed.sittings()
    with recorded(home, "live-1") as builder:
        assert by_id(feed)["live-1"].live
        for _ in range(6):
            feed.sittings()
        tag(engine, "live-1", "t1")
        assert by_id(feed)["live-1"].topics == (("web", 1),)
        builder.close(10.0)
        row = by_id(feed)["live-1"]
        assert (row.state, row.duration) == ("closed", 10.0)
    assert by_id(feed)["live-1"].topics == (("web", 1),)
