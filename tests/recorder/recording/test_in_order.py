"""Input that was judged late stands where it was typed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recorder.recording.in_order import SIZE, WAIT, Entry, InOrder


def _texts(order: InOrder, now: float, *, holding: bool) -> str:
    return "".join(entry.text for entry in order.take(now, holding=holding))


def test_input_stands_before_what_came_after_it() -> None:
    order = InOrder()
    order.add(Entry(1.0, "o", "a"))
    order.add(Entry(2.0, "o", "c"))
    order.add(Entry(1.5, "i", "b"))
    assert _texts(order, 2.0, holding=False) == "abc"


def test_output_waits_while_input_is_judged_but_not_for_ever() -> None:
    order = InOrder()
    order.add(Entry(1.0, "o", "a"))
    assert _texts(order, 1.0 + WAIT / 2, holding=True) == ""
    assert _texts(order, 1.0 + WAIT, holding=True) == "a"


def test_what_waits_is_bounded() -> None:
    order = InOrder()
    order.add(Entry(1.0, "o", "a" * SIZE))
    order.add(Entry(1.0, "o", "b"))
    assert _texts(order, 1.0, holding=True) == "a" * SIZE


@given(st.lists(st.tuples(st.floats(0, 5), st.booleans())))
def test_nothing_is_lost_and_output_keeps_its_order(made: list[tuple[float, bool]]) -> None:
    order = InOrder()
    late = [t for t, is_input in made if is_input]
    shown = sorted(t for t, is_input in made if not is_input)
    for t in shown:
        order.add(Entry(t, "o", "o"))
    for t in sorted(late):
        order.add(Entry(t, "i", "i"))
    taken = list(order.take(9.0, holding=False))
    assert [entry.t for entry in taken] == sorted(shown + late)
