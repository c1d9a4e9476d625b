"""The desk in the running seat: beside the screen, under it, in a line, alone; and its keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from recorder.errors import ControlError
from recorder.recording.journal import ExerciseChosen
from tests.tui.seat.scene import NOW, findings, journal, live_feed, note, opening, page
from tests.tui.seat.support import FakeFeed, Seat, run_replay
from tui.seat.asking import AskScreen
from tui.seat.keys.replay import ACTIONS
from tui.seat.panels.desk_actions import WITHOUT_SCREEN
from tui.seat.reading_out import ReadOutScreen


@asynccontextmanager
async def watching(
    feed: FakeFeed | None = None, *, size: tuple[int, int] = (120, 40), **options: Any
) -> AsyncIterator[Seat]:
    """A live seat whose desk has been read."""
    feed = feed or live_feed()
    sidebar = options.get("sidebar", False)
    async with run_replay(
        feed, size=size, live=options.pop("live", True), ready=not sidebar, **options
    ) as seat:
        await seat.until(lambda: feed.told == len(feed.journal) and seat.app.desk.started)
        await seat.until(lambda: len(seat.app.player.tags) == len(feed.found.tags))
        await seat.pass_time(0)
        yield seat


def marked(seat: Seat) -> str | None:
    tag = seat.app.marked_tag()
    return None if tag is None else tag.id


async def test_a_live_seat_has_the_desk_beside_the_screen() -> None:
    async with watching() as seat:
        await seat.until(lambda: "Commands 3" in seat.text)
        assert seat.app.stage.has_class("-framed")
        for words in ("─ Clock ─", "marketing-page down", "─ Tags 4", "─ Tasks", "They asked 1"):
            assert words in seat.text
        assert "sudo systemctl reload ssh" in seat.text


async def test_where_there_is_no_room_beside_the_desk_lies_below() -> None:
    async with watching(size=(80, 40)) as seat:
        await seat.until(lambda: "─ Clock ─" in seat.text)
        assert seat.app.stage.view.size.height == 24


async def test_in_80_by_24_the_desk_is_a_line_and_the_screen_comes_first() -> None:
    async with watching(size=(80, 24)) as seat:
        await seat.until(lambda: "! marketing-page down" in seat.text)
        assert "─ Clock ─" not in seat.text
        assert seat.app.stage.view.size.height == 22
        await seat.press("b")
        await seat.until(lambda: "─ Clock ─" in seat.text)
        await seat.press("b")
        await seat.until(lambda: "─ Clock ─" not in seat.text)


async def test_b_gives_the_desks_place_to_the_screen_and_back() -> None:
    async with watching() as seat:
        await seat.until(lambda: "─ Clock ─" in seat.text)
        await seat.press("b")
        await seat.until(lambda: "─ Clock ─" not in seat.text)
        assert "marketing-page down" in seat.text
        await seat.press("b")
        await seat.until(lambda: "─ Clock ─" in seat.text)


async def test_news_of_the_journal_is_seen_as_it_comes() -> None:
    async with watching() as seat:
        seat.feed.journal.append(page(2401.0))
        seat.feed.grow(2402.0)
        await seat.until(lambda: "marketing-page answers" in seat.text)
        assert "! marketing-page" not in seat.text


async def test_r_looks_back_while_the_desk_stays_in_the_present_and_l_returns() -> None:
    async with watching() as seat:
        await seat.press("r")
        await seat.at(NOW - 30)
        assert "00:30 BEHIND · l: live" in seat.status
        seat.feed.journal.append(page(2409.0))
        seat.feed.grow(2410.0)
        await seat.until(lambda: "marketing-page answers" in seat.text)
        assert "00:40 BEHIND" in seat.status
        assert "14:40:10" in seat.text or ":40:10" in seat.text
        await seat.press("l")
        await seat.at(2410.0)
        assert "BEHIND" not in seat.status
        assert "LIVE" in seat.status


async def test_after_the_end_l_says_that_there_is_no_present() -> None:
    feed = live_feed()
    feed.overview = replace(feed.overview, live=False)
    async with watching(feed, live=False) as seat:
        await seat.press("l")
        await seat.until(lambda: "the session has ended" in seat.text)


async def test_e_shows_what_to_read_out_the_current_first() -> None:
    async with watching() as seat:
        await seat.press("e")
        await seat.until(lambda: isinstance(seat.app.screen, ReadOutScreen))
        await seat.until(lambda: "▸ now  Work" in seat.text)
        assert "Marketing wants to write a blog" in seat.text
        before = seat.text
        await seat.press("j", "j", "j")
        await seat.until(lambda: seat.text != before)
        await seat.press("escape")
        assert not isinstance(seat.app.screen, ReadOutScreen)


async def test_d_tells_more_and_once_more_tells_less() -> None:
    async with watching(size=(140, 50)) as seat:
        await seat.until(lambda: "From outside" in seat.text)
        assert "What answers with TLS" not in seat.text
        await seat.press("d")
        await seat.until(lambda: "What answers with TLS" in seat.text)
        await seat.press("d")
        await seat.until(lambda: "What answers with TLS" not in seat.text)


async def test_in_a_replay_d_shows_the_desk_as_of_the_position() -> None:
    feed = live_feed()
    feed.overview = replace(feed.overview, live=False)
    async with watching(feed, live=False) as seat:
        assert "─ Clock ─" not in seat.text
        await seat.press("d")
        await seat.until(lambda: "─ Clock ─" in seat.text)
        seat.app.player.seek(1000.0)
        await seat.at(1000.0)
        await seat.until(lambda: "● marketing-page answers" in seat.text)
        seat.app.player.seek(1900.0)
        await seat.at(1900.0)
        await seat.until(lambda: "! marketing-page down" in seat.text)
        await seat.press("d")
        await seat.until(lambda: "─ Clock ─" not in seat.text)
        assert "Tags 4" in seat.text


async def test_j_and_k_mark_a_tag_whose_question_is_shown_and_which_is_judged() -> None:
    async with watching() as seat:
        await seat.until(lambda: "How do you know" in seat.text)
        await seat.press("j")
        await seat.until(lambda: "What did you think" in seat.text)
        await seat.press("y")
        await seat.until(lambda: seat.feed.said)
        assert [judged[:2] for judged in seat.feed.said] == [("t3", "confirmed")]
        await seat.press("k")
        await seat.until(lambda: "How do you know" in seat.text)


async def test_a_new_tag_takes_the_mark_unless_somebody_has_chosen_one() -> None:
    async with watching() as seat:
        feed = seat.feed
        newest = replace(feed.found.tags[-1], id="t5", t=2399.0)
        await seat.press("j")
        feed.found = replace(feed.found, tags=(*feed.found.tags, newest))
        await seat.until(lambda: len(seat.app.desk.tags) == 5)
        assert marked(seat) == "t3"
        await seat.press("k", "k", "k")
        assert marked(seat) == "t5"


async def test_t_lets_somebody_choose_a_tag_and_enter_goes_to_its_moment() -> None:
    async with watching() as seat:
        await seat.press("t")
        assert seat.app.desk_column.has_focus
        await seat.press("down", "enter")
        await seat.at(1856.0)
        assert not seat.app.desk_column.has_focus
        assert "BEHIND" in seat.status


async def test_in_a_small_terminal_t_lays_the_desk_over_the_screen_until_a_tag_is_chosen() -> None:
    async with watching(size=(80, 24)) as seat:
        await seat.press("t")
        await seat.until(lambda: "─ Clock ─" in seat.text or "━ Tags" in seat.text)
        await seat.press("enter")
        await seat.at(2096.0)
        await seat.until(lambda: "━ Tags" not in seat.text)


async def test_a_click_marks_a_tag_and_a_double_click_goes_there() -> None:
    async with watching() as seat:
        await seat.until(lambda: "Apache was stopped" in seat.text)
        rows = [line.find("Apache was stopped") for line in seat.text.split("\n")]
        y = next(index for index, x in enumerate(rows) if x >= 0)
        await seat.pilot.click(offset=(rows[y], y))
        await seat.until(lambda: marked(seat) == "t3")
        y = next(i for i, line in enumerate(seat.text.split("\n")) if "Apache was stopped" in line)
        await seat.pilot.click(offset=(100, y), times=2)
        await seat.at(1856.0)


def before_the_start() -> FakeFeed:
    entries = [each for each in journal() if each.event != "clock-started" and each.t < NOW]
    return live_feed(journal=entries)


async def test_S_starts_the_clock_after_a_yes() -> None:  # noqa: N802 - the key's name
    async with watching(before_the_start()) as seat:
        await seat.until(lambda: "Clock not started" in seat.text)
        await seat.press("S")
        await seat.until(lambda: isinstance(seat.app.screen, AskScreen))
        await seat.press("n")
        await seat.until(lambda: not isinstance(seat.app.screen, AskScreen))
        assert seat.feed.clock_starts == 0
        await seat.press("S")
        await seat.until(lambda: isinstance(seat.app.screen, AskScreen))
        await seat.press("y")
        await seat.until(lambda: "Clock not started" not in seat.text)
        assert "60:00 in all" in seat.text
        assert seat.feed.clock_starts == 1


async def test_with_one_processor_there_is_a_thread_that_starts_the_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("os.cpu_count", "os.process_cpu_count"):
        monkeypatch.setattr(name, lambda: 1, raising=False)
    async with watching(before_the_start()) as seat:
        await seat.press("S")
        await seat.until(lambda: isinstance(seat.app.screen, AskScreen))
        await seat.press("y")
        await seat.until(lambda: seat.feed.clock_starts == 1)
        await seat.press("S")
        await seat.until(lambda: "the clock runs already" in seat.text)


async def test_a_clock_that_nobody_can_start_says_why() -> None:
    feed = before_the_start()
    feed.no_clock = ControlError("no `jumpseat serve` is running", "start it")
    async with watching(feed) as seat:
        await seat.press("S", "y")
        await seat.until(lambda: "no `jumpseat serve` is running" in seat.text)


async def test_an_announcement_is_loud_on_a_small_screen_too_until_it_is_noted() -> None:
    async with watching(live_feed(2850.0), size=(80, 24)) as seat:
        await seat.until(lambda: "15 minutes left: say so, then press s" in seat.text)
        said = note(9, "announced", 2850.0, subject="15")
        seat.feed.found = replace(findings(), notes=(*findings().notes, said))
        await seat.until(lambda: "say so" not in seat.text)


async def test_what_is_noted_is_the_announcement_that_the_desk_asks_for() -> None:
    feed = live_feed(2850.0)
    feed.overview = replace(feed.overview, announcements=(30, 15))
    async with watching(feed, size=(80, 24)) as seat:
        await seat.until(lambda: "15 minutes left: say so, then press s" in seat.text)
        await seat.press("s")
        await seat.until(lambda: [each.subject for each in feed.noted] == ["15"])
        await seat.until(lambda: "say so" not in seat.text)


async def test_a_sidebar_has_everything_but_the_screen() -> None:
    async with watching(size=(40, 50), sidebar=True) as seat:
        await seat.until(lambda: "They asked 1" in seat.text)
        assert "c1-1 output" not in seat.text
        assert seat.feed.pictures == 0
        assert all(len(line) <= 40 for line in seat.text.split("\n"))


@pytest.mark.parametrize("size", [(38, 24), (60, 24), (38, 12), (20, 6), (38, 90)])
async def test_a_sidebar_of_any_size_shows_the_clock_or_what_it_needs(
    size: tuple[int, int],
) -> None:
    async with watching(size=size, sidebar=True) as seat:
        await seat.until(lambda: "Clock" in seat.text or "needs" in seat.text)
        assert ("needs" in seat.text) == (size == (20, 6))


async def test_a_sidebar_has_no_keys_for_a_screen_that_is_not_there() -> None:
    assert {each.name for each in ACTIONS} > WITHOUT_SCREEN
    async with watching(size=(60, 40), sidebar=True) as seat:
        await seat.press("r", "left", "space", "b", "slash")
        assert seat.app.player.transport.at_live_end
        assert not seat.app.search_bar.is_open
        await seat.press("t", "enter")
        await seat.until(lambda: "there is no screen here" in seat.text)


async def test_a_plan_that_asks_to_be_markup_is_text() -> None:
    chosen = opening()[1]
    assert isinstance(chosen, ExerciseChosen)
    odd = chosen.model_copy(update={"plan": chosen.plan | {"say": "[b]say[/b] \x1b[2J"}})
    async with watching(live_feed(journal=[opening()[0], odd])) as seat:
        await seat.press("e")
        await seat.until(lambda: "[b]say[/b]" in seat.text)
        assert "\x1b" not in seat.text


async def test_a_terminal_that_shrinks_and_grows_again_moves_the_desk_along() -> None:
    async with watching() as seat:
        await seat.until(lambda: "─ Clock ─" in seat.text)
        await seat.pilot.resize_terminal(80, 24)
        await seat.until(lambda: "─ Clock ─" not in seat.text)
        await seat.until(lambda: seat.app.stage.view.size == (80, 22))
        assert "! marketing-page down" in seat.text
        await seat.pilot.resize_terminal(120, 40)
        await seat.until(lambda: "─ Clock ─" in seat.text)


async def test_the_lists_are_not_drawn_again_with_every_beat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with watching() as seat:
        drawn: list[object] = []
        monkeypatch.setattr(seat.app.side.commands, "refresh", lambda *_, **__: drawn.append(1))
        for _ in range(5):
            seat.app.show_desk()
        assert drawn == []
