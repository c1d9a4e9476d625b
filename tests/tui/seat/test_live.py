from __future__ import annotations

from dataclasses import replace

from tests.tui.seat.support import FIRST, FakeFeed, make_feed, make_tag, run_replay
from tui.seat.feed import Findings
from tui.seat.transport import State


def live_feed() -> FakeFeed:
    feed = make_feed(found=Findings())
    feed.overview = replace(feed.overview, live=True, duration=30.0)
    return feed


async def test_a_live_session_is_followed_as_it_grows() -> None:
    async with run_replay(live_feed(), live=True) as seat:
        await seat.at(30.0)
        assert "LIVE" in seat.status
        seat.feed.outputs.append((33.0, FIRST))
        seat.feed.grow(33.5)
        await seat.at(33.5)
        assert "c1-1 output 33.0" in seat.text


async def test_tags_appear_as_they_are_found() -> None:
    async with run_replay(live_feed(), live=True, size=(200, 50)) as seat:
        seat.feed.grow(31.0, tags=(make_tag("t", 30.5),))
        await seat.until(lambda: "Tags 1" in seat.text)
        seat.feed.grow(32.0, tags=(make_tag("u", 31.5, "failed"),))
        await seat.until(lambda: "Tags 2" in seat.text)


async def test_pausing_and_jumping_back_leave_the_live_end_and_end_returns_to_it() -> None:
    async with run_replay(live_feed(), live=True) as seat:
        await seat.at(30.0)
        await seat.press("space")
        assert "‖ 00:00 BEHIND" in seat.status
        seat.feed.grow(40.0)
        await seat.until(lambda: "00:30 / 00:40" in seat.status)
        await seat.press("end")
        await seat.at(40.0)
        assert "LIVE" in seat.status
        await seat.press("left")
        await seat.at(35.0)
        assert "▶ 00:05 BEHIND · l: live" in seat.status
        await seat.pass_time(5.0)
        await seat.at(40.0)
        assert "LIVE" in seat.status


async def test_a_live_session_can_be_watched_from_its_beginning() -> None:
    async with run_replay(live_feed()) as seat:
        await seat.at(0.0)
        assert seat.app.player.transport.state is State.PAUSED


async def test_somebody_choosing_keeps_their_row_when_tags_are_added() -> None:
    feed = live_feed()
    feed.found = Findings(tags=(make_tag("b", 20.0), make_tag("c", 25.0)))
    async with run_replay(feed, live=True, size=(200, 50)) as seat:
        await seat.press("t", "down")
        chosen = seat.app.marked_tag()
        assert chosen is not None
        feed.found = Findings(tags=(make_tag("a", 10.0), *feed.found.tags))
        await seat.until(lambda: "Tags 3" in seat.text)
        assert seat.app.marked_tag() == chosen


async def test_the_end_of_the_session_leaves_it_to_be_looked_back_at() -> None:
    async with run_replay(live_feed(), live=True) as seat:
        await seat.at(30.0)
        seat.feed.grow(45.0, live=False, tags=(make_tag("last", 44.0),))
        await seat.at(45.0)
        assert "ENDED" in seat.status
        await seat.until(
            lambda: len(seat.app.player.tags) == 1
        )  # the last look comes after the end
        assert "the session has ended" in seat.text
        await seat.press("p")
        await seat.at(42.0)


async def test_until_closed_leaves_by_itself_after_the_session() -> None:
    async with run_replay(live_feed(), live=True, until_closed=True) as seat:
        await seat.at(30.0)
        seat.feed.grow(31.0, live=False)
        await seat.until(lambda: seat.app._exit)


async def test_until_closed_also_leaves_a_session_that_had_ended_before() -> None:
    async with run_replay(make_feed(), live=True, until_closed=True) as seat:
        await seat.at(120.0)
        await seat.until(lambda: seat.app._exit)


async def test_nobody_having_opened_a_terminal_yet_is_said_until_somebody_does() -> None:
    feed = live_feed()
    terminals = feed.overview.terminals
    feed.overview = replace(feed.overview, terminals=())
    feed.outputs = []
    async with run_replay(feed, live=True) as seat:
        await seat.until(lambda: "Nobody has opened a terminal yet." in seat.text)
        feed.outputs = [(31.0, FIRST)]
        feed.overview = replace(feed.overview, terminals=terminals, duration=32.0)
        await seat.until(lambda: "c1-1 output 31.0" in seat.text)
