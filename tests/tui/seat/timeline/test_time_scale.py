from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.seat.timeline.scale import LEAST_SILENCE, Scale, round_end


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    """A line with any silences, most of them long enough to be shortened."""
    micros = st.integers(0, 9_000_000_000)
    edges = sorted(each / 1e6 for each in draw(st.lists(micros, max_size=40, unique=True)))
    silences = list(zip(edges[::2], edges[1::2], strict=False))
    end = draw(st.floats(0.5, 9_500))
    return Scale(end, draw(st.integers(1, 260)), silences)


@given(scale=scales(), column=st.integers(0, 259))
def test_a_column_leads_to_a_moment_that_leads_back_to_it(scale: Scale, column: int) -> None:
    column = min(column, scale.width - 1)
    if scale.width > 1:
        assert scale.column(scale.moment(column)) == column
        assert scale.edge(column) <= scale.moment(column) <= scale.edge(column + 1)


@given(scale=scales(), times=st.lists(st.floats(-10, 10_000), min_size=2, max_size=20))
def test_later_is_never_further_left(scale: Scale, times: list[float]) -> None:
    columns = [scale.column(t) for t in sorted(times)]
    assert columns == sorted(columns)
    assert all(0 <= column < scale.width for column in columns)


@given(scale=scales())
def test_moments_and_edges_grow_from_column_to_column(scale: Scale) -> None:
    moments = [scale.moment(column) for column in range(scale.width)]
    edges = [scale.edge(column) for column in range(scale.width + 1)]
    assert all(a < b for a, b in pairwise(moments))
    assert all(a < b for a, b in pairwise(edges))
    assert (moments[0], edges[0], edges[-1]) == (0.0, 0.0, scale.end)


@given(scale=scales())
def test_pieces_fill_the_line_and_the_time_without_gaps(scale: Scale) -> None:
    assert (scale.pieces[0].first, scale.pieces[-1].last) == (0, scale.width)
    assert (scale.pieces[0].start, scale.pieces[-1].until) == (0.0, scale.end)
    for before, after in pairwise(scale.pieces):
        assert (before.last, before.until) == (after.first, after.start)
    for piece in scale.shortened:
        assert piece.until - piece.start >= LEAST_SILENCE
        assert piece.last - piece.first == 1 or piece is scale.pieces[-1]


def test_a_silence_takes_one_column_and_gives_the_others_its_room() -> None:
    plain, short = Scale(100.0, 50), Scale(100.0, 50, [(30.0, 90.0)])
    assert plain.column(30.0) == 15
    assert short.column(29.9) == 35
    assert {short.column(t) for t in (30.0, 45.0, 89.9)} == {36}
    assert short.column(90.0) == 37
    assert short.moment(36) == pytest.approx(60.0)


def test_a_silence_that_is_hardly_to_be_seen_stays_as_it_is() -> None:
    assert Scale(3600.0, 100, [(100.0, 140.0)]).shortened == ()


def test_of_too_many_silences_the_longest_are_shortened() -> None:
    many = [(n * 100.0, n * 100.0 + 60.0 + n) for n in range(30)]
    scale = Scale(3000.0, 41, many)
    assert len(scale.shortened) <= 10
    assert Scale(3000.0, 400, many).shortened[-1].start == 2900.0


def test_a_moment_far_behind_the_end_stands_in_the_last_column() -> None:
    assert Scale(5e-324, 10).column(1.0) == 9


@pytest.mark.parametrize("end", [0.0, -5.0])
def test_an_empty_session_has_a_line_too(end: float) -> None:
    scale = Scale(end, 80, [(0.0, 30.0)])
    assert (scale.column(0.0), scale.column(9.0), scale.moment(40)) == (0, 0, 0.0)


@given(present=st.floats(0, 100_000))
def test_the_end_of_a_live_line_lies_a_little_behind_the_present(present: float) -> None:
    assert present < round_end(present) <= max(present * 1.1, present + 10.0) + 1e-6
