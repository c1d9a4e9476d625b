from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.seat.transport import (
    QUIET_LEAD,
    QUIET_LIMIT,
    SPEEDS,
    State,
    Transport,
    clock_words,
    landing,
)

SECONDS = st.floats(0, 10_000, allow_nan=False)


def a_transport(**values: object) -> Transport:
    return Transport(**({"duration": 100.0} | values))  # type: ignore[arg-type]


def test_time_passes_at_the_speed_chosen() -> None:
    transport = a_transport(speed=4.0)
    transport.advance(2.5)
    assert transport.position == 10.0


def test_a_paused_replay_stands_still() -> None:
    transport = a_transport(playing=False, position=7.0)
    transport.advance(3.0)
    assert (transport.position, transport.state) == (7.0, State.PAUSED)


def test_a_replay_stops_at_its_end_and_plays_again_from_the_beginning() -> None:
    transport = a_transport(position=99.0)
    transport.advance(5.0)
    assert (transport.position, transport.state) == (100.0, State.ENDED)
    transport.toggle()
    assert (transport.position, transport.state) == (0.0, State.PLAYING)


def test_catching_up_with_a_live_session_follows_it_at_its_own_pace() -> None:
    transport = a_transport(live=True, position=99.0, speed=8.0)
    transport.advance(5.0)
    assert (transport.state, transport.speed) == (State.LIVE, 1.0)
    transport.extend(103.0, live=True)
    assert transport.position == 103.0


def test_the_end_of_a_live_session_leaves_it_at_its_end() -> None:
    transport = a_transport(live=True)
    transport.go_live()
    transport.extend(110.0, live=False)
    assert (transport.position, transport.state) == (110.0, State.ENDED)


def test_the_speed_of_the_live_end_cannot_be_changed() -> None:
    transport = a_transport(live=True)
    transport.go_live()
    transport.change_speed(2)
    assert transport.speed == 1.0


def test_the_speed_stays_within_its_steps() -> None:
    transport = a_transport()
    transport.change_speed(-9)
    assert transport.speed == SPEEDS[0] == 0.25
    transport.change_speed(99)
    assert transport.speed == SPEEDS[-1] == 32.0


def test_a_long_silence_is_played_for_a_while_and_then_skipped() -> None:
    transport = a_transport(position=10.0 + QUIET_LIMIT - 0.1)
    assert not transport.skip_silence(10.0, 60.0)
    transport.advance(0.2)
    assert transport.skip_silence(10.0, 60.0)
    assert transport.position == 60.0 - QUIET_LEAD
    assert not transport.skip_silence(10.0, 60.0)


@pytest.mark.parametrize(
    "changes", [{"skips_silence": False}, {"playing": False}, {"at_live_end": True}]
)
def test_silences_are_kept_when_not_wanted_paused_or_live(changes: dict[str, bool]) -> None:
    transport = a_transport(position=40.0, **changes)
    assert not transport.skip_silence(10.0, 60.0)
    assert transport.position == 40.0


def test_whoever_jumps_into_a_silence_sees_some_of_it_before_it_is_skipped() -> None:
    transport = a_transport(position=60.0)
    transport.seek(55.0)
    transport.advance(1.0)
    assert not transport.skip_silence(10.0, 60.0)
    transport.seek(51.0)
    assert not transport.skip_silence(10.0, 60.0)
    transport.advance(3.0)
    assert transport.skip_silence(10.0, 60.0)
    assert transport.position == 59.7


def test_the_silence_at_the_end_is_skipped_to_the_end() -> None:
    transport = a_transport(position=20.0)
    assert transport.skip_silence(10.0, None)
    assert transport.position == pytest.approx(100.0 - QUIET_LEAD)


def test_going_from_moment_to_moment_visits_each_once_there_and_back() -> None:
    transport = a_transport(playing=False)
    moments = [1.0, 20.0, 21.0, 60.0]
    visited = []
    while (t := transport.next_moment(moments)) is not None:
        visited.append(t)
        transport.seek(landing(t))
    assert visited == [20.0, 21.0, 60.0]  # the first one is within the lead of the beginning
    back = []
    while (t := transport.previous_moment(moments)) is not None:
        back.append(t)
        transport.seek(landing(t))
    assert back == [21.0, 20.0, 1.0]


def test_previous_while_playing_goes_to_the_moment_before_and_not_again_to_the_same() -> None:
    transport = a_transport(position=landing(60.0))
    transport.advance(1.0)
    assert transport.previous_moment([20.0, 60.0]) == 20.0
    transport.advance(3.0)
    assert transport.previous_moment([20.0, 60.0]) == 60.0


@given(
    duration=SECONDS,
    moves=st.lists(
        st.tuples(st.sampled_from(["seek", "advance", "toggle", "end", "extend"]), SECONDS)
    ),
    live=st.booleans(),
)
def test_the_position_never_leaves_the_recording(
    duration: float, moves: list[tuple[str, float]], live: bool
) -> None:
    transport = Transport(duration=duration, live=live)
    for move, value in moves:
        match move:
            case "seek":
                transport.seek(value - 50)
            case "advance":
                transport.advance(value)
            case "toggle":
                transport.toggle()
            case "end":
                transport.end()
            case _:
                transport.extend(transport.duration + value, live=live)
        assert 0.0 <= transport.position <= transport.duration
        assert transport.live or not transport.at_live_end


@pytest.mark.parametrize(
    ("t", "words"),
    [(0, "00:00"), (59.9, "00:59"), (3599, "59:59"), (5999, "99:59"), (6000, "1:40:00")],
)
def test_times_read_as_minutes_until_there_are_a_hundred(t: float, words: str) -> None:
    assert clock_words(t) == words
