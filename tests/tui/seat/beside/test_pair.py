"""What keys do to two sessions, without a screen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.seat.beside.support import FakeSource, make_left, make_right
from tui.seat.beside.in_step import Step
from tui.seat.beside.known import SIDES
from tui.seat.beside.pair import Pair
from tui.seat.beside.views import News, common_view, half_notice, reached_words
from tui.seat.feed import Findings, Picture
from tui.seat.news import (
    Wish,
)
from tui.seat.transport import State


def make_pair(step: Step = Step.CLOCK, *, playing: bool = False, **more: FakeSource) -> Pair:
    """Two sessions that are known."""
    pair = Pair(step)
    pair.common.playing = playing
    for side, source in enumerate((more.get("left", make_left()), more.get("right", make_right()))):
        pair.take_overview(side, source.overview, source.setting())
        pair.take_findings(side, source.found)
    return pair


def times(pair: Pair) -> tuple[float, float]:
    one, other = (each.transport.position for each in pair.players)
    return round(one, 3), round(other, 3)


def test_by_clock_it_begins_where_the_clocks_were_started() -> None:
    assert times(make_pair()) == (60, 30)


def test_by_task_it_begins_with_the_first_task_that_anybody_worked_on() -> None:
    pair = make_pair(Step.TASK)
    assert times(pair) == (0, 120)
    assert pair.task is not None
    assert pair.task.id == "ghost"


def test_playing_moves_both_and_stops_where_both_have_ended() -> None:
    pair = make_pair(playing=True)
    pair.change_speed(1)
    pair.advance(0.0, 10.0)
    assert times(pair) == (80, 50)
    pair.advance(0.0, 1e6)
    assert times(pair) == (600, 540)
    assert pair.state is State.ENDED
    pair.toggle()
    assert pair.state is State.PLAYING
    assert times(pair) == (0, 0)  # the one whose clock was started later begins first


def test_by_task_playing_leads_through_all_tasks_and_who_is_done_waits() -> None:
    pair = make_pair(Step.TASK, playing=True)
    pair.advance(0.0, 380.0)
    one, other = pair.standing(0), pair.standing(1)
    assert one is not None
    assert other is not None
    assert (one.t, one.visit) == (480, 2)
    assert (other.t, other.state, other.apart) == (480, "after", 20)
    pair.advance(0.0, 30.0)
    assert pair.task is not None
    assert pair.task.id == "not-public"
    absent = pair.standing(1)
    assert absent is not None
    assert absent.state == "absent"


def test_until_tasks_are_known_it_goes_by_clock_and_says_so() -> None:
    pair = Pair(Step.TASK)
    pair.common.playing = True
    left, right = make_left(), make_right()
    for side, source in enumerate((left, right)):
        pair.take_overview(side, source.overview, source.setting())
    assert pair.step is Step.CLOCK
    assert "by task once both are analysed" in common_view(pair, ("left", "right")).extras
    pair.advance(0.0, 5.0)
    assert times(pair) == (65, 35)
    pair.take_findings(0, left.found)
    assert pair.step is Step.CLOCK
    pair.take_findings(1, right.found)
    assert pair.step is Step.TASK
    assert times(pair) == (0, 120)


def test_whoever_has_gone_somewhere_stays_there_when_tasks_become_known() -> None:
    pair = Pair(Step.TASK)
    left, right = make_left(), make_right()
    for side, source in enumerate((left, right)):
        pair.take_overview(side, source.overview, source.setting())
    pair.seek(0, 510.0)
    pair.take_findings(0, left.found)
    pair.take_findings(1, right.found)
    assert times(pair) == (510, 10)  # ten seconds into SSH, both


def test_one_without_tags_does_not_keep_the_other_from_its_tasks() -> None:
    pair = Pair(Step.TASK)
    left, right = make_left(), make_right()
    pair.take_overview(0, left.overview, left.setting())
    pair.take_overview(1, right.overview, right.setting())
    pair.take_findings(0, left.found)
    pair.lack_findings(1)
    assert pair.step is Step.TASK


def test_one_that_cannot_be_read_hands_the_keys_to_the_other() -> None:
    pair = Pair()
    right = make_right()
    pair.give_up(0)
    assert not pair.is_ready
    pair.take_overview(1, right.overview, right.setting())
    assert pair.is_ready
    assert pair.active == 1
    pair.move(10.0)
    assert pair.players[1].transport.position == 40
    assert pair.standing(0) is None


def test_seeking_one_moves_the_other_by_the_clock() -> None:
    pair = make_pair()
    pair.seek(1, 100.0)
    assert times(pair) == (130, 100)
    pair.seek(0, 0.0)
    assert times(pair) == (0, 0)
    ahead = pair.standing(1)
    assert ahead is not None
    assert (ahead.state, ahead.apart) == ("before", 30)


def test_free_only_the_active_one_moves() -> None:
    pair = make_pair(Step.FREE)
    before = times(pair)
    pair.move(50.0)
    assert times(pair) == (before[0] + 50, before[1])
    pair.active = 1
    pair.seek(1, 200.0)
    assert times(pair) == (before[0] + 50, 200)


def test_free_and_back_keeps_the_active_one_where_it_is() -> None:
    pair = make_pair(playing=True)
    pair.set_step(Step.FREE)
    assert [each.transport.playing for each in pair.players] == [True, True]
    pair.seek(0, 510.0)
    pair.set_step(Step.TASK)
    assert times(pair) == (510, 10)
    assert pair.common.playing
    assert [each.transport.playing for each in pair.players] == [False, False]


def test_a_number_leads_both_into_the_task_and_keeps_them_in_step_by_it() -> None:
    pair = make_pair()
    assert pair.jump_to_task(4)
    assert times(pair) == (500, 0)
    assert pair.step is Step.TASK
    assert not pair.jump_to_task(7)


def test_free_a_number_leads_each_to_its_own_beginning_of_the_task() -> None:
    pair = make_pair(Step.FREE)
    pair.seek(1, 300.0)
    assert pair.jump_to_task(3)
    assert times(pair) == (300, 300)
    assert pair.step is Step.FREE


def test_next_and_previous_task_by_task_and_by_clock() -> None:
    pair = make_pair(Step.TASK)
    assert pair.next_task(1)
    assert pair.task is not None
    assert pair.task.id == "not-public"
    pair.move(50.0)
    assert pair.next_task(-1)
    assert pair.players[0].transport.position == 300  # to the beginning of this one first
    assert pair.next_task(-1)
    assert times(pair) == (0, 120)
    assert not pair.next_task(-1)
    pair = make_pair()
    assert pair.next_task(1)
    assert times(pair) == (300, 270)
    assert pair.next_task(1)
    assert times(pair) == (400, 370)


@pytest.mark.parametrize("step", list(Step))
def test_every_tag_of_a_side_can_be_gone_through_and_back(step: Step) -> None:
    pair = make_pair(step)
    pair.seek(0, 0.0)
    tags = pair.players[0].tags
    seen = [times(pair)[0]]
    while pair.step_to(tags, on=True):
        seen.append(times(pair)[0])
    assert seen == [0, 98, 348, 353]
    back = []
    while pair.step_to(tags, on=False):
        back.append(times(pair)[0])
    assert back == [348, 98]


def test_a_tag_soon_after_a_task_begins_is_gone_to_within_it() -> None:
    left = make_left()
    found = left.found
    tags = (replace(found.tags[0], t=301.0), *found.tags[1:])
    pair = make_pair(Step.TASK, left=make_left(found=replace(found, tags=tags)))
    assert pair.step_to(pair.players[0].tags, on=True)
    assert times(pair)[0] == 300
    assert pair.step_to(pair.players[0].tags, on=True)
    assert times(pair)[0] == 348
    assert pair.step_to(pair.players[0].tags, on=False)
    assert times(pair)[0] == 300


def picture(pair: Pair, side: int, previous: float, following: float | None) -> None:
    """Answer one side's wish: the outputs around its position."""
    wish = pair.players[side].next_wish(0.0)
    assert wish is not None
    shown = Picture(t=wish.t, terminal=None, frame=None, previous=previous, following=following)
    pair.take_picture(side, wish, shown)


def test_only_a_silence_of_both_is_skipped() -> None:
    pair = make_pair(playing=True)
    pair.seek(0, 100.0)  # and the other to 70
    pair.advance(0.0, 5.0)
    picture(pair, 0, 90.0, 200.0)
    assert times(pair) == (105, 75)
    picture(pair, 1, 60.0, 95.0)
    assert times(pair) == (124.7, 94.7)  # just before the first that goes on


def test_a_silence_is_kept_when_wanted() -> None:
    pair = make_pair(playing=True)
    assert not pair.toggle_skip()
    pair.advance(0.0, 5.0)
    picture(pair, 0, 0.0, 200.0)
    picture(pair, 1, 0.0, 200.0)
    assert times(pair) == (65, 35)


def test_a_step_by_output_takes_the_other_along() -> None:
    pair = make_pair()
    pair.step_output(1)
    wish = pair.players[0].next_wish(0.0)
    assert wish == Wish(serial=1, t=60.0, terminal=None, steps=1)
    pair.take_picture(0, wish, Picture(t=61.5, terminal=None, frame=None))
    assert times(pair) == (61.5, 31.5)


def test_a_live_one_that_grows_is_played_on() -> None:
    right = make_right()
    pair = make_pair(playing=True, left=make_left())
    pair.take_overview(1, replace(right.overview, live=True), right.setting())
    pair.advance(0.0, 1e6)
    assert pair.state is State.PLAYING
    assert times(pair) == (600, 540)
    pair.take_overview(1, replace(right.overview, live=True, duration=700.0), right.setting())
    pair.advance(0.0, 5.0)
    assert times(pair)[1] == 575


def test_when_each_reached_a_task_is_told_on_its_own_clock() -> None:
    pair = make_pair()
    tasks = {task.id: task for task in pair.plan.tasks}
    words = {name: reached_words(pair, tasks[name], ("left", "right")) for name in tasks}
    assert words["ghost"] == "left at -01:00, right at 01:30 (02:30 later)"
    assert words["no-passwords"] == "left at 07:20, right at -00:30 (07:50 earlier)"
    assert words["not-public"] == "left at 04:00, right never"
    assert words["address"] == "left never, right never"


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.floats(-400, 400)),
        st.tuples(st.just("seek"), st.floats(-10, 700)),
        st.tuples(st.just("task"), st.integers(0, 10)),
        st.tuples(st.just("next"), st.sampled_from((-1, 1))),
        st.tuples(st.just("step"), st.sampled_from(list(Step))),
        st.tuples(st.just("side"), st.sampled_from((0, 1))),
        st.tuples(st.just("play"), st.floats(0, 100)),
        st.tuples(st.just("end"), st.booleans()),
    ),
    max_size=25,
)


@given(MOVES)
def test_whatever_is_pressed_both_stay_within_their_sessions_and_in_step(
    moves: list[tuple[str, object]],
) -> None:
    pair = make_pair()
    for kind, value in moves:
        press(pair, kind, value)
        one, other = times(pair)
        assert 0 <= one <= 600
        assert 0 <= other <= 540
        standings = [pair.standing(0), pair.standing(1)]
        if pair.step is Step.CLOCK and all(each and each.state == "on" for each in standings):
            assert one - 60 == pytest.approx(other - 30, abs=2e-3)
        if pair.step is Step.TASK:
            assert pair.task is not None
            for standing, course in zip(standings, pair.courses, strict=True):
                assert standing is not None
                assert course is not None
                if standing.state == "on" and standing.apart == 0:
                    assert any(
                        each.start <= standing.t <= each.until for each in course.of(pair.task.id)
                    )


def press(pair: Pair, kind: str, value: object) -> None:
    match kind, value:
        case "move", float(seconds):
            pair.move(seconds)
        case "seek", float(t):
            pair.seek(pair.active, t)
        case "task", int(number):
            pair.jump_to_task(number)
        case "next", int(step):
            pair.next_task(step)
        case "step", Step() as step:
            pair.set_step(step)
        case "side", int(side):
            pair.active = side
        case "play", float(seconds):
            pair.common.playing = pair.step is not Step.FREE
            pair.advance(0.0, seconds)
        case "end", bool(end):
            if end:
                pair.end()
            else:
                pair.begin()
        case _:
            raise AssertionError(kind)


def test_findings_without_phases_leave_both_by_clock() -> None:
    pair = make_pair(
        Step.TASK, left=make_left(found=Findings()), right=make_right(found=Findings())
    )
    assert pair.step is Step.CLOCK
    assert not pair.jump_to_task(1)


def test_a_tasks_title_acts_on_no_terminal_where_there_is_no_screen() -> None:
    pair = make_pair(Step.TASK)
    assert pair.jump_to_task(3)
    side = next(side for side in SIDES if (at := pair.standing(side)) and at.state == "absent")
    tasks = tuple(replace(each, title=f"{each.title}\x9b\u202e") for each in pair.plan.tasks)
    pair.plan = replace(pair.plan, tasks=tasks)
    words = half_notice(pair, side, News())
    assert "Never worked on this" in words
    assert words.endswith("\\x9b\\u202e")
