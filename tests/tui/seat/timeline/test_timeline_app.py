"""The timeline, times, silences and evidence in the running app, by keys and mouse."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual import events

from analyzer.activity import Activity
from tests.tui.seat.hour import HOUR, hour_feed
from tests.tui.seat.support import Seat, make_feed, run_replay
from tui.seat.transport import LEAD


@asynccontextmanager
async def an_hour(t: float = 0.0, **options: Any) -> AsyncIterator[Seat]:
    """Run an hour's replay, all of it read, at a moment."""
    async with run_replay(hour_feed(), ready=False, **options) as seat:
        app = seat.app
        await seat.until(lambda: app.timeline.data.ticks and app.timeline.data.activity.outputs)
        app.player.seek(t)
        app.beat()
        await seat.at(t)
        await seat.pass_time(0)
        yield seat


def wheel(seat: Seat, kind: type[events.MouseEvent]) -> None:
    timeline = seat.app.timeline
    timeline.post_message(
        kind(
            widget=timeline,
            x=5,
            y=0,
            delta_x=0,
            delta_y=0,
            button=0,
            shift=False,
            meta=False,
            ctrl=False,
        )
    )


async def test_the_mouse_goes_to_a_column_drags_over_others_and_turns_the_wheel() -> None:
    async with an_hour(size=(121, 40)) as seat:
        timeline = seat.app.timeline
        scale = timeline.scale
        await seat.pilot.mouse_down(timeline, offset=(45, 3))
        await seat.at(scale.moment(45))
        await seat.pilot.hover(timeline, offset=(70, 3))
        await seat.at(scale.moment(70))
        await seat.pilot.hover("#stage", offset=(30, 3))  # still held, off the timeline
        at = seat.app.player.transport.position
        assert at < scale.moment(45)
        await seat.pilot.mouse_up("#stage", offset=(30, 3))
        await seat.pilot.hover(timeline, offset=(90, 3))
        await seat.at(at)
        wheel(seat, events.MouseScrollDown)
        await seat.at(at + 5.0)
        wheel(seat, events.MouseScrollUp)
        wheel(seat, events.MouseScrollUp)
        await seat.at(at - 5.0)


async def test_a_click_on_a_tick_goes_shortly_before_it() -> None:
    async with an_hour(size=(121, 40)) as seat:
        timeline = seat.app.timeline
        await seat.pilot.click(timeline, offset=(timeline.scale.column(1490.0), 2))
        await seat.at(1490.0 - LEAD)


async def test_the_status_bar_says_what_the_pointer_is_over() -> None:
    async with an_hour(size=(120, 40)) as seat:
        timeline = seat.app.timeline
        await seat.pilot.hover(timeline, offset=(timeline.scale.column(1490.0), 0))
        await seat.until(lambda: "24:50 · Installed Ghost-CLI" in seat.status)
        await seat.pilot.hover("#stage", offset=(5, 5))
        await seat.until(lambda: "Installed" not in seat.status)


async def test_silences_are_shortened_and_times_stay_true() -> None:
    async with an_hour(1490.0, size=(120, 40)) as seat:
        before = seat.app.timeline.scale.column(1490.0)
        await seat.press("I")
        scale = seat.app.timeline.scale
        assert len(scale.shortened) == 3
        assert scale.column(1490.0) != before
        assert "24:50 / 60:00" in seat.status
        assert "⋯" in seat.text
        await seat.pilot.click(seat.app.timeline, offset=(60, 3))
        await seat.at(scale.moment(60))
        await seat.press("I")
        assert seat.app.timeline.scale.shortened == ()


async def test_a_time_can_be_typed() -> None:
    async with an_hour(100.0) as seat:
        await seat.press("colon", *"12:34")
        await seat.until(lambda: "goes to 12:34" in seat.text)
        await seat.press("enter")
        await seat.at(754.0)
        assert not seat.app.time_bar.is_open
        assert seat.app.focused is None
        await seat.press("colon", *"+30", "enter")
        await seat.at(784.0)


async def test_what_is_no_time_is_said_and_can_be_left() -> None:
    async with an_hour(100.0) as seat:
        await seat.press("colon", *"q/n", "enter")
        await seat.until(lambda: "is no time" in seat.text)
        assert seat.app.time_bar.entry.value == "q/n"
        assert not seat.app.search_bar.is_open
        await seat.press("escape")
        assert not seat.app.time_bar.is_open
        await seat.press("colon", "enter")
        assert not seat.app.time_bar.is_open
        await seat.at(100.0)


async def test_evidence_is_gone_through_marked_and_named() -> None:
    async with an_hour(1990.0, size=(120, 34)) as seat:
        view = seat.app.stage.view
        await seat.press("n")  # a tag of 33:21, two seconds before
        await seat.at(1999.0)
        assert view.marks == ()
        await seat.press("E")
        await seat.at(2000.0)
        await seat.until(lambda: "evidence 1 of 4: command 33:20" in seat.status)
        assert [(mark.current, mark.start) for mark in view.marks] == [(True, 19)]
        await seat.press("E")
        await seat.until(lambda: "evidence 2 of 4: output 33:21" in seat.status)
        assert [mark.current for mark in view.marks] == [False, True]
        await seat.press("E")
        await seat.until(lambda: "nothing that a screen shows" in seat.status)
        await seat.press("E")  # is part of a line there, and no whole one
        await seat.until(lambda: "not to be found on the screen" in seat.status)
        await seat.press("escape")
        assert view.marks == ()
        seat.app.player.seek(2110.0)  # behind the next tag, of which nothing is told
        await seat.at(2110.0)
        await seat.press("E")
        await seat.until(lambda: "this tag names no evidence" in seat.text)


async def test_marks_appear_as_the_evidence_does_while_it_plays() -> None:
    async with an_hour(1990.0) as seat:
        await seat.press("n", "space")
        await seat.pass_time(1.0)
        await seat.at(2000.0)
        await seat.until(lambda: len(seat.app.stage.view.marks) == 1)
        await seat.pass_time(1.0)
        await seat.at(2001.0)
        await seat.until(lambda: len(seat.app.stage.view.marks) == 2)


async def test_evidence_of_another_terminal_is_shown_there_and_a_search_has_its_own() -> None:
    async with run_replay() as seat:
        await seat.press("E")
        await seat.until(lambda: "there is no tag up to here" in seat.text)
        await seat.press("n", "E")
        await seat.until(lambda: "this tag names no evidence" in seat.text)
        await seat.press("slash", *"row", "enter", "E")
        await seat.until(lambda: "leave the search first" in seat.text)


async def test_the_command_that_is_reached_is_marked_without_taking_the_focus() -> None:
    async with an_hour(430.0, size=(120, 40)) as seat:
        commands = seat.app.side.commands
        assert "07:10▸● sudo apt-get update" in seat.text
        assert commands.border_subtitle == "runs until 08:14"
        await seat.press("c")
        await seat.press("down", "down", "down")
        chosen = commands.highlighted
        seat.app.player.seek(800.0)
        await seat.at(800.0)
        await seat.pass_time(0)
        assert commands.highlighted == chosen
        assert commands.has_focus
        assert "13:20▸\N{MULTIPLICATION SIGN} sudo apt-get inst" in seat.text
        assert "07:10 ● sudo apt-get update" in seat.text
        seat.app.player.seek(806.0)
        await seat.at(806.0)
        await seat.until(lambda: commands.border_subtitle == "ended 13:23 · failed")


async def test_at_32_times_no_more_pictures_are_asked_for_than_answered() -> None:
    gate = threading.Event()
    gate.set()
    async with run_replay(make_feed()) as seat:
        await seat.press(*["plus"] * 5)
        assert " 32x " in seat.status
        seat.feed.gate = gate
        gate.clear()
        before = seat.feed.pictures
        await seat.press("space")
        for _ in range(5):
            await seat.pass_time(0.05)
        await seat.until(lambda: seat.feed.pictures == before + 1)
        for _ in range(5):
            await seat.pass_time(0.05)
        assert seat.feed.pictures == before + 1
        gate.set()
        await seat.until(lambda: not seat.app.player.is_waiting(seat.clock.now))
        reached = seat.app.player.transport.position
        await seat.pass_time(1.0)
        await seat.at(reached + 32.0)


async def test_a_beat_that_changes_nothing_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with an_hour(1000.0, size=(120, 40)) as seat:
        timeline, drawn = seat.app.timeline, []
        monkeypatch.setattr(timeline, "refresh", lambda *_, **__: drawn.append(1))
        for _ in range(3):
            await seat.pass_time(0.05)
        seat.app.player.seek(1001.0)  # in the same column
        await seat.at(1001.0)
        assert drawn == []
        seat.app.player.seek(1100.0)
        await seat.at(1100.0)
        assert drawn


@pytest.mark.parametrize("size", [(38, 12), (80, 24), (120, 31), (200, 60)])
async def test_every_terminal_has_a_timeline_and_a_screen(size: tuple[int, int]) -> None:
    async with an_hour(2003.0, size=size) as seat:
        assert seat.app.timeline.size.width == size[0]
        assert seat.app.stage.size.height >= min(size[1] - 2, 24)
        await seat.press("I", "E", "colon", "5", "enter")
        await seat.at(5.0)


async def test_a_live_line_reaches_to_the_end_of_the_clock_and_counts_go_on() -> None:
    feed = hour_feed()
    feed.grow(600.0)
    feed.counted = Activity(outputs=(1,) * 600, inputs=(0,) * 600)
    async with run_replay(feed, size=(121, 40), live=True, ready=False) as seat:
        timeline = seat.app.timeline
        await seat.until(lambda: timeline.data.periods and timeline.data.activity.outputs)
        assert timeline.scale.end == HOUR
        assert "·" in seat.text.split("\n")[-3]
        feed.counted = Activity(outputs=(1,) * 601, inputs=(0,) * 601)
        feed.grow(601.0, live=False)
        await seat.until(lambda: len(timeline.data.activity.outputs) == 601)
        await seat.until(lambda: timeline.scale.end == 601.0)
