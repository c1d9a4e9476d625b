"""Who judges without the machine's tags sees none of them in any panel, until their card is in."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from analyzer.models.words import RESTS
from tests.tui.seat.beside.support import make_left, make_right, run_two
from tests.tui.seat.hour import hour_feed
from tests.tui.seat.running import PATIENCE
from tests.tui.seat.scene import live_feed
from tests.tui.seat.support import VIEWER, FakeFeed, make_feed, run_replay
from tui.seat.card.edits import Explain, Rate, Recommend, Say, Step, Submit
from tui.seat.feed import HIDDEN, Findings

WORDS = ("Apache was stopped", "Upgraded packages", "lockout tested")


def whole(feed: FakeFeed) -> list[Step]:
    steps: list[Step] = [Rate(each.id, 0) for each in feed.cards.known]
    return [*steps, Recommend(3), Say("reason", "on the whole"), Explain("ssh", "x")]


def titles_of(feed: FakeFeed) -> list[str]:
    found = feed.found
    return [found.titles.get(e.signal) or e.signal.replace("-", " ") for e in found.tags]


@pytest.mark.parametrize(
    ("size", "options"),
    [
        ((120, 40), {}),
        ((80, 24), {}),
        ((120, 40), {"live": True}),
        ((80, 24), {"live": True}),
        ((44, 60), {"live": True, "sidebar": True}),
    ],
    ids=["replay-wide", "replay", "live-wide", "live", "sidebar"],
)
async def test_no_panel_shows_a_tag_and_one_line_says_why(
    size: tuple[int, int], options: dict[str, Any]
) -> None:
    feed = live_feed() if options.get("live") else make_feed()
    # What the scene's tags alone tell, and what only they suggest.
    told = [*titles_of(feed), *feed.found.questions.values()]
    assert len(told) >= 3
    feed.cards.blind.add(VIEWER)
    async with run_replay(feed, size=size, ready=False, **options) as seat:
        app = seat.app
        await seat.until(lambda: app.player.has_findings and HIDDEN in seat.text)
        if not options.get("live"):
            app.player.seek(119.0)
        await seat.pass_time(0)
        for keys in (
            (),
            ("t",),
            ("escape", "d"),
            ("escape", "n"),
            ("escape", "E"),
            ("escape", "y"),
        ):
            await seat.press(*keys)
            await seat.pass_time(0)
            for words in told:
                assert words[:18] not in seat.text, (keys, words)
        assert app.player.tags == ()
        assert app.desk.tags == ()
        assert not any(each.kind is None for each in app.timeline.data.ticks)
        assert app.marked_tag() is None
        assert feed.said == []


async def test_which_task_is_worked_on_stays_and_what_kind_of_work_it_is_goes() -> None:
    feed = hour_feed()
    kinds = {each.activity.replace("-", " ") for each in feed.found.phases} - RESTS
    assert len(kinds) > 2
    feed.cards.blind.add(VIEWER)
    async with run_replay(feed, size=(120, 40), ready=False) as seat:
        await seat.until(lambda: HIDDEN in seat.text and seat.app.timeline.data.segments)
        segments = seat.app.timeline.data.segments
        assert {each.number for each in segments} > {0}
        told = {words for each in segments for _, words in each.parts}
        assert told <= RESTS | {""}
        for each in segments:
            seat.app.player.seek((each.start + each.until) / 2)
            await seat.pass_time(0)
            assert [kind for kind in kinds if kind in seat.text] == []


async def test_tags_come_by_themselves_when_the_card_is_in() -> None:
    feed = make_feed()
    feed.cards.required = True
    feed.cards.asked = (VIEWER,)
    feed.cards.take(VIEWER, whole(feed))
    async with run_replay(feed, size=(120, 40)) as seat:
        await seat.until(lambda: HIDDEN in seat.text and "hidden" in seat.text)
        await seat.press("C")
        await seat.until(lambda: seat.app.filling.folder is not None)
        assert HIDDEN in seat.text
        await seat.press("S", "y")
        await seat.until(lambda: len(seat.app.player.tags) == 3)
        await seat.press("escape")
        await seat.until(lambda: "Apache was stopped" in seat.text and HIDDEN not in seat.text)


async def test_tags_come_when_the_card_was_put_in_elsewhere() -> None:
    feed = make_feed()
    feed.cards.blind.add(VIEWER)
    async with run_replay(feed, size=(120, 40)) as seat:
        await seat.until(lambda: HIDDEN in seat.text)
        feed.cards.take(VIEWER, [*whole(feed), Submit()])
        await seat.until(lambda: len(seat.app.player.tags) == 3)


async def test_one_key_chooses_to_judge_without_tags_and_another_time_with_them() -> None:
    feed = make_feed()
    async with run_replay(feed, size=(120, 40)) as seat:
        await seat.until(lambda: "Apache was stopped" in seat.text)
        await seat.press("n")
        assert seat.app.evidence.tag is not None
        await seat.press("C")
        await seat.until(lambda: seat.app.filling.folder is not None)
        await seat.press("B")
        await seat.until(lambda: seat.app.player.tags == ())
        assert seat.app.evidence.tag is None
        assert VIEWER in feed.cards.blind
        await seat.press("escape")
        await seat.until(lambda: HIDDEN in seat.text and "Apache was stopped" not in seat.text)
        await seat.press("C", "B")
        await seat.until(lambda: len(seat.app.player.tags) == 3)


async def test_who_chooses_it_before_the_lists_are_there_has_no_tags_in_them() -> None:
    feed, read, gate = make_feed(), threading.Event(), threading.Event()
    findings = feed.findings

    def late() -> Findings:
        found = findings()
        read.set()
        gate.wait(PATIENCE)
        return found

    feed.findings = late  # type: ignore[method-assign]
    async with run_replay(feed, size=(120, 40), ready=False) as seat:
        await seat.at(0.0)
        await seat.until(read.is_set)
        await seat.press("C")
        await seat.until(lambda: seat.app.filling.folder is not None)
        await seat.press("B")

        def knows() -> bool:
            folder = seat.app.filling.folder
            return folder is not None and not folder.standing.sees_tags

        await seat.until(knows)
        await seat.press("escape")
        gate.set()
        await seat.until(lambda: seat.app.player.hides_tags and not seat.app.player.tags)


async def test_once_the_card_is_in_there_is_nothing_to_hide() -> None:
    feed = make_feed()
    feed.cards.take(VIEWER, [*whole(feed), Submit()])
    async with run_replay(feed) as seat:
        await seat.press("C")
        await seat.until(lambda: seat.app.filling.folder is not None)
        await seat.press("B")
        await seat.until(lambda: "tags are there to be seen" in seat.text)
        assert feed.cards.blind == set()


async def test_the_comparison_hides_the_tags_of_the_one_and_of_both_in_its_table() -> None:
    left, right = make_left(), make_right()
    left.cards.blind.add(VIEWER)
    assert left.found.tags
    async with run_two(left, right) as two:
        await two.shows("tags hidden")
        assert two.app.pair.players[0].tags == ()
        assert two.app.pair.players[1].tags
        await two.press("t")
        await two.shows(HIDDEN)
        for title in left.found.titles.values():
            assert title not in two.text


async def test_an_exercise_that_asks_for_it_binds_those_who_are_asked() -> None:
    feed = make_feed()
    feed.cards = replace(feed.cards, required=True, asked=("ben",))
    async with run_replay(feed, size=(120, 40)) as seat:
        await seat.until(lambda: "Apache was stopped" in seat.text)
        assert HIDDEN not in seat.text
