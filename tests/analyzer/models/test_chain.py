"""Smoothing: it would rather stay, changes for good reasons, and knows how sure it is."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.models.chain import smoothed

Word = Literal["a", "b", "c"]
STATES: tuple[Word, ...] = ("a", "b", "c")
steps = st.lists(st.dictionaries(st.sampled_from(STATES), st.floats(-5, 5)), max_size=6)


def words(said: list[dict[Word, float]], cost: float = 1.0) -> str:
    return "".join(state for state, _ in smoothed(said, STATES, cost))


def test_nothing_said_changes_nothing() -> None:
    assert words([{"b": 3.0}, {}, {}, {"b": 0.1}]) == "bbbb"


def test_a_weak_word_among_others_is_passed_over_and_a_strong_one_is_not() -> None:
    assert words([{"b": 3.0}, {"c": 1.5}, {"b": 3.0}]) == "bbb"
    assert words([{"b": 3.0}, {"c": 2.5}, {"b": 3.0}]) == "bcb"


def test_it_is_surer_of_what_more_speaks_for() -> None:
    (_, weak), (_, strong) = (
        smoothed([{"b": 1.0}], STATES, 1)[0],
        smoothed([{"b": 4.0}], STATES, 1)[0],
    )
    assert 1 / 3 < weak < strong < 1


@given(steps, st.floats(0, 4))
def test_no_other_path_is_better(said: list[dict[Word, float]], cost: float) -> None:
    def worth(path: tuple[Word, ...]) -> float:
        changes = sum(one != other for one, other in pairwise(path))
        return sum(at.get(s, 0.0) for at, s in zip(said, path, strict=True)) - cost * changes

    found = smoothed(said, STATES, cost)
    best = max((worth(path) for path in product(STATES, repeat=len(said))), default=0.0)
    assert worth(tuple(state for state, _ in found)) == pytest.approx(best)
    assert all(0 <= sure <= 1.000001 for _, sure in found)


def test_huge_and_many_words_do_no_harm() -> None:
    found = smoothed([{"a": 1e9}, {"b": -1e9}] * 3000, STATES, 1.0)
    assert {state for state, _ in found} == {"a"}
