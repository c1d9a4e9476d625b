from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from analyzer.activity import MOST_STEPS, Activity, ActivityCounter, Times, silences_of

MOMENTS = st.lists(st.integers(0, 9_000_000_000), max_size=60).map(
    lambda micros: sorted(each / 1e6 for each in micros)
)


def test_events_count_in_the_step_that_they_lie_in() -> None:
    found = ActivityCounter().count([Times([0.0, 0.124, 0.125, 0.4], [0.499]), Times([0.375], [])])
    assert found == Activity(step=0.125, outputs=(2, 1, 0, 2), inputs=(0, 0, 0, 1))


def test_nothing_was_nothing() -> None:
    assert ActivityCounter().count([]) == Activity(step=0.125)


@given(outputs=MOMENTS, inputs=MOMENTS, cut=st.floats(0, 9_000))
def test_what_is_counted_in_pieces_is_what_is_counted_at_once(
    outputs: list[float], inputs: list[float], cut: float
) -> None:
    whole = ActivityCounter().count([Times(outputs, inputs)])
    pieces = ActivityCounter()
    pieces.count([Times([t for t in outputs if t < cut], [t for t in inputs if t < cut])])
    assert pieces.count([Times(outputs, inputs)]) == whole
    assert (sum(whole.outputs), sum(whole.inputs)) == (len(outputs), len(inputs))


@given(outputs=MOMENTS, factor=st.sampled_from([1.0, 10.0, 1e6]))
def test_a_session_of_any_length_has_a_bounded_number_of_steps(
    outputs: list[float], factor: float
) -> None:
    times = [t * factor for t in outputs]
    found = ActivityCounter().count([Times(times, [])])
    assert len(found.outputs) <= MOST_STEPS
    assert sum(found.outputs) == len(times)
    for number, count in enumerate(found.outputs):
        start = number * found.step
        assert count == sum(1 for t in times if start <= t < start + found.step)


def test_silences_are_what_lies_between_outputs() -> None:
    activity = Activity(outputs=(0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1))
    assert silences_of(activity, 20.0, 3.0) == ((0.0, 3.0), (6.0, 10.0), (11.0, 20.0))
    assert silences_of(activity, 20.0, 5.0) == ((11.0, 20.0),)
    assert silences_of(Activity(), 0.0, 0.0) == ()


@given(outputs=st.lists(st.integers(0, 2), max_size=40), least=st.floats(0.5, 9))
def test_silences_are_in_order_and_apart(outputs: list[int], least: float) -> None:
    activity = Activity(outputs=tuple(outputs), inputs=(0,) * len(outputs))
    found = silences_of(activity, len(outputs) + 5.0, least)
    assert all(until - start >= least for start, until in found)
    assert all(before[1] < after[0] for before, after in pairwise(found))
    assert not any(
        count and start < n + 1 and n < until
        for start, until in found
        for n, count in enumerate(outputs)
    )
