from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from textual.widgets import Input

from recorder.control.messages import Allow, Close, Extend, StartClock
from recorder.errors import AddressError, ControlError, StoreError
from tests.tui.seat.home.support import Desk, FakeHome, Present, a_live_one, a_sitting, run_home
from tui.seat.home.app import HomeApp
from tui.seat.home.keys import ACTIONS
from tui.seat.home.late import LateHome
from tui.seat.home.questions import Done
from tui.seat.home.sittings import View
from tui.seat.keys.action import Action

LIVE, OTHER, DONE = "live-1", "done-2", "done-3"


def three() -> FakeHome:
    return FakeHome(
        rows=[
            a_live_one(LIVE),
            a_sitting(OTHER, 2, candidate="Bo Sample", topics=(("firewall", 1),)),
            a_sitting(DONE, 3, candidate="Cy Sample"),
        ]
    )


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
async def test_each_key_runs_its_action(action: Action, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(HomeApp, f"action_{action.name}", lambda _app: ran.append(action.name))
    async with run_home(three(), can_compare=True, can_debrief=True) as desk:
        await desk.press(*action.keys)
    assert ran == [action.name] * len(action.keys)


async def test_enter_opens_the_marked_session_and_the_view_is_kept() -> None:
    feed = three()
    async with run_home(feed) as desk:
        await desk.press("S", "down", "down", "up", "enter")
    choice = desk.app.return_value
    assert choice is not None
    assert [each.id for each in choice.sessions] == [OTHER]
    async with run_home(feed, view=choice.view) as desk:
        assert desk.marked == OTHER
        assert desk.app.view.sort == "candidate"


async def test_what_was_known_is_shown_before_anything_is_read() -> None:
    feed = three()
    feed.failure = StoreError("locked", "wait")
    view = View(rows=tuple(feed.rows), marked=DONE, query="sample")
    async with run_home(feed, view=view) as desk:
        assert (desk.listed, desk.marked) == ([OTHER, DONE], DONE)
        await desk.shows("Cy Sample", "2 of 3")


async def test_the_mark_moves_by_rows_by_pages_and_to_both_ends() -> None:
    feed = FakeHome(rows=[a_sitting(f"s-{n:02}", n) for n in range(60)])
    async with run_home(feed) as desk:
        await desk.press("j", "down", "k")
        assert desk.marked == "s-01"
        await desk.press("pagedown")
        page = desk.app.listing.page
        assert desk.marked == f"s-{1 + page:02}"
        await desk.press("pageup", "G")
        assert desk.marked == "s-59"
        await desk.until(lambda: "11-18 01:30" in desk.text or desk.app.listing.scroll_offset.y)
        await desk.press("down", "g")
        assert desk.marked == "s-00"
        assert desk.app.listing.scroll_offset.y == 0


async def test_a_click_marks_and_a_second_one_opens() -> None:
    async with run_home(three()) as desk:
        await desk.pilot.click("#table", offset=(10, 2))
        await desk.until(lambda: desk.marked == DONE)
        await desk.pilot.click("#table", offset=(10, 2), times=2)
    assert desk.app.return_value is not None
    assert desk.app.return_value.sessions[0].id == DONE


async def test_q_leaves_without_a_choice() -> None:
    async with run_home(three()) as desk:
        await desk.press("q")
    assert desk.app.return_value is None


async def test_typing_filters_at_once_and_escape_shows_all_again() -> None:
    async with run_home(three()) as desk:
        await desk.press("slash")
        await desk.type("sample")
        await desk.until(lambda: desk.listed == [OTHER, DONE])
        await desk.shows("2 of 3")
        await desk.type(" firewall")
        await desk.until(lambda: desk.listed == [OTHER])
        await desk.type(" nowhere")
        await desk.shows("No session has all of these words")
        await desk.press("escape")
        await desk.until(lambda: len(desk.listed) == 3)
        assert not desk.app.finder.has_class("-on")


async def test_letters_typed_into_the_filter_are_no_keys_and_enter_goes_to_the_list() -> None:
    async with run_home(three()) as desk:
        await desk.press("slash")
        await desk.type("cyqn")
        assert desk.app.query_input.value == "cyqn"
        await desk.press("backspace", "backspace", "enter")
        await desk.until(lambda: desk.listed == [DONE])
        assert desk.app.return_value is None
        await desk.press("enter")
    assert desk.app.return_value is not None
    assert desk.app.return_value.view.query == "cy"


async def test_sorting_keeps_the_mark() -> None:
    async with run_home(three()) as desk:
        await desk.press("down")
        assert desk.marked == OTHER
        await desk.press("S", "S")
        assert desk.app.view.sort == "tags"
        assert (desk.marked, desk.listed) == (OTHER, [LIVE, DONE, OTHER])
        await desk.shows("most tags first")


async def test_sessions_come_and_go_while_the_list_is_shown_and_the_mark_stays() -> None:
    feed = three()
    async with run_home(feed) as desk:
        await desk.press("down")
        feed.rows = [*feed.rows, a_live_one("new", 0.1, candidate="Di Sample")]
        await desk.shows("Di Sample", "2 live")
        assert desk.marked == OTHER
        feed.rows = [row for row in feed.rows if row.id != OTHER]
        await desk.until(lambda: OTHER not in desk.listed)
        assert desk.marked == DONE


async def test_clocks_go_on_between_two_readings() -> None:
    feed = three()
    async with run_home(feed) as desk:
        await desk.shows("38:00 left")
        desk.clock.now += timedelta(seconds=61)
        desk.app.beat()
        await desk.shows("36:59 left")


async def test_no_sessions_says_how_to_get_one() -> None:
    async with run_home(FakeHome(rows=[])) as desk:
        await desk.shows("No session was recorded yet.", "jumpseat demo")
        await desk.press("enter", "down", "c", "A")
        assert not desk.app._exit
        assert len(desk.app.screen_stack) == 1


async def test_a_lost_store_is_a_banner_that_goes_by_itself() -> None:
    feed = three()
    async with run_home(feed) as desk:
        feed.failure = StoreError("the database is gone", "put it back")
        await desk.shows("! the database is gone; put it back; trying again", "Ada Example")
        feed.failure = None
        await desk.shows("the sessions can be listed again")
        await desk.until(lambda: "the database is gone" not in desk.text)
        assert not desk.app._exit


async def test_a_store_that_is_lost_from_the_start_is_waited_for() -> None:
    feed = three()
    feed.failure = StoreError("locked", "wait")
    async with run_home(feed) as desk:
        await desk.shows("! locked; wait")
        feed.failure = None
        # Also the names of the columns, which had no room before there was a list.
        await desk.shows("Ada Example", "candidate", "started", "tags")


async def test_an_unforeseen_failure_ends_the_app_and_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    feed = three()

    def broken() -> None:
        raise RuntimeError("unforeseen")

    async with run_home(feed) as desk:
        monkeypatch.setattr(feed, "sittings", broken)
        await desk.until(lambda: desk.app._exit)
    assert str(desk.app.failure) == "unforeseen"


async def test_a_session_that_cannot_be_read_is_shown_and_not_opened() -> None:
    broken = a_sitting("bad", 9, state="unreadable", problem="its journal is gone")
    async with run_home(FakeHome(rows=[a_sitting("good"), broken])) as desk:
        await desk.press("end", "enter")
        await desk.shows("? damaged", "bad: its journal is gone", "cannot be read")
        assert not desk.app._exit


async def test_two_sessions_are_opened_side_by_side_where_that_can_be_had() -> None:
    async with run_home(three(), can_compare=True) as desk:
        await desk.press("b", "b", "b")
        await desk.until(lambda: "▸" in desk.text)
        await desk.press("down", "down", "b")
    choice = desk.app.return_value
    assert choice is not None
    assert [each.id for each in choice.sessions] == [LIVE, DONE]
    async with run_home(three()) as desk:
        await desk.press("b")
        assert desk.app.view.beside is None
        offered = [each.title for each in desk.app.get_system_commands(desk.app.screen)]
        assert offered == [each.words for each in ACTIONS if each.name not in {"beside", "debrief"}]


async def test_the_debrief_of_the_marked_session_is_opened_where_that_can_be_had() -> None:
    async with run_home(three(), can_debrief=True) as desk:
        await desk.press("down", "d")
    choice = desk.app.return_value
    assert choice is not None
    assert ([each.id for each in choice.sessions], choice.debrief) == ([OTHER], True)
    assert choice.view.marked == OTHER
    async with run_home(three()) as desk:
        await desk.press("d")
        assert not desk.app._exit


async def test_orders_are_asked_and_given() -> None:
    feed = three()
    async with run_home(feed) as desk:
        for key, words, wanted in (
            ("s", "Start the clock", StartClock(session=LIVE)),
            ("plus", "5 minutes more?", Extend(session=LIVE, minutes=5)),
            ("c", "Close Ada Example's session", Close(session=LIVE)),
        ):
            await desk.press(key)
            await desk.shows(words)
            await desk.press("escape")
            await desk.until(lambda: len(desk.app.screen_stack) == 1)
            assert feed.orders == []
            await desk.press(key)
            await desk.shows(words)
            await desk.press("enter")
            await desk.shows("done as ordered")
            assert feed.orders == [wanted]
            feed.orders.clear()


async def test_an_address_is_typed_refused_and_insisted_on() -> None:
    feed = three()
    feed.refusals = [AddressError("10.0.0.1 was not admitted: it is private", "or --force")]
    async with run_home(feed) as desk:
        await desk.press("A")
        await desk.type("10.0.0.1")
        await desk.press("ctrl+o", "enter")
        await desk.shows("it is private", "all the same", "10.0.0.1")
        await desk.press("ctrl+o")
        await desk.shows("done as ordered")
    assert feed.orders == [
        Allow(session=LIVE, address="10.0.0.1"),
        Allow(session=LIVE, address="10.0.0.1", force=True),
    ]


async def test_an_enter_that_comes_as_an_order_is_done_gives_no_second_one() -> None:
    feed = three()
    async with run_home(feed) as desk:
        await desk.press("A")
        asked = desk.app.screen
        asked.post_message(Done("done as ordered"))
        asked.post_message(Input.Submitted(asked.query_one(Input), "10.0.0.1"))
        await desk.shows("done as ordered")
        await desk.until(lambda: len(desk.app.screen_stack) == 1)
        await desk.pilot.pause()
        assert desk.app.is_running
    assert feed.orders == []


async def test_an_order_that_fails_says_why_and_can_be_given_again() -> None:
    feed = three()
    feed.refusals = [ControlError("no `jumpseat serve` is running", "start it")]
    async with run_home(feed) as desk:
        await desk.press("s", "enter")
        await desk.shows("no `jumpseat serve` is running; start it")
        await desk.press("enter")
        await desk.shows("done as ordered")
    assert len(feed.orders) == 2


async def test_only_live_sessions_are_steered() -> None:
    feed = three()
    async with run_home(feed) as desk:
        await desk.press("down", "c")
        await desk.shows("only a live session can be steered")
        assert len(desk.app.screen_stack) == 1
    assert feed.orders == []


async def test_a_viewer_who_may_not_steer_sees_and_opens_only() -> None:
    feed = three()
    async with run_home(feed, steers=False) as desk:
        await desk.press("n", "A", "s", "plus", "c")
        assert len(desk.app.screen_stack) == 1
        assert "new" not in desk.app._hints.content.plain
        offered = [each.title for each in desk.app.get_system_commands(desk.app.screen)]
        assert "New session" not in offered
        await desk.press("question_mark")
        await desk.shows("Find: name, tag, state")
        assert "New session" not in desk.text
        await desk.press("escape", "enter")
    assert desk.app.return_value is not None
    assert feed.orders == []


async def test_the_feed_is_made_in_a_thread_and_tried_again_where_it_cannot_be() -> None:
    made: list[threading.Thread] = []

    def make() -> FakeHome:
        made.append(threading.current_thread())
        if len(made) == 1:
            raise StoreError("newer than the program", "update it")
        return three()

    app = HomeApp(LateHome(make), clock=Present())
    desk = Desk(app, FakeHome(), Present())
    async with app.run_test(message_hook=desk.hear) as desk.pilot:
        await desk.shows("! newer than the program; update it")
        await desk.shows("Ada Example")
    assert len(made) == 2
    assert threading.main_thread() not in made


async def test_the_help_covers_the_list_until_a_key_closes_it() -> None:
    async with run_home(three()) as desk:
        await desk.press("question_mark")
        await desk.shows("New session", "States")
        await desk.press("escape")
        await desk.until(lambda: len(desk.app.screen_stack) == 1)


@pytest.mark.parametrize("size", [(20, 5), (38, 12), (300, 90)])
async def test_odd_terminals_are_borne(size: tuple[int, int]) -> None:
    async with run_home(size=size) as desk:
        await desk.press("n", "escape", "question_mark", "escape", "slash", "a", "escape", "A")
        await desk.pilot.resize_terminal(80, 24)
        await desk.until(lambda: desk.app.size.width == 80)
