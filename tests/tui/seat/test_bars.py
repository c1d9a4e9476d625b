from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.seat.bars import Mark, Status, draw_status
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


@given(status=STATUSES, words=st.text("ab cé世·", min_size=1, max_size=90))
def test_what_is_said_takes_the_place_of_extras_and_tag(status: Status, words: str) -> None:
    row = draw_status(replace(status, say=words), 100).plain
    assert cell_len(row) == 100
    assert f" {words[:10].rstrip()}" in row
