"""Two sessions side by side, by what a person presses and sees."""

from __future__ import annotations

import asyncio
import threading

import pytest

from recorder.errors import RecordingError, SessionNotFoundError, StoreError
from tests.tui.seat.beside.support import Two, longer, make_left, make_right, run_two
from tests.tui.seat.running import PATIENCE
from tests.tui.seat.support import FIRST, SECOND
from tui.seat.beside.app import BesideApp
from tui.seat.beside.help_text import help_text
from tui.seat.beside.in_step import Step
from tui.seat.beside.keys import ACTIONS, GROUPS
from tui.seat.beside.source import Setting, Source
from tui.seat.beside.table_screen import TableScreen
from tui.seat.feed import Terminal
from tui.seat.help_screen import HelpScreen
from tui.seat.transport import State


def test_no_key_means_two_things() -> None:
    keys = [key for action in ACTIONS for key in action.keys]
    assert len(keys) == len(set(keys))


def test_what_means_the_same_in_the_replay_has_its_keys() -> None:
    from tui.seat.keys.replay import ACTIONS as REPLAY  # noqa: PLC0415 - beside the other table

    theirs = {action.name: action.keys for action in REPLAY}
    for action in ACTIONS:
        shared = set(theirs.get(action.name, action.keys)) - {"equals_sign"}
        assert shared <= set(action.keys), action.name


@pytest.mark.parametrize("columns", [1, 2])
def test_the_help_names_every_key(columns: int) -> None:
    lines = help_text(columns=columns).plain.split("\n")
    for group in GROUPS:
        assert any(group.title in line for line in lines)
        for action in group.actions:
            keys, words = action.row or (action.shown, action.words)
            assert any(f"{keys}  {words}" in line for line in lines), action.name


def test_the_help_fits_a_terminal_of_80_by_24() -> None:
    lines = help_text(columns=2).split("\n")
    assert len(lines) + 2 <= 24
    assert max(line.cell_len for line in lines) + 8 <= 80


async def test_each_key_runs_its_action_and_the_palette_offers_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[str] = []
    for name in {action.name for action in ACTIONS}:

        def run(_app: BesideApp, key: str = "", name: str = name) -> None:
            ran.append(name + key)

        monkeypatch.setattr(BesideApp, f"action_{name}", run)
    async with run_two() as two:
        for action in ACTIONS:
            ran.clear()
            await two.press(*action.keys)
            told = action.keys if action.which else ("",) * len(action.keys)
            assert ran == [action.name + key for key in told]
        ran.clear()
        offered = list(two.app.get_system_commands(two.app.screen))
        for each in offered:
            await each.callback()
    assert [each.title for each in offered[:2]] == ["Play or pause", "Half the speed"]
    assert "Both to task N, by task: 4" in [each.title for each in offered]
    told = [(each.keys if each.which else ("",), each.name) for each in ACTIONS]
    assert ran == [name + key for keys, name in told for key in keys]


async def test_both_are_shown_with_whose_they_are_and_where_they_stand() -> None:
    async with run_two() as two:
        assert two.times == (60, 30)
        for words in ("left  Ada Example on practice", "right  Ben Sample on practice"):
            assert words in two.text
        assert "01:00 / 10:00  clock 00:00" in two.text
        assert "00:30 / 09:00  clock 00:00" in two.text
        assert "c1-1 output 60.0" in two.text
        assert "2 Install a Ghost blog · installing" in two.text
        assert "left at -01:00, right at 01:30 (02:30 later)" in two.text
        await two.press("]")
        await two.settled()
        assert "$ sudo systemctl stop apache2" in two.text


async def test_they_play_at_one_pace() -> None:
    async with run_two() as two:
        await two.press("space")
        await two.pass_time(10)
        assert two.times == (70, 40)
        await two.press("+")
        await two.pass_time(10)
        assert two.times == (90, 60)
        await two.press("minus", "minus")
        await two.pass_time(10)
        assert two.times == (95, 65)
        await two.press("backspace", "space")
        await two.pass_time(10)
        assert two.times == (95, 65)
        assert "PAUSED" in two.text
        await two.press("i")
        assert not two.pair.common.skips_silence
        await two.shows("silence kept")


async def test_they_move_together() -> None:
    async with run_two() as two:
        for key, left in (
            ("right", 65),
            (">", 95),
            ("left", 90),
            ("<", 60),
            ("end", 600),
            ("home", 0),
        ):
            await two.press(key)
            assert two.times[0] == left
        assert two.times == (0, 0)
        await two.shows("begins in 00:30")


async def test_by_task_both_enter_a_task_together_and_one_that_lacks_it_says_so() -> None:
    async with run_two() as two:
        await two.press("4")
        assert two.times == (500, 0)
        await two.settled()
        assert "in step by task" in two.text
        assert "4 No password logins over SSH:  left at 07:20, right at -00:30" in two.text
        await two.press("up")
        assert two.times[0] == 300
        await two.shows("Never worked on this in 09:00")
        await two.press("up")
        assert two.times == (0, 120)
        await two.press("down", "down")
        assert two.times == (500, 0)
        await two.press("1")
        await two.shows("neither worked on: 1 Tell your IP address")
        await two.press("9")
        await two.shows("there is no task 9")


async def test_who_is_done_with_a_task_waits_for_the_other() -> None:
    async with run_two(step=Step.TASK) as two:
        await two.press("4", "end")
        assert two.pair.task is not None
        await two.press("2")
        two.pair.move(390.0)
        await two.pass_time(0)
        await two.shows("done with it 00:30 ago")
        assert "visit 2 of 2" in two.text


async def test_step_is_changed_by_a_key_and_free_moves_only_the_active_one() -> None:
    async with run_two() as two:
        await two.press("s")
        assert two.pair.step is Step.TASK
        await two.press("equals_sign")
        assert two.pair.step is Step.FREE
        await two.shows("each by itself")
        one, other = two.times
        await two.press("right")
        assert two.times == (one + 5, other)
        await two.press("tab", "right", "right")
        assert two.times == (one + 5, other + 10)
        await two.press("space")
        await two.pass_time(10)
        assert two.times == (one + 5, other + 20)
        await two.press("s")
        assert two.pair.step is Step.CLOCK


async def test_the_active_side_is_marked_and_its_tags_commands_and_outputs_gone_to() -> None:
    async with run_two() as two:
        assert "▸ left" in two.text
        await two.press("tab")
        await two.shows("▸ right")
        await two.press("n")
        assert two.times == (78, 48)
        await two.press("n")
        assert two.times == (228, 198)
        await two.press("n")
        await two.shows("no tag after this")
        await two.press("p")
        assert two.times[1] == 48
        await two.press("left_square_bracket")
        assert two.times[1] == 38
        await two.press("right_square_bracket")
        await two.shows("no command after this")
        await two.settled()
        assert "[bold]not markup[/bold]" in two.text
        await two.press("full_stop")
        await two.until(lambda: two.times == (69, 39))
        await two.press("comma")
        await two.until(lambda: two.times == (68, 38))


async def test_the_sides_are_swapped() -> None:
    async with run_two() as two:
        await two.press("x")
        await two.shows("▸ right  Ada Example")
        first = two.text.split("\n")[0]
        assert first.index("Ben Sample") < first.index("Ada Example")
        assert "left at 01:30, right at -01:00 (02:30 earlier)" in two.text
        await two.press("x")
        await two.shows("▸ left  Ada Example")


async def test_one_above_the_other_and_only_one() -> None:
    async with run_two() as two:
        await two.press("o")
        await two.shows("▸ upper  Ada Example")
        assert "lower  Ben Sample" in two.text
        rows = two.text.split("\n")
        assert not any("Ada Example" in row and "Ben Sample" in row for row in rows)
        await two.press("o")
        await two.shows("▸ left")
        await two.press("f")
        await two.until(lambda: "Ben Sample" not in two.text)
        await two.press("tab")
        await two.until(lambda: two.app.halves[1].view.size.width >= 80)
        await two.press("escape")
        await two.shows("Ben Sample")


async def test_a_terminal_of_the_active_side_is_chosen_and_left() -> None:
    left = make_left()
    left.overview = type(left.overview)(
        **{
            name: getattr(left.overview, name)
            for name in ("session", "candidate", "target", "duration")
        },
        terminals=(Terminal(key=FIRST, opened=0.0), Terminal(key=SECOND, opened=1.0)),
    )
    async with run_two(left) as two:
        await two.press("v")
        assert two.pair.players[0].pinned == SECOND
        await two.press("V")
        assert two.pair.players[0].pinned == FIRST
        await two.press("a")
        assert two.pair.players[0].pinned is None
        await two.press("tab", "v")
        await two.shows("there is no other terminal")


async def test_a_wide_screen_is_panned_and_brought_back() -> None:
    async with run_two(make_left(cursor=0)) as two:
        view = two.app.halves[0].view
        await two.press("L", "J")
        assert (view.offset_x, view.offset_y) == (8, 0)
        await two.press("H", "K")
        assert view.offset_x == 0
        await two.press("L", "z")
        assert view.offset_x == 0


async def test_a_clipped_screen_says_which_columns_are_shown() -> None:
    async with run_two(size=(80, 24)) as two:
        assert "cols 1-39" in two.text
        await two.press("L")
        await two.shows("cols 9-47")


async def test_the_table_tells_of_each_task_and_of_tags_that_only_one_has() -> None:
    async with run_two() as two:
        await two.press("t")
        await two.shows("Only left: 1 kind of tag")
        assert "2 Install a Ghost blog" in two.text
        line = next(row for row in two.text.split("\n") if "4 No password" in row)
        assert line.split()[6:] == ["07:20", "-00:30", "01:40", "02:00", "0", "1"]
        assert "Upgraded packages" in two.text
        assert "lockout tested" in two.text
        await two.press("x")
        await two.shows("right: Ada Example")
        await two.press("4")
        await two.until(lambda: not isinstance(two.app.screen, TableScreen))
        assert two.times == (500, 0)
        await two.press("t", "j", "k", "escape")
        await two.until(lambda: not isinstance(two.app.screen, TableScreen))


async def test_the_help_opens_and_closes_and_keeps_tab_for_itself() -> None:
    async with run_two() as two:
        await two.press("question_mark")
        await two.until(lambda: isinstance(two.app.screen, HelpScreen))
        await two.press("tab")
        assert two.pair.active == 0
        await two.press("escape")
        await two.until(lambda: not isinstance(two.app.screen, HelpScreen))


async def test_q_leaves() -> None:
    async with run_two() as two:
        await two.press("q")
        await two.until(lambda: two.app._exit)


async def test_the_mouse_makes_active_and_goes_to_a_moment() -> None:
    async with run_two() as two:
        await two.pilot.click(two.app.halves[1].title)
        assert two.pair.active == 1
        track = two.app.halves[1].track
        await two.pilot.click(track, offset=(track.size.width - 1, 0))
        await two.until(lambda: two.times == (570, 540))


async def test_a_feed_that_is_slow_does_not_hold_up_the_other() -> None:
    gate = threading.Event()
    right = make_right(gate=gate)
    async with run_two(right=right, ready=False) as two:
        await two.until(lambda: two.pair.knows_tasks)
        await two.press("space")
        await two.pass_time(5)
        await two.pass_time(5)
        assert two.times == (70, 40)
        await two.until(
            lambda: (shown := two.pair.players[0].picture) is not None and shown.t == 70
        )
        assert two.pair.state_of(1, two.clock.now) is State.READING
        gate.set()
        await two.settled()


async def test_an_analysis_that_takes_long_is_told_and_its_side_can_be_watched() -> None:
    analysis = threading.Event()
    right = make_right(analysis=analysis, share=0.42)
    async with run_two(right=right, step=Step.TASK, ready=False) as two:
        await two.shows("analysing 42%")
        await two.shows("by task once both are analysed")
        await two.press("right")
        await two.until(lambda: two.times == (65, 35))
        await two.press("1")
        await two.shows("tasks are not known before both sessions are analysed")
        analysis.set()
        await two.until(lambda: two.pair.step is Step.TASK)


async def test_one_that_cannot_be_read_is_told_on_its_side_and_the_other_goes_on() -> None:
    left = make_left(failure=RecordingError("the journal is gone", "look for it"))
    async with run_two(left, ready=False) as two:
        await two.shows("the journal is gone")
        await two.until(lambda: two.pair.knows_tasks)
        assert two.pair.active == 1
        await two.press("n")
        await two.settled()
        assert two.times[1] == 48
        await two.press("t")
        await two.shows("Tags are not known: left.")


async def test_where_neither_can_be_read_the_app_leaves_with_the_reason() -> None:
    error = RecordingError("the journal is gone")
    async with run_two(make_left(failure=error), make_right(failure=error), ready=False) as two:
        await two.until(lambda: two.app._exit)
        assert two.app.failure is error


async def test_a_session_that_is_not_there_ends_the_app_with_the_reason() -> None:
    error = SessionNotFoundError("no session is called that")

    def find() -> Source:
        raise error

    left = make_left()
    app = BesideApp((lambda: left, find))
    two = Two(app, (left, left))
    async with app.run_test(message_hook=two.hear) as two.pilot:
        await two.until(lambda: app._exit)
    assert app.failure is error
    assert await asyncio.to_thread(left.closed.wait, PATIENCE)


async def test_a_recording_that_is_lost_for_a_while_is_told_and_regained() -> None:
    right = make_right()
    longer(right, 540.0, live=True)
    async with run_two(right=right) as two:
        right.failure = RecordingError("the disk is gone")
        await two.shows("recording lost, trying again")
        await two.press("right")
        assert two.times[0] == 65
        right.failure = None
        longer(right, 550.0, live=True)
        await two.until(lambda: "recording lost" not in two.text)
        await two.settled()


async def test_tags_that_cannot_be_had_are_told_once_and_screens_go_on() -> None:
    right = make_right(no_findings=StoreError("the store is gone"))
    async with run_two(right=right, ready=False) as two:
        await two.shows("tags not available")
        await two.shows("right: the store is gone")
        await two.until(lambda: two.pair.knows_tasks)
        await two.settled()


async def test_a_live_session_grows_and_ends() -> None:
    right = make_right()
    longer(right, 540.0, live=True)
    async with run_two(right=right) as two:
        longer(right, 560.0, live=True)
        await two.shows("/ 09:20")
        longer(right, 570.0, live=False)
        await two.shows("the right session has ended")


async def test_a_clock_that_was_never_started_counts_from_the_first_output() -> None:
    left = make_left(measured=Setting(first_output=12.0))
    async with run_two(left) as two:
        assert two.times == (12, 30)


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (38, 10), (300, 100)])
async def test_any_size_of_terminal_is_borne(size: tuple[int, int]) -> None:
    async with run_two(size=size, ready=False) as two:
        await two.until(lambda: two.pair.knows_tasks)
        for keys in (("t",), ("t", "o"), ("f",), ("question_mark",)):
            await two.press(*keys)
            await two.pass_time(1)


async def test_hostile_names_are_shown_and_act_on_nothing() -> None:
    left = make_left()
    left.overview = type(left.overview)(
        session="s", candidate="[red]\x1b]0;x\x07Eve\u202e", target="a\nb", duration=600.0
    )
    async with run_two(left, ready=False) as two:
        await two.shows("[red]")
        assert "\x1b" not in two.text
        assert "\u202e" not in two.text
