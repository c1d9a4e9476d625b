from __future__ import annotations

import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from analyzer.activity import silences_of
from analyzer.index.build import is_indexed
from analyzer.search.find import SearchCancelledError
from analyzer.search.query import Matcher, Query
from analyzer.service import AnalysisCancelledError
from analyzer.tables import CommandRow, TagRow
from recorder.errors import SessionNotFoundError
from recorder.exercise.loader import load_exercise
from recorder.home import Home
from recorder.recording.journal import ClockStarted, ExerciseChosen
from recorder.store.engine import open_engine
from recorder.store.sync import sync_session
from tests.tui.seat.recordings import RecordingBuilder
from tests.tui.seat.support import (
    FIRST,
    SECOND,
    FakeClock,
    Seat,
    make_command,
    make_tag,
)
from tui.seat import recording_feed
from tui.seat.app import ReplayApp
from tui.seat.feed import Picture
from tui.seat.recording_feed import RecordingFeed

PROMPT = b"candidate@web:~$ "


def text_of(picture: Picture) -> list[str]:
    assert picture.frame is not None
    rows = ["".join(run.text for run in row).rstrip() for row in picture.frame.rows]
    return [row for row in rows if row]


def record(directory: Path) -> None:
    """Two terminals, a resize, a stop of Apache that is seen to work."""
    with RecordingBuilder(directory) as builder:
        builder.terminal(2.0)
        builder.output(3.0, PROMPT)
        for index, letter in enumerate("sudo systemctl stop apache2"):
            builder.input(4.0 + index / 10, letter)
            builder.output(4.05 + index / 10, letter.encode())
        builder.input(8.0, "\r")
        builder.output(8.1, b"\r\n")
        builder.output(9.0, PROMPT)
        builder.terminal(20.0, 2, columns=100, lines=30)
        builder.output(21.0, b"\x1b[31mred\x1b[0m", 2)
        builder.resize(30.0, 132, 43, 2)
        builder.output(31.0, b" after", 2)
        builder.close(40.0)


def test_a_finished_recording_is_told_as_it_was(tmp_path: Path, engine: Engine) -> None:
    record(tmp_path / "s-1")
    feed = RecordingFeed(tmp_path / "s-1", engine)
    overview = feed.open()
    assert (overview.session, overview.live, overview.duration) == ("s-1", False, 40.0)
    assert overview.started == datetime(2026, 11, 20, 13, tzinfo=UTC)
    assert [each.key for each in overview.terminals] == [FIRST, SECOND]
    assert text_of(feed.picture(8.0, None)) == ["candidate@web:~$ sudo systemctl stop apache2"]
    picture = feed.picture(35.0, None)
    assert (picture.terminal, text_of(picture)) == (SECOND, ["red after"])
    assert picture.frame is not None
    assert (picture.frame.columns, picture.frame.lines) == (132, 43)
    assert text_of(feed.picture(35.0, FIRST)) == text_of(feed.picture(9.0, FIRST))
    feed.close()


def test_before_the_first_terminal_there_is_no_screen(tmp_path: Path, engine: Engine) -> None:
    record(tmp_path / "s-1")
    feed = RecordingFeed(tmp_path / "s-1", engine)
    feed.open()
    picture = feed.picture(1.0, None)
    assert (picture.frame, picture.previous, picture.following) == (None, None, 3.0)
    feed.close()


def test_the_outputs_around_a_moment_are_those_shown_and_to_come(
    tmp_path: Path, engine: Engine
) -> None:
    record(tmp_path / "s-1")
    feed = RecordingFeed(tmp_path / "s-1", engine)
    feed.open()
    picture = feed.picture(9.0, None)
    assert (picture.previous, picture.following) == (9.0, 21.0)
    assert feed.picture(9.0, FIRST).following is None
    assert feed.step(9.0, None, 2) == 31.0
    assert feed.step(9.0, None, 99) == 31.0
    assert feed.step(31.0, SECOND, -1) == 21.0
    assert feed.step(1.0, None, -1) == 1.0
    feed.close()


def test_a_finished_session_is_analysed_and_its_tags_have_titles(
    tmp_path: Path, engine: Engine
) -> None:
    record(tmp_path / "s-1")
    feed = RecordingFeed(tmp_path / "s-1", engine)
    feed.open()
    found = feed.findings()
    assert [each.text for each in found.commands] == ["sudo systemctl stop apache2"]
    assert "apache-stopped" in [each.signal for each in found.tags]
    assert found.titles["apache-stopped"]
    feed.close()


def test_a_live_session_shows_what_is_stored_and_grows(tmp_path: Path, engine: Engine) -> None:
    directory = tmp_path / "s-2"
    tag, command = make_tag("t", 3.0), make_command("k", 2.5, "ls")
    with RecordingBuilder(directory, monotonic=time.monotonic() - 60.0) as builder:
        builder.terminal(1.0)
        builder.output(2.0, b"one ")
        sync_session(engine, directory)
        feed = RecordingFeed(directory, engine)
        overview = feed.open()
        assert overview.live
        assert overview.duration >= 60.0  # the present, not the last event
        assert feed.findings().tags == ()
        with engine.begin() as store:
            store.execute(insert(TagRow).values(session="s-2", **asdict(tag)))
            store.execute(insert(CommandRow).values(session="s-2", **asdict(command)))
        found = feed.findings()
        assert (found.tags, found.commands) == ((tag,), (command,))
        builder.output(3.0, b"two")
        feed.refresh()
        assert text_of(feed.picture(60.0, None)) == ["one two"]
        builder.close(61.0)
        assert not feed.refresh().live
    feed.close()


def test_a_directory_without_a_recording_is_said_before_anything_is_shown(
    tmp_path: Path, engine: Engine
) -> None:
    with pytest.raises(SessionNotFoundError):
        RecordingFeed(tmp_path, engine).open()


async def test_a_real_recording_is_played_in_the_app(tmp_path: Path, engine: Engine) -> None:
    record(tmp_path / "s-1")
    feed, clock = RecordingFeed(tmp_path / "s-1", engine), FakeClock()
    app = ReplayApp(feed, clock=clock)
    seat = Seat(app, None, clock)
    async with app.run_test(size=(200, 50), message_hook=seat.hear) as seat.pilot:
        await seat.until(lambda: app.player.tags)
        await seat.press("space", "n")
        await seat.until(lambda: "sudo systemctl stop apache2" in seat.text)
        await seat.press("end")
        await seat.at(40.0)
        await seat.until(lambda: "red after" in seat.text)
        await seat.until(lambda: "c2-1 · candidate · 2 of 2" in seat.text)


@settings(max_examples=25, deadline=None)
@given(moments=st.lists(st.floats(0, 45), min_size=1, max_size=12))
def test_a_moment_looks_the_same_however_one_came_to_it(
    moments: list[float], tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("feed") / "s-1"
    record(directory)
    engine = open_engine("sqlite://")
    wandering = RecordingFeed(directory, engine)
    wandering.open()
    pictures = [wandering.picture(t, None) for t in moments]
    wandering.close()
    for t, seen in zip(moments, pictures, strict=True):
        direct = RecordingFeed(directory, engine)
        direct.open()
        assert direct.picture(t, None) == seen
        direct.close()
    engine.dispose()


def test_letting_go_gives_up_an_analysis_that_still_runs(tmp_path: Path, engine: Engine) -> None:
    record(tmp_path / "s-1")
    feed = RecordingFeed(tmp_path / "s-1", engine)
    feed.open()
    feed.close()
    with pytest.raises(AnalysisCancelledError):
        feed.findings()


def test_a_session_without_an_index_is_shown_at_once_and_gets_one(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = tmp_path / "recordings" / "s-1"
    record(directory)
    monkeypatch.setattr(recording_feed, "_LONG", 100)
    feed = RecordingFeed(directory, engine)
    assert feed.open().slow
    before = [feed.picture(t / 2, None) for t in range(80)]
    assert not is_indexed(directory)
    feed.settle()
    assert is_indexed(directory)
    assert [feed.picture(t / 2, None) for t in range(80)] == before
    assert feed._playback is not None
    assert feed._playback.indexed
    assert [feed.step(9.0, None, steps) for steps in (2, 99, -2)] == [31.0, 31.0, 6.65]
    feed.close()
    again = RecordingFeed(directory, engine)
    assert not again.open().slow
    again.close()


def test_the_analysis_of_a_session_makes_its_index_on_the_way(
    tmp_path: Path, engine: Engine
) -> None:
    directory = tmp_path / "recordings" / "s-1"
    record(directory)
    feed = RecordingFeed(directory, engine)
    feed.open()
    feed.findings()
    assert is_indexed(directory)
    feed.close()


def test_letting_go_gives_up_an_index_that_is_being_made(tmp_path: Path, engine: Engine) -> None:
    directory = tmp_path / "recordings" / "s-1"
    record(directory)
    feed = RecordingFeed(directory, engine)
    feed.open()
    feed.close()
    feed.settle()
    assert not is_indexed(directory)


async def test_the_app_says_that_an_index_is_made_and_goes_on_with_it(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = tmp_path / "recordings" / "s-1"
    record(directory)
    monkeypatch.setattr(recording_feed, "_LONG", 100)
    feed, clock = RecordingFeed(directory, engine), FakeClock()
    app = ReplayApp(feed, clock=clock)
    seat = Seat(app, None, clock)
    async with app.run_test(
        size=(200, 50), message_hook=seat.hear, notifications=True
    ) as seat.pilot:
        await seat.until(lambda: "far jumps take longer" in seat.text)
        await seat.until(lambda: app.player.tags)
        await seat.press("space", "end")
        await seat.at(40.0)
        await seat.until(lambda: "red after" in seat.text)
        await seat.until(lambda: is_indexed(directory))
        # One output back, over the resize at 30 s, and on again.
        await seat.press("comma")
        await seat.press("comma")
        await seat.at(21.0)
        playback = feed._playback
        assert playback is not None
        frame = playback.at(21.0)
        assert frame is not None
        assert (frame.columns, frame.lines) == (100, 30)
        await seat.press("full_stop")
        await seat.at(31.0)
        await seat.until(lambda: feed._playback is not None and feed._playback.indexed)


async def test_the_app_says_that_no_index_can_be_made_and_goes_on_without(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = tmp_path / "recordings" / "s-1"
    record(directory)
    (tmp_path / "cache").write_text("in the way")
    monkeypatch.setattr(recording_feed, "_LONG", 100)
    feed, clock = RecordingFeed(directory, engine), FakeClock()
    app = ReplayApp(feed, clock=clock)
    seat = Seat(app, None, clock)
    async with app.run_test(
        size=(200, 50), message_hook=seat.hear, notifications=True
    ) as seat.pilot:
        await seat.until(lambda: "far jumps stay slow" in seat.text)
        await seat.press("space", "end")
        await seat.at(40.0)
        await seat.until(lambda: "red after" in seat.text)


def test_a_recording_that_is_in_no_store_is_analysed_in_memory(tmp_path: Path) -> None:
    recording = tmp_path / "recording"
    record(recording)
    feed = RecordingFeed(recording, None)
    try:
        assert feed.open().duration > 0
        assert [command.text for command in feed.findings().commands]
    finally:
        feed.close()
    assert [each.name for each in tmp_path.iterdir()] == ["recording"]


def test_the_screens_of_a_recording_can_be_searched(tmp_path: Path, engine: Engine) -> None:
    with RecordingBuilder(tmp_path / "s2222222") as recording:
        recording.terminal(0.0)
        recording.output(1.0, b"a needle\r\n")
        recording.output(5.0, b"\x1b[2J")
        recording.close(9.0)
    feed = RecordingFeed(recording.directory, engine)
    feed.open()
    matcher = Matcher(Query(text="needle"))
    (hit,) = feed.search(matcher, 10, lambda: False).hits
    assert (hit.t, hit.until, hit.row, hit.column) == (1.0, 5.0, 0, 2)
    picture = feed.picture(hit.t, None)
    assert picture.frame is not None
    assert picture.frame.rows[0][0].text.startswith("a needle")
    feed.close()
    with pytest.raises(SearchCancelledError):
        feed.search(matcher, 10, lambda: False)


def test_activity_phases_and_the_clock_come_with_a_finished_recording(
    tmp_path: Path, engine: Engine
) -> None:
    plan = load_exercise(Home(tmp_path), "ghost").plan
    with RecordingBuilder(tmp_path / "s-1") as builder:
        chosen = plan.model_dump(by_alias=True, mode="json")
        builder.write(ExerciseChosen(t=0.0, name="ghost", plan=chosen))
        builder.write(ClockStarted(t=1.0, length=3600.0))
        builder.terminal(2.0)
        builder.output(3.0, PROMPT)
        builder.output(3.1, b"x")
        builder.input(4.0, "\r")
        builder.output(9.0, PROMPT)
        builder.close(40.0)
    feed = RecordingFeed(tmp_path / "s-1", engine)
    try:
        assert [each.id for each in feed.open().tasks][:2] == ["address", "ghost"]
        activity = feed.activity()
        found = feed.findings()
        feed.settle()
        feed.picture(10.0, None)
        assert feed.activity() == activity  # also by the index, which was made meanwhile
    finally:
        feed.close()
    assert (sum(activity.outputs), sum(activity.inputs)) == (3, 1)
    assert silences_of(activity, 40.0, 20.0) == ((9.0 + activity.step, 40.0),)
    assert (found.phases[0].start, found.phases[-1].until) == (0.0, 40.0)
    assert [each.title for each in found.periods] == ["Introduction", "Work", "Review"]
    assert found.periods[0].start == 1.0


def test_a_live_recordings_activity_grows_with_it(tmp_path: Path, engine: Engine) -> None:
    now = time.monotonic()
    with RecordingBuilder(tmp_path / "s-1", monotonic=now - 60.0) as builder:
        builder.terminal(2.0)
        builder.output(3.0, PROMPT)
        feed = RecordingFeed(tmp_path / "s-1", engine)
        try:
            feed.open()
            assert sum(feed.activity().outputs) == 1
            builder.output(9.0, PROMPT)
            builder.input(9.5, "l")
            feed.refresh()
            activity = feed.activity()
            assert (sum(activity.outputs), sum(activity.inputs)) == (2, 1)
        finally:
            feed.close()
