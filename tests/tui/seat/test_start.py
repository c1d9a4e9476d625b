"""What is shown of a session before its feed is there, and that the feed takes over from it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from analyzer.activity import Activity
from recorder.errors import SessionNotFoundError
from tests.tui.seat.running import PATIENCE
from tests.tui.seat.support import FakeFeed, make_feed, run_replay
from tui.seat.card.edits import BeBlind
from tui.seat.feed import Beginning, Feed, Findings, Opening


@dataclass
class FakeStart:
    """A beginning and lists that are there, or that come when a test says so."""

    first: Beginning | None = None
    lists: Findings | None = None
    gate: threading.Event | None = None
    closed: threading.Event = field(default_factory=threading.Event)

    def beginning(self) -> Beginning | None:
        if self.gate is not None:
            self.gate.wait(PATIENCE)
        return self.first

    def findings(self) -> Findings | None:
        return self.lists

    def close(self) -> None:
        self.closed.set()
        if self.gate is not None:
            self.gate.set()


def start_of(feed: FakeFeed) -> FakeStart:
    """Return a start that tells what this feed will tell."""
    beginning = Beginning(
        directory=Path("s-1"), overview=feed.overview, picture=feed.picture(0.0, None)
    )
    return FakeStart(beginning, replace(feed.found, preliminary=True))


def opening_after(gate: threading.Event, start: FakeStart) -> Callable[[Feed], Opening]:
    """Return how a feed is opened that is there only once a test says so."""

    def opening(feed: Feed) -> Opening:
        def make() -> Feed:
            gate.wait(PATIENCE)
            return feed

        return Opening(make, start)

    return opening


async def test_session_screen_and_lists_are_there_before_the_feed() -> None:
    feed, gate = make_feed(), threading.Event()
    opening = opening_after(gate, start_of(feed))
    async with run_replay(feed, opening=opening, size=(120, 34)) as seat:
        await seat.shows("Ada Example", "c1-1 output 0.0", "Tags 3", "Commands 3")
        gate.set()


async def test_what_is_asked_for_meanwhile_is_answered_by_the_feed() -> None:
    feed, gate = make_feed(), threading.Event()
    async with run_replay(feed, opening=opening_after(gate, start_of(feed))) as seat:
        seat.app.player.seek(30.0)
        seat.app.beat()
        asked = feed.pictures
        await seat.pass_time(1.0)
        assert seat.app.player.is_asking
        assert feed.pictures == asked
        gate.set()
        await seat.at(30.0)
        await seat.shows("c1-1 output 30.0")


async def test_what_was_asked_for_and_left_again_is_not_shown_by_the_feed() -> None:
    feed, gate = make_feed(counted=Activity(outputs=(1,), inputs=(0,))), threading.Event()
    async with run_replay(feed, opening=opening_after(gate, start_of(feed))) as seat:
        seat.app.player.seek(30.0)
        seat.app.beat()
        seat.app.player.seek(0.5)
        seat.app.beat()
        await seat.at(0.5)
        asked = feed.pictures
        gate.set()
        # Counted once no wish is left; that which is still wanted is the feed's to answer, too.
        await seat.until(lambda: seat.app.player.activity == feed.counted)
        assert feed.pictures == asked + 1
        await seat.at(0.5)


async def test_the_beginning_is_shown_for_as_long_as_nothing_comes() -> None:
    feed, gate = make_feed(), threading.Event()
    async with run_replay(feed, opening=opening_after(gate, start_of(feed)), paused=False) as seat:
        asked = feed.pictures
        await seat.pass_time(0.4)
        await seat.at(0.4)
        await seat.pass_time(0.4)
        await seat.at(0.8)
        assert feed.pictures == asked
        assert not seat.app.player.is_asking
        gate.set()


async def test_what_the_beginning_cannot_know_is_right_once_the_feed_is_there() -> None:
    feed, gate = make_feed(), threading.Event()
    start = start_of(feed)
    feed.frame_size = (100, 24)
    async with run_replay(feed, opening=opening_after(gate, start), size=(120, 34)) as seat:
        frame = seat.app.player.picture and seat.app.player.picture.frame
        assert frame is not None
        assert frame.columns == 80
        gate.set()
        await seat.until(lambda: seat.app.stage.view.frame.columns == 100)  # type: ignore[union-attr]


async def test_lists_that_came_before_a_card_was_said_to_be_blind_are_not_shown() -> None:
    feed, gate, lists = make_feed(), threading.Event(), threading.Event()
    start = start_of(feed)

    def findings() -> Findings | None:
        lists.wait(PATIENCE)
        return feed.found

    start.findings = findings  # type: ignore[method-assign]
    async with run_replay(feed, opening=opening_after(gate, start), ready=False) as seat:
        await seat.until(lambda: seat.app.player.overview is not None)
        seat.app._feed_reader.put_card(BeBlind(blind=True))
        lists.set()
        gate.set()
        await seat.until(lambda: seat.app.player.has_findings)
        assert seat.app.player.tags == ()


@pytest.mark.parametrize("part", ["beginning", "findings"])
async def test_a_start_that_fails_leaves_everything_to_the_feed(part: str) -> None:
    feed, gate = make_feed(), threading.Event()
    gate.set()
    start = start_of(feed)

    def fail() -> None:
        raise OSError(part)

    setattr(start, part, fail)
    async with run_replay(feed, opening=opening_after(gate, start), size=(120, 34)) as seat:
        await seat.shows("c1-1 output 0.0", "Tags 3")


async def test_what_was_noted_before_the_feed_was_there_is_kept_by_whoever_leaves_at_once() -> None:
    feed, gate = make_feed(), threading.Event()
    async with run_replay(feed, opening=opening_after(gate, start_of(feed))) as seat:
        await seat.press("m")
        await seat.press("q")
        gate.set()
    assert [each.kind for each in feed.noted] == ["mark"]


async def test_the_feed_says_what_the_lists_are_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.seat.feed_reader.FINDINGS_RETRY", 0.05)
    feed, gate = make_feed(), threading.Event()
    start = start_of(feed)
    start.lists = replace(feed.found, tags=feed.found.tags[:1], preliminary=True)
    opening = opening_after(gate, start)
    async with run_replay(feed, opening=opening, size=(120, 34), ready=False) as seat:
        await seat.shows("Tags 1")
        gate.set()
        await seat.shows("Tags 3")


async def test_the_feed_begins_although_the_lists_take_their_time() -> None:
    feed, gate, lists = make_feed(), threading.Event(), threading.Event()
    gate.set()
    start = start_of(feed)
    start.findings = lambda: lists.wait(PATIENCE) and None  # type: ignore[assignment,method-assign,func-returns-value]
    opening = opening_after(gate, start)
    async with run_replay(feed, opening=opening, ready=False) as seat:
        await seat.until(lambda: seat.app.player.overview is not None)
        seat.app.player.seek(30.0)
        seat.app.beat()
        await seat.at(30.0)
        lists.set()


async def test_without_a_beginning_everything_is_the_feeds() -> None:
    feed, gate = make_feed(), threading.Event()
    gate.set()
    async with run_replay(feed, opening=opening_after(gate, FakeStart())) as seat:
        await seat.shows("c1-1 output 0.0")


async def test_a_session_that_is_gone_by_then_ends_the_replay() -> None:
    feed = make_feed()
    error = SessionNotFoundError("it was purged")

    def opening(_feed: Feed) -> Opening:
        def make() -> Feed:
            feed.close()
            raise error

        return Opening(make, start_of(feed))

    async with run_replay(feed, opening=opening, ready=False) as seat:
        await seat.until(lambda: seat.app.failure is not None)
        assert seat.app.failure is error


async def test_whoever_leaves_does_not_wait_for_the_beginning() -> None:
    feed, gate = make_feed(), threading.Event()
    gate.set()
    start = replace(start_of(feed), gate=threading.Event())
    async with run_replay(feed, opening=opening_after(gate, start), ready=False) as seat:
        await seat.press("q")
    assert start.closed.is_set()
