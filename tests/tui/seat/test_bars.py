from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.seat.bars import (
    Line,
    Mark,
    Status,
    column_of,
    draw_status,
    draw_timeline,
    moment_of,
)
from tui.seat.transport import SPEEDS, State, clock_words

OUTCOMES = st.sampled_from(["ok", "failed", "unknown"])
MARKS = st.builds(
    Mark, t=st.floats(0, 9_000), title=st.text("ab cé世", max_size=60), outcome=OUTCOMES
)
STATUSES = st.builds(
    Status,
    state=st.sampled_from(State),
    position=st.floats(0, 9_000),
    duration=st.floats(0, 9_000),
    speed=st.sampled_from(SPEEDS),
    extras=st.lists(st.text("abc 1", min_size=1, max_size=20), max_size=4).map(tuple),
    mark=st.none() | MARKS,
)


@given(status=STATUSES, width=st.integers(1, 220))
def test_the_status_bar_is_exactly_as_wide_as_the_terminal(status: Status, width: int) -> None:
    assert cell_len(draw_status(status, width).plain) == width


@given(status=STATUSES, width=st.integers(60, 220))
def test_state_times_and_speed_never_give_way(status: Status, width: int) -> None:
    row = draw_status(status, width).plain
    assert status.state.value in row
    assert clock_words(status.duration) in row
    assert (f" {status.speed:g}x " in row) == (status.state is not State.LIVE)
    assert row.endswith("? help ")


def test_the_last_tag_is_worth_more_than_the_extras() -> None:
    status = Status(
        state=State.PLAYING,
        extras=("c1-1", "rows 3-24/24"),
        mark=Mark(t=5.0, title="A page was taken offline", outcome="ok"),
    )
    assert "A page was taken offline" in draw_status(status, 80).plain
    assert "rows 3-24/24" not in draw_status(status, 80).plain
    assert "rows 3-24/24" in draw_status(status, 120).plain


@given(
    position=st.floats(0, 100),
    marks=st.lists(MARKS, max_size=5).map(tuple),
    width=st.integers(1, 200),
)
def test_the_timeline_fills_its_row(position: float, marks: tuple[Mark, ...], width: int) -> None:
    row = draw_timeline(Line(position=position, duration=100.0, marks=marks), width)
    assert row.cell_len == width


def test_each_outcome_has_a_mark_of_its_own_at_its_place() -> None:
    marks = tuple(
        Mark(t=t, title="", outcome=outcome)
        for t, outcome in ((25.0, "ok"), (50.0, "failed"), (75.0, "unknown"))
    )
    row = draw_timeline(Line(position=0.0, duration=100.0, marks=marks), 101).plain
    assert (row[25], row[50], row[75]) == ("●", "\N{MULTIPLICATION SIGN}", "○")


@given(column=st.integers(0, 300), width=st.integers(2, 301), duration=st.floats(1, 9_000))
def test_a_click_goes_to_the_moment_whose_mark_was_clicked(
    column: int, width: int, duration: float
) -> None:
    column = min(column, width - 1)
    assert column_of(moment_of(column, duration, width), duration, width) == column


@pytest.mark.parametrize("duration", [0.0, -1.0])
def test_an_empty_session_has_a_timeline_too(duration: float) -> None:
    assert column_of(0.0, duration, 80) == 0
    assert draw_timeline(Line(duration=duration), 80).cell_len == 80
