"""Store or recording is lost under the seat: it says so, stays, and goes on when it is back."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.activity import Activity
from recorder.errors import RecordingError, StoreError
from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.store.migrations import upgrade
from tests.tui.seat.recordings import RecordingBuilder
from tests.tui.seat.support import FIRST, make_feed, make_tag, run_replay
from tests.tui.seat.test_live import live_feed
from tui.seat.banner import draw_troubles
from tui.seat.health import LATE, Backlog, RecordingFiles, StoreFile
from tui.seat.recording_feed import RecordingFeed

GONE = RecordingError("the recording is no longer there", "move it back")


async def test_a_lost_recording_is_said_and_the_seat_goes_on_when_it_is_back() -> None:
    feed = live_feed()
    async with run_replay(feed, live=True, size=(120, 34)) as seat:
        await seat.at(30.0)
        feed.failure = GONE
        await seat.until(lambda: "the recording is no longer there; move it back" in seat.text)
        assert "What was read stays" in seat.text
        assert "c1-1 output 30.0" in seat.text
        feed.failure = None
        feed.outputs.append((33.0, FIRST))
        feed.grow(33.5)
        await seat.until(lambda: "no longer there" not in seat.text)
        await seat.until(lambda: "c1-1 output 33.0" in seat.text)
        assert not seat.app._exit


async def test_a_screen_that_cannot_be_read_is_asked_for_again_once_it_can() -> None:
    feed = make_feed()
    async with run_replay(feed) as seat:
        await seat.at(0.0)
        picture = feed.picture

        def fail(_t: float, _terminal: object) -> object:
            raise GONE

        feed.picture = fail  # type: ignore[method-assign,assignment]
        feed.failure = GONE
        await seat.press("right")
        await seat.until(lambda: "no longer there" in seat.text)
        feed.picture = picture  # type: ignore[method-assign]
        feed.failure = None
        await seat.at(5.0)
        await seat.until(lambda: "no longer there" not in seat.text)


async def test_what_happened_when_is_counted_once_a_lost_recording_is_back() -> None:
    feed = make_feed(counted=Activity(outputs=(1, 2), inputs=(0, 1)))
    activity = feed.activity

    def fail() -> Activity:
        feed.activity = activity  # type: ignore[method-assign]
        raise GONE

    feed.activity = fail  # type: ignore[method-assign]
    async with run_replay(feed) as seat:
        await seat.until(lambda: seat.app.player.activity == feed.counted)


async def test_a_lost_store_is_said_and_tags_return_by_themselves() -> None:
    feed = live_feed()
    async with run_replay(feed, live=True, size=(120, 34)) as seat:
        await seat.at(30.0)
        feed.no_findings = StoreError("the database is locked", "end what holds it")
        await seat.until(lambda: "the database is locked; end what holds it" in seat.text)
        feed.grow(31.0)
        await seat.at(31.0)  # the screen goes on
        feed.no_findings = None
        feed.grow(32.0, tags=(make_tag("t", 31.5),))
        await seat.until(lambda: "Tags 1" in seat.text and "is locked" not in seat.text)


async def test_an_analysis_that_is_behind_is_said_with_how_much() -> None:
    feed = live_feed()
    feed.found = replace(feed.found, late=20)
    async with run_replay(feed, live=True, size=(120, 34)) as seat:
        await seat.until(lambda: "tags and commands are 20 s behind" in seat.text)
        feed.found = replace(feed.found, late=0)
        await seat.until(lambda: "behind" not in seat.text)


def real(tmp_path: Path) -> tuple[RecordingFeed, Home]:
    home = Home(tmp_path / "home").ensure()
    engine = open_engine(home.database_url)
    upgrade(engine)
    engine.dispose()
    return RecordingFeed(home.recording("s1"), lambda: open_engine(home.database_url)), home


def test_a_real_recording_that_is_moved_away_is_watched_again_once_it_is_back(
    tmp_path: Path,
) -> None:
    feed, home = real(tmp_path)
    place = home.recording("s1")
    with RecordingBuilder(place) as builder:
        builder.terminal(1.0)
        builder.output(2.0, b"before")
        assert feed.open().live
        place.rename(tmp_path / "away")
        with pytest.raises(RecordingError, match="no longer in"):
            feed.refresh()
        shown = feed.picture(2.5, None).frame
        assert shown is not None
        assert shown.rows[0][0].text.startswith("before")
        (tmp_path / "away").rename(place)
        builder.output(3.0, b" and after")
        assert feed.refresh().live
        shown = feed.picture(3.5, None).frame
        assert shown is not None
        assert shown.rows[0][0].text.startswith("before and after")
    feed.close()


def test_a_real_database_that_is_deleted_is_noticed_and_used_again_once_it_is_back(
    tmp_path: Path,
) -> None:
    feed, home = real(tmp_path)
    database = Path(home.database_url.removeprefix("sqlite:///"))
    with RecordingBuilder(home.recording("s1")) as builder:
        builder.terminal(1.0)
        feed.open()
        assert feed.findings().tags == ()
        database.rename(tmp_path / "away.db")
        with pytest.raises(StoreError, match="is gone"):
            feed.findings()
        assert not database.exists()  # and no empty one was made
        assert feed.refresh().live
        (tmp_path / "away.db").rename(database)
        assert feed.findings().commands == ()
    feed.close()


def test_a_recorder_that_is_killed_has_ended_the_session_and_not_lost_it(tmp_path: Path) -> None:
    feed, home = real(tmp_path)
    with RecordingBuilder(home.recording("s1")) as builder:
        builder.terminal(1.0)
        assert feed.open().live
    assert not feed.refresh().live
    feed.close()


def test_nothing_is_read_where_nothing_has_grown(tmp_path: Path) -> None:
    feed, home = real(tmp_path)
    with RecordingBuilder(home.recording("s1"), monotonic=10**9) as builder:
        builder.terminal(1.0)
        feed.open()
        feed.refresh()
        assert feed.refresh() is feed.refresh()
        before = feed.refresh()
        builder.output(2.0, b"more")
        assert feed.refresh() is not before
    feed.close()


def test_files_that_grow_are_seen_once(tmp_path: Path) -> None:
    (tmp_path / "session.jsonl").write_text("{}\n")
    files = RecordingFiles(tmp_path)
    assert files.have_grown()
    assert not files.have_grown()
    (tmp_path / "c1-1.cast").write_text("x")
    assert files.have_grown()
    (tmp_path / "session.jsonl").unlink()
    with pytest.raises(RecordingError, match="no journal"):
        files.have_grown()


def test_another_database_in_the_place_of_the_first_is_opened_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    engine = open_engine(f"sqlite:///{path}")
    with engine.connect():
        pass
    store = StoreFile(engine)
    assert store.has_changed()
    assert not store.has_changed()
    (tmp_path / "b.db").write_bytes(path.read_bytes())
    os.replace(tmp_path / "b.db", path)  # noqa: PTH105 - what a restore of a backup does
    pool = engine.pool
    assert store.has_changed()
    assert engine.pool is not pool
    engine.dispose()


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=40))
def test_what_is_covered_is_not_behind_and_what_is_not_is_told_in_steps(
    steps: list[tuple[int, int]],
) -> None:
    now, size = 0.0, 0
    backlog = Backlog(lambda: now)
    for seconds, grown in steps:
        now += seconds
        size += grown
        behind = backlog.seconds({"a": size}, {})
        assert behind % LATE == 0
        assert behind <= now
    assert backlog.seconds({"a": size}, {"a": size}) == 0


def test_troubles_are_text_with_a_mark_that_needs_no_colour() -> None:
    drawn = draw_troubles(("gone \x1b]0;x\x07 [b]", "second"))
    assert "\x1b" not in drawn.plain
    assert drawn.plain.count(" ! ") == 2
    assert "[b]" in drawn.plain
