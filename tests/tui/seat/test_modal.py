"""A screen over the seat is left once, however many keys come in the moment in which it is left."""

from __future__ import annotations

import pytest
from textual import events

from tests.tui.seat.support import Seat, make_feed, run_replay
from tests.tui.seat.test_live import live_feed
from tui.seat.asking import AskScreen
from tui.seat.card.which_screen import WhichScreen
from tui.seat.choose_screen import ChooseScreen


def press_at_once(seat: Seat, *keys: str) -> None:
    """Give the app keys as a terminal does that hands over several in one go."""
    for key in keys:
        seat.app.post_message(events.Key(key, "\r" if key == "enter" else key))


async def is_left(seat: Seat, kind: type[object]) -> None:
    await seat.until(lambda: not isinstance(seat.app.screen, kind))
    await seat.pilot.pause()


@pytest.mark.parametrize("keys", ["yy", "nn"])
async def test_a_question_takes_its_first_answer_and_the_seat_stays(keys: str) -> None:
    feed = live_feed()
    async with run_replay(feed, live=True) as seat:
        await seat.at(30.0)
        await seat.press("S")
        assert isinstance(seat.app.screen, AskScreen)
        press_at_once(seat, *keys)
        await is_left(seat, AskScreen)
        assert seat.app.is_running
        await seat.until(lambda: feed.clock_starts == keys.count("y") // 2)


async def test_a_label_is_chosen_once_and_the_seat_stays() -> None:
    feed = make_feed()
    async with run_replay(feed) as seat:
        await seat.until(lambda: seat.app.player.tags)
        await seat.press("n", "R")
        assert isinstance(seat.app.screen, ChooseScreen)
        press_at_once(seat, "enter", "enter")
        await is_left(seat, ChooseScreen)
        await seat.until(lambda: feed.said)
        assert seat.app.is_running
        assert len(feed.said) == 1


@pytest.mark.parametrize("key", ["1", "enter"])
async def test_evidence_is_attached_once_and_the_seat_stays(key: str) -> None:
    async with run_replay(make_feed()) as seat:
        await seat.at(0.0)
        await seat.press("A")
        await seat.until(lambda: seat.app.filling.folder is not None)
        assert isinstance(seat.app.screen, WhichScreen)
        press_at_once(seat, key, key)
        await is_left(seat, WhichScreen)
        assert seat.app.is_running
        assert len(seat.app.filling.evidence) == 1
