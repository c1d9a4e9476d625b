from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from recorder.errors import RecordingError, StoreError
from tests.tui.seat.support import (
    FIRST,
    SECOND,
    FakeClock,
    FakeFeed,
    make_command,
    make_feed,
    make_tag,
    run_replay,
)
from tui.seat.app import ReplayApp
from tui.seat.feed import Findings, Overview, Terminal
from tui.seat.help_screen import HelpScreen


def two_terminals() -> dict[str, object]:
    feed = make_feed()
    terminals = (
        Terminal(key=FIRST, opened=0.0, user="candidate"),
        Terminal(key=SECOND, opened=30.0, user="candidate", command="top"),
    )
    return {
        "overview": replace(feed.overview, terminals=terminals),
        "outputs": [(1.0, FIRST), (10.0, FIRST), (31.0, SECOND), (50.0, FIRST), (70.0, SECOND)],
    }


async def test_space_plays_and_pauses_and_the_bar_says_so() -> None:
    async with run_replay() as seat:
        assert "PAUSED" in seat.status
        await seat.press("space")
        assert "PLAYING" in seat.status
        await seat.pass_time(4.0)
        await seat.at(4.0)
        assert "00:04 / 02:00" in seat.status
        assert "c1-1 output 4.0" in seat.text
        await seat.press("space")
        await seat.pass_time(30.0)
        await seat.at(4.0)


@pytest.mark.parametrize(
    ("keys", "start", "position"),
    [
        (("right",), 20.0, 25.0),
        (("left",), 20.0, 15.0),
        (("left",), 2.0, 0.0),
        (("shift+right",), 20.0, 50.0),
        (("greater_than_sign",), 100.0, 120.0),
        (("less_than_sign",), 40.0, 10.0),
        (("home",), 40.0, 0.0),
        (("end",), 40.0, 120.0),
        (("full_stop",), 40.4, 41.0),
        (("full_stop", "full_stop", "full_stop"), 40.4, 43.0),
        (("comma",), 40.4, 40.0),
        (("comma", "comma"), 40.0, 38.0),
        (("n",), 0.0, 18.0),
        (("n", "n"), 0.0, 58.0),
        (("p",), 120.0, 98.0),
        (("p", "N"), 120.0, 58.0),
        (("right_square_bracket",), 0.0, 8.0),
        (("left_square_bracket",), 120.0, 88.0),
    ],
)
async def test_each_way_of_moving_goes_where_it_should(
    keys: tuple[str, ...], start: float, position: float
) -> None:
    async with run_replay() as seat:
        seat.app.player.seek(start)
        await seat.at(start)
        await seat.press(*keys)
        await seat.at(position)
        assert not seat.app.player.transport.playing


async def test_steps_in_quick_succession_are_all_taken() -> None:
    async with run_replay() as seat:
        for _ in range(7):
            seat.app.action_next_output()
        await seat.at(7.0)


async def test_speed_is_halved_doubled_and_set_back() -> None:
    async with run_replay() as seat:
        await seat.press("plus", "equals_sign")
        assert " 4x " in seat.status
        await seat.press("minus", "minus", "minus", "minus")
        assert " 0.25x " in seat.status
        await seat.press("backspace")
        assert " 1x " in seat.status


async def test_playing_at_sixteen_times_the_pace_covers_sixteen_seconds_a_second() -> None:
    async with run_replay() as seat:
        await seat.press("plus", "plus", "plus", "plus", "space")
        await seat.pass_time(2.0)
        await seat.at(32.0)


async def test_long_silences_are_skipped_unless_they_are_wanted() -> None:
    feed = make_feed(outputs=[(1.0, FIRST), (80.0, FIRST)])
    async with run_replay(feed) as seat:
        await seat.press("space")
        await seat.pass_time(4.5)
        await seat.at(79.7)
        assert seat.app.player.overview is not None
        assert seat.app.player.overview.duration == 120.0  # the recording's own times stay
        await seat.press("home", "i")
        assert "silence kept" in seat.status
        await seat.pass_time(4.5)
        await seat.at(4.5)


async def test_the_end_of_no_more_tags_is_said() -> None:
    async with run_replay() as seat:
        await seat.press("end", "n")
        await seat.until(lambda: "no tag after this" in seat.text)


async def test_a_tag_chosen_from_the_list_is_jumped_to_and_the_list_goes_away() -> None:
    async with run_replay() as seat:
        assert not seat.app.side.display
        await seat.press("t")
        assert "Apache was stopped" in seat.text
        assert "apt-upgrade" not in seat.text  # a title is shown, never an id
        assert "lockout tested" in seat.text  # a signal without a title is readable all the same
        await seat.press("down", "down", "enter")
        await seat.at(58.0)
        assert not seat.app.side.display


async def test_escape_closes_the_list_and_t_does_too() -> None:
    async with run_replay() as seat:
        await seat.press("t")
        assert seat.app.side.display
        await seat.press("escape")
        assert not seat.app.side.display
        await seat.press("t", "t")
        assert not seat.app.side.display
        assert seat.app.focused is None


async def test_commands_are_listed_on_one_line_each_and_never_read_as_markup() -> None:
    async with run_replay() as seat:
        await seat.press("c")
        assert "for each in a b; do ⏎ echo" in seat.text
        assert "[bold]not markup[/bold]" in seat.text
        await seat.press("down", "down", "down", "enter")
        await seat.at(88.0)


async def test_a_wide_terminal_has_both_lists_beside_the_screen() -> None:
    async with run_replay(size=(200, 50)) as seat:
        for words in ("Tags 3", "Commands 3", "Ada Example on practice", "play/pause", "80x24"):
            assert words in seat.text
        await seat.press("b")
        assert "Tags 3" not in seat.text
        await seat.press("b", "c")
        assert seat.app.focused is seat.app.side.commands
        await seat.press("end")  # of the session, not of the list
        await seat.at(120.0)


async def test_the_lists_mark_where_the_replay_stands() -> None:
    async with run_replay(size=(200, 50)) as seat:
        tags = seat.app.side.tags
        assert tags.highlighted is None
        await seat.press("n", "n")
        await seat.at(58.0)
        assert tags.highlighted == 1
        assert "01:00 \N{MULTIPLICATION SIGN} Upgraded packages · failed" in seat.status


async def test_in_80_columns_the_cursor_stays_in_view_and_what_is_hidden_is_said() -> None:
    async with run_replay(make_feed(found=Findings())) as seat:
        assert "c1-1 output 0.0" in seat.text
        assert "row 0 " not in seat.text
        assert "rows 3-24/24" in seat.status
        await seat.press("K")
        assert "row 0 " in seat.text
        assert "c1-1 output" not in seat.text
        await seat.press("z")
        assert "c1-1 output 0.0" in seat.text


async def test_the_bare_view_shows_the_whole_screen_of_a_terminal_of_that_size() -> None:
    async with run_replay() as seat:
        await seat.press("f")
        assert [line.rstrip() for line in seat.text.split("\n")] == [
            *(f"row {y}" for y in range(23)),
            "c1-1 output 0.0",
        ]
        await seat.press("escape")
        assert "PAUSED" in seat.text


async def test_a_screen_larger_than_the_viewers_is_clipped_around_its_cursor() -> None:
    feed = make_feed(frame_size=(200, 60), cursor=55)
    async with run_replay(feed) as seat:
        view = seat.app.stage.view
        assert view.offset_y <= 55 < view.offset_y + view.size.height
        await seat.press("L")
        assert view.offset_x == 8
        assert "c1-1 output" not in seat.text


async def test_the_lists_grow_narrow_before_a_wide_screen_is_clipped() -> None:
    async with run_replay(make_feed(frame_size=(132, 40)), size=(200, 50)) as seat:
        await seat.until(lambda: seat.app.stage.view.size.width == 132)
        assert seat.app.stage.has_class("-framed")
        assert seat.app.side.size.width == 66
    async with run_replay(make_feed(frame_size=(190, 40)), size=(200, 50)) as seat:
        await seat.until(lambda: seat.app.stage.view.size.width == 170)
        assert seat.app.side.size.width == 30


async def test_resizing_rearranges_everything() -> None:
    async with run_replay(size=(200, 50)) as seat:
        assert seat.app.stage.has_class("-framed")
        await seat.pilot.resize_terminal(80, 24)
        await seat.until(lambda: not seat.app.side.display)
        assert not seat.app.stage.has_class("-framed")
        assert "PAUSED" in seat.text
        assert "play/pause" not in seat.text
        await seat.pilot.resize_terminal(120, 40)
        await seat.until(lambda: seat.app.side.display)
        assert seat.app.stage.has_class("-framed")
        await seat.pilot.resize_terminal(20, 5)
        await seat.until(lambda: seat.app.size.width == 20 and "PAUSED" in seat.text)


async def test_the_terminal_in_use_is_followed() -> None:
    async with run_replay(make_feed(**two_terminals())) as seat:
        for position, shown in ((10.0, "c1-1"), (31.0, "c2-1"), (50.0, "c1-1"), (70.0, "c2-1")):
            seat.app.player.seek(position)
            await seat.at(position)
            assert f"{shown} output {position}" in seat.text


async def test_a_terminal_that_was_chosen_stays_until_the_one_in_use_is_wanted() -> None:
    async with run_replay(make_feed(**two_terminals())) as seat:
        seat.app.player.seek(40.0)
        await seat.at(40.0)
        await seat.press("v")
        await seat.until(lambda: "c1-1 output 10.0" in seat.text)
        assert "c1-1 1/2 stays" in seat.status
        await seat.press("V")
        await seat.until(lambda: "c2-1 output 31.0" in seat.text)
        seat.app.player.seek(50.0)
        await seat.at(50.0)
        assert "c2-1 output 31.0" in seat.text
        await seat.press("a")
        await seat.until(lambda: "c1-1 output 50.0" in seat.text)


async def test_a_moment_on_another_terminal_brings_that_terminal() -> None:
    found = Findings(commands=(make_command("k", 72.0, "q", connection=2),))
    async with run_replay(make_feed(**two_terminals(), found=found)) as seat:
        await seat.at(0.0)
        seat.app.player.pinned = FIRST
        await seat.press("right_square_bracket")
        await seat.at(70.0)
        assert seat.app.player.pinned == SECOND


async def test_there_being_no_other_terminal_is_said() -> None:
    async with run_replay() as seat:
        await seat.press("v")
        await seat.until(lambda: "there is no other terminal" in seat.text)


async def test_a_session_without_any_terminal_can_be_looked_at() -> None:
    feed = make_feed(overview=Overview(session="s-2", duration=5.0), outputs=[], found=Findings())
    async with run_replay(feed) as seat:
        assert "No terminal was opened in this session." in seat.text
        await seat.press("n", "c", "escape", "v", "full_stop", "comma", "end", "K", "f", "f")
        await seat.at(5.0)
        assert "00:05 / 00:05" in seat.status


async def test_it_begins_at_the_first_terminal_and_says_before_it_when_that_came() -> None:
    feed = make_feed(outputs=[(42.0, FIRST)])
    feed.overview = replace(feed.overview, terminals=(Terminal(key=FIRST, opened=41.0),))
    async with run_replay(feed) as seat:
        await seat.at(41.0)
        await seat.press("home")
        await seat.until(lambda: "No terminal yet: the first was opened at 00:41." in seat.text)
        await seat.press("full_stop")
        await seat.until(lambda: "c1-1 output 42.0" in seat.text)


async def test_a_session_without_tags_says_so() -> None:
    async with run_replay(make_feed(found=Findings()), size=(200, 50)) as seat:
        assert "Tags 0" in seat.text
        assert "none" in seat.text


async def test_withdrawn_and_undetermined_tags_are_not_shown() -> None:
    tags = (make_tag("a", 9.0, state="withdrawn"), make_tag("b", 10.0, state="undetermined"))
    async with run_replay(make_feed(found=Findings(tags=tags)), ready=False) as seat:
        await seat.until(lambda: seat.app.side.tags.border_subtitle == "none")
        assert seat.app.player.tags == ()


async def test_the_help_opens_and_closes_and_keys_do_nothing_meanwhile() -> None:
    async with run_replay() as seat:
        await seat.press("question_mark")
        assert isinstance(seat.app.screen, HelpScreen)
        assert "Play or pause" in seat.text
        await seat.press("right")
        assert seat.app.player.transport.position == 0.0
        await seat.press("escape")
        assert not isinstance(seat.app.screen, HelpScreen)


async def test_q_leaves() -> None:
    async with run_replay() as seat:
        await seat.press("q")
        assert not seat.app.is_running or seat.app._exit


async def test_a_recording_that_cannot_be_read_ends_the_app_with_its_reason() -> None:
    failure = RecordingError("torn", "mend it")
    async with run_replay(make_feed(failure=failure), ready=False) as seat:
        await seat.until(lambda: seat.app._exit)
    assert seat.app.failure is failure


async def test_the_screen_can_be_watched_although_tags_cannot_be_had() -> None:
    feed = make_feed(no_findings=StoreError("the database is gone", "look"))
    async with run_replay(feed, size=(200, 50), ready=False) as seat:
        await seat.until(lambda: "the database is gone; look" in seat.text)
        await seat.at(0.0)
        assert "not available" in seat.text
        await seat.press("right")
        await seat.at(5.0)


async def test_words_of_the_candidates_cannot_act_on_the_viewers_terminal() -> None:
    feed = make_feed(found=Findings(commands=(make_command("k", 9.0, "echo \x1b[2J\x07[red]"),)))
    feed.overview = replace(feed.overview, candidate="E\x1b]0;x\x07ve [b]")
    async with run_replay(feed, size=(200, 50)) as seat:
        assert "\x1b" not in seat.text
        assert "\x07" not in seat.text
        assert "[red]" in seat.text
        assert "ve [b]" in seat.text


async def test_without_colours_nothing_is_coloured_and_all_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with run_replay(size=(200, 50)) as seat:
        await seat.press("n")
        await seat.at(18.0)
        filters = seat.app._filters
        for strip in seat.app.screen._compositor.render_strips():
            for part in strip.apply_filter(filters[-1], seat.app.screen.background_colors[1]):
                assert part.style is None or part.style.color is None or part.style.color.is_default
        for words in ("PAUSED", "Apache was stopped", "failed", "unknown"):
            assert words in seat.text


def test_the_app_asks_only_its_clock() -> None:
    clock = FakeClock()
    app = ReplayApp(make_feed(), clock=clock)
    assert app._last_beat == clock.now


async def test_time_stands_still_while_a_screen_takes_long_and_the_bar_says_why() -> None:
    async with run_replay() as seat:
        seat.feed.gate = threading.Event()
        await seat.press("space", "right")
        await seat.pass_time(0.0)
        await seat.pass_time(1.0)
        await seat.pass_time(30.0)
        assert "READING" in seat.status
        assert seat.app.player.transport.position < 10.0
        seat.feed.gate.set()
        await seat.until(lambda: "PLAYING" in seat.status)


async def test_a_screen_that_has_come_is_not_a_reason_to_ask_for_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Hurrying(FakeClock):
        def __call__(self) -> float:
            self.now += 0.01
            return self.now

    monkeypatch.setattr(ReplayApp, "set_interval", lambda *_, **__: None)
    feed = make_feed()
    app = ReplayApp(feed, clock=Hurrying())
    async with app.run_test() as pilot:
        await asyncio.wait_for(_until_shown(app, pilot), 60)
        for _ in range(50):
            await pilot.pause()
        assert feed.pictures <= 5  # what was read, found and resized since the start


async def _until_shown(app: ReplayApp, pilot: Pilot[None]) -> None:
    while app.player.picture is None or not app.player.tags:
        await pilot.pause()


class UnforeseenFeed(FakeFeed):
    """A feed with a mistake in it."""

    def findings(self) -> Findings:
        raise KeyError("a mistake of ours")


async def test_a_mistake_in_a_thread_ends_the_app_and_is_left_to_the_caller() -> None:
    feed = make_feed()
    feed = UnforeseenFeed(overview=feed.overview, outputs=feed.outputs, found=feed.found)
    async with run_replay(feed, ready=False) as seat:
        await seat.until(lambda: seat.app.failure is not None)
        assert isinstance(seat.app.failure, KeyError)


async def test_a_greeting_is_said_at_the_beginning() -> None:
    async with run_replay(greeting="Press n.") as seat:
        await seat.until(lambda: "Press n." in seat.text)
