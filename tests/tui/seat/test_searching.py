"""Searching in the replay: keys, hits, highlights, and that nothing waits for a search."""

from __future__ import annotations

import threading
from dataclasses import replace

from rich.segment import Segment
from textual import events

from analyzer.cells import Frame, Run, Style
from analyzer.search.find import Found, Hit
from analyzer.search.joined import Place
from analyzer.search.query import Matcher, Query
from recorder.errors import RecordingError
from tests.tui.seat.support import FIRST, SECOND, FakeFeed, Seat, make_feed, run_replay
from tui.seat.drawing import draw_frame
from tui.seat.feed import Terminal
from tui.seat.highlights import draw_marks, find_marks
from tui.seat.searching import MOST, Search, hit_moments, query_of


def hit(t: float, text: str = "row 7", *, until: float | None = None, **more: object) -> Hit:
    values = {
        "connection": 1,
        "channel": 1,
        "alternate": False,
        "row": 7,
        "column": 0,
        "spans": ((0, 3),),
    }
    return Hit(t=t, until=until, text=text, **(values | more))


HITS = (hit(20.0), hit(20.0, "row 8", row=8), hit(40.0, until=40.0), hit(61.0, connection=2))


def frame_of(*rows: str, columns: int = 20) -> Frame:
    return Frame(
        columns=columns,
        lines=len(rows),
        rows=tuple((Run(f"{row:<{columns}}", Style()),) for row in rows),
        cursor_x=0,
        cursor_y=0,
        cursor_visible=False,
        title="",
    )


def searching(found: tuple[Hit, ...] = HITS, *, more: bool = False) -> Search:
    search = Search()
    search.take(search.begin("row"), Found(hits=found, more=more))
    return search


def feed() -> FakeFeed:
    made = make_feed()
    terminals = (Terminal(key=FIRST, opened=0.0), Terminal(key=SECOND, opened=1.0))
    made.overview = replace(made.overview, terminals=terminals)
    made.hits = HITS
    return made


async def search_for(seat: Seat, text: str) -> None:
    await seat.press("slash")
    await seat.press(*("colon" if each == ":" else each for each in text), "enter")


def state(seat: Seat) -> str:
    return seat.app.sought.words(seat.app.player.transport.position)


def test_steps_go_through_hits_of_one_moment_one_by_one() -> None:
    search = searching()
    assert search.step(5.0, on=True) == HITS[0]
    assert search.words(20.0) == "1 of 4"
    assert search.step(20.0, on=True) == HITS[1]
    assert search.step(20.0, on=True) == HITS[2]
    assert search.words(40.0) == "3 of 4 · scrolled by"
    assert search.step(40.0, on=False) == HITS[1]


def test_steps_begin_where_the_replay_stands() -> None:
    search = searching()
    assert search.step(30.0, on=True) == HITS[2]
    assert search.step(30.0, on=False) == HITS[1]
    assert search.step(61.5, on=True) is None
    assert search.step(1.0, on=False) is None
    assert search.words(1.0) == "4 hits"


def test_an_answer_to_an_older_search_is_left_alone() -> None:
    search = Search()
    old = search.begin("row")
    search.begin("other")
    assert not search.take(old, Found(hits=HITS, more=False))
    assert search.words(0.0) == "searching …"


def test_it_says_when_there_are_more() -> None:
    assert searching(more=True).words(0.0) == "4+ hits"
    assert searching(()).words(0.0) == "nothing was found"


def test_a_prefix_asks_for_a_pattern() -> None:
    assert query_of("re:a.c") == Query(text="a.c", regex=True)
    assert query_of("a.c") == Query(text="a.c")


def test_a_row_of_the_list_shows_the_match() -> None:
    long = hit(1.0, "x" * 100 + "needle", spans=((100, 106),))
    (moment,) = hit_moments((long,))
    assert moment.words == "…" + "x" * 16 + "needle"


def test_all_matches_on_the_screen_are_marked_broken_ones_too() -> None:
    frame = frame_of("foo bar foo", "0123456789abcdefghne", "edle", "漢字 foo")
    marks = find_marks(frame, Matcher(Query(text="foo")), Place(0, 8))
    assert [(each.row, each.start, each.end, each.current) for each in marks] == [
        (0, 0, 3, False),
        (0, 8, 11, True),
        (3, 5, 8, False),
    ]
    broken = find_marks(frame, Matcher(Query(text="needle")), None)
    assert [(each.row, each.start, each.end) for each in broken] == [(1, 18, 20), (2, 0, 4)]
    whole = find_marks(frame_of("abcd", columns=4), Matcher(Query(text="abcd")), None)
    assert [(each.row, each.start, each.end) for each in whole] == [(0, 0, 4)]


def test_marks_change_how_cells_look_and_never_what_they_say() -> None:
    frame = frame_of("a needle 漢字 here")
    plain = draw_frame(frame)
    marked = draw_marks(plain, find_marks(frame, Matcher(Query(text="字")), None))
    assert [each.text for each in marked] == [each.text for each in plain]
    assert [each.cell_length for each in marked] == [each.cell_length for each in plain]
    changed: list[Segment] = [each for each in marked[0] if each.text == "字"]
    style = changed[0].style
    before = plain[0]._segments[0].style
    assert style is not None
    assert before is not None
    # Reversed: seen without colours too, and then the ink is what lies behind the text.
    assert style.reverse
    assert style.color != before.bgcolor


async def test_enter_goes_to_the_next_hit_and_n_and_p_step() -> None:
    async with run_replay(feed()) as seat:
        await search_for(seat, "row")
        await seat.at(20.0)
        assert state(seat) == "1 of 4"
        assert not seat.app.player.transport.playing
        await seat.press("n")
        assert state(seat) == "2 of 4"
        await seat.press("n")
        await seat.at(40.0)
        await seat.press("N", "p")
        await seat.at(20.0)
        assert state(seat) == "1 of 4"
        assert seat.app.search_bar.is_open


async def test_a_hit_shows_its_own_terminal_and_leaving_follows_again() -> None:
    async with run_replay(feed()) as seat:
        await search_for(seat, "row")
        await seat.at(20.0)
        await seat.press("n", "n", "n")
        await seat.at(61.0)
        assert seat.app.player.pinned == SECOND
        await seat.press("escape")
        assert seat.app.player.pinned is None
        assert not seat.app.search_bar.is_open
        assert not seat.app.sought.is_on


async def test_hits_take_the_place_of_the_tags_and_can_be_chosen() -> None:
    async with run_replay(feed(), size=(140, 40)) as seat:
        await search_for(seat, "row")
        await seat.at(20.0)
        side = seat.app.side
        assert (side.hits.display, side.tags.display) == (True, False)
        assert side.hits.border_title == "Hits 4"
        await seat.press("t", "end", "down", "down", "enter")
        await seat.until(lambda: seat.app.player.transport.position == 40.0)
        assert seat.app.player.pinned == FIRST
        await seat.press("escape")
        assert (side.hits.display, side.tags.display) == (False, True)
        await seat.press("n")
        assert seat.app.player.transport.position not in {each.t for each in HITS}


async def test_the_screen_shows_the_matches() -> None:
    async with run_replay(feed()) as seat:
        view = seat.app.stage.view
        before = list(view._strips)
        await search_for(seat, "row")
        await seat.at(20.0)
        await seat.until(lambda: view._hit is not None)
        assert view._hit is not None
        assert (view._hit.row, view._hit.start, view._hit.end) == (7, 0, 3)
        assert view._strips[3] != before[3]
        await seat.press("escape")
        await seat.until(lambda: view._hit is None)
        assert view._strips[3] == before[3]


async def test_letters_that_are_keys_can_be_typed() -> None:
    async with run_replay(feed()) as seat:
        await seat.press("slash", *"qn", "question_mark", "space", "slash")
        assert seat.app.search_bar.entry.value == "qn? /"
        assert seat.app.is_running


async def test_keys_that_come_all_at_once_are_typed() -> None:
    async with run_replay(feed()) as seat:
        for key, character in (("slash", "/"), ("q", "q"), ("g", "g"), ("slash", "/")):
            seat.app.post_message(events.Key(key, character))
        await seat.until(lambda: seat.app.search_bar.entry.value == "qg/")
        assert seat.app.is_running


async def test_a_hit_that_is_chosen_as_the_search_is_left_leads_nowhere() -> None:
    async with run_replay(feed()) as seat:
        await seat.press("slash", *"row", "enter")
        await seat.at(20.0)
        await seat.press("t")
        for key, character in (("enter", "\r"), ("escape", None)):
            seat.app.post_message(events.Key(key, character))
        await seat.until(lambda: not seat.app.sought.is_on)
        await seat.pilot.pause()
        assert seat.app.is_running
        assert seat.app.player.transport.position == 20.0


async def test_a_wrong_pattern_is_told_and_can_be_mended() -> None:
    async with run_replay(feed()) as seat:
        await seat.press("slash", *"re", "colon", "left_parenthesis", "enter")
        await seat.until(lambda: seat.app._notifications)
        assert "missing )" in next(iter(seat.app._notifications)).message
        assert seat.app.search_bar.entry.has_focus
        await seat.press("backspace", *"row", "enter")
        await seat.at(20.0)
        assert seat.feed.searched == ["row"]


async def test_nothing_typed_leaves() -> None:
    async with run_replay(feed()) as seat:
        await seat.press("slash", "enter")
        assert not seat.app.search_bar.is_open


async def test_a_search_that_takes_long_holds_nothing_up_and_is_overtaken() -> None:
    made = feed()
    made.search_gate = threading.Event()
    async with run_replay(made) as seat:
        await search_for(seat, "slow")
        await seat.until(lambda: made.searched == ["slow"])
        assert state(seat) == "searching …"
        await seat.press("end")
        await seat.until(lambda: seat.app.player.transport.at_end)
        await seat.press("home")
        await search_for(seat, "row")
        made.search_gate.set()
        await seat.at(20.0)
        assert state(seat) == "1 of 4"
        assert made.searched == ["slow", "row"]


async def test_what_cannot_be_searched_is_told() -> None:
    made = feed()
    made.no_search = RecordingError("the disk is gone")
    async with run_replay(made) as seat:
        await search_for(seat, "row")
        await seat.until(lambda: state(seat) == "the disk is gone")


async def test_after_the_last_hit_it_says_so_and_stays() -> None:
    async with run_replay(feed()) as seat:
        await seat.press("end")
        await search_for(seat, "row")
        await seat.at(61.0)
        assert state(seat) == "4 of 4"
        await seat.press("n")
        await seat.until(lambda: seat.app._notifications)
        assert seat.app.player.transport.position == 61.0


async def test_no_more_hits_than_one_can_look_at_are_asked_for() -> None:
    made = feed()
    made.hits = tuple(hit(n / 100) for n in range(1, MOST + 50))
    async with run_replay(made) as seat:
        await search_for(seat, "row")
        await seat.until(lambda: seat.app.sought.hits)
        assert len(seat.app.sought.hits) == MOST
        assert state(seat).endswith("of 1000+")
