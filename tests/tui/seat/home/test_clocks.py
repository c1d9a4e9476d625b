from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.seat.home.support import NOW, PHASES, a_live_one, a_sitting
from tui.seat.home.clocks import ago_words, read_clock


def at(minutes: float, **more: object) -> tuple[str, str]:
    """What a clock says so many minutes after it was started."""
    row = a_live_one("s", ago=0, clock_started=60.0, **more)
    reading = read_clock(row, NOW + timedelta(seconds=60 + minutes * 60))
    return reading.words, reading.phase


def test_a_live_clock_counts_down_and_names_the_phase() -> None:
    assert at(0) == ("60:00 left", "Introduction")
    assert at(4.9)[1] == "Introduction"
    assert at(5) == ("55:00 left", "Work")
    assert at(49.9)[1] == "Work"
    assert at(50) == ("10:00 left", "Review")
    assert at(70) == ("00:00 left", "Review")


def test_what_the_clock_is_given_more_or_less_is_the_working_phases() -> None:
    assert at(59, clock_length=4200.0) == ("11:00 left", "Work")
    assert at(60, clock_length=4200.0)[1] == "Review"
    assert at(10, clock_length=1200.0) == ("10:00 left", "Review")
    assert at(3, clock_length=60.0)[1] == "Introduction"


def test_a_clock_that_stands_says_so_and_a_finished_session_has_a_length() -> None:
    assert at(5, clock_length=None)[0] == "not started"
    row = a_live_one("s", clock_started=None)
    assert read_clock(row, NOW).words == "not started"
    assert read_clock(a_sitting("s", duration=2723.0), NOW).words == "45:23"
    assert read_clock(a_sitting("s", duration=None), NOW).words == "-"


def test_without_an_exercise_there_is_no_phase() -> None:
    assert at(5, phases=()) == ("55:00 left", "")


@given(st.floats(-1e7, 1e7), st.floats(0, 1e7), st.floats(0, 1e6), st.sampled_from([(), PHASES]))
def test_a_clock_never_fails(ago: float, started: float, length: float, phases: object) -> None:
    row = a_live_one("s", ago / 3600, clock_started=started, clock_length=length, phases=phases)
    reading = read_clock(row, NOW)
    assert reading.words.endswith(" left")
    assert "-" not in reading.words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-3, "0s ago"), (59, "59s ago"), (60, "1m ago"), (7199, "1h ago"), (200_000, "2d ago")],
)
def test_how_long_ago_is_told_in_one_unit(seconds: float, words: str) -> None:
    assert ago_words(seconds) == words
