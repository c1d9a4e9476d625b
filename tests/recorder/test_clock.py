from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.clock import SessionClock
from recorder.errors import ControlError

seconds = st.floats(0.1, 1e5)


def test_a_clock_that_was_not_started_never_runs_out_before_the_limit() -> None:
    clock = SessionClock(60, 3600)
    assert clock.ends is None
    assert clock.next_end == 3600
    assert clock.over(3599.9) is None
    assert "the most that is allowed" in str(clock.over(3600))


@given(length=seconds, started=seconds, more=st.lists(seconds, max_size=4))
def test_it_runs_out_when_its_time_and_all_extensions_have_gone(
    length: float, started: float, more: list[float]
) -> None:
    clock = SessionClock(length, 1e9)
    clock.start(started)
    for each in more:
        clock.extend(each)
    end = clock.next_end
    assert end == pytest.approx(started + length + sum(more))
    assert clock.over(end - 0.01) is None
    assert clock.over(end) == "the clock ran out"


def test_time_may_be_added_before_the_start() -> None:
    clock = SessionClock(60, 3600)
    clock.extend(30)
    clock.start(100)
    assert clock.ends == 190


def test_it_is_started_once() -> None:
    clock = SessionClock(60, 3600)
    clock.start(1)
    with pytest.raises(ControlError, match="runs already"):
        clock.start(2)
    assert clock.started == 1


def test_the_limit_counts_also_while_the_clock_runs() -> None:
    clock = SessionClock(7200, 3600)
    clock.start(0)
    assert clock.next_end == 3600
