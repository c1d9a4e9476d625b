"""A model as plain numbers: what it refuses, and that its probabilities are probabilities."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from analyzer.models.linear import Linear
from tests.analyzer.models.sights import by_failures

VALID = by_failures().model_dump()


@given(st.dictionaries(st.sampled_from(VALID["names"]), st.floats(-1e6, 1e6)))
def test_a_row_of_anything_has_a_probability(row: dict[str, float]) -> None:
    assert 0.0 <= by_failures().probability(row) <= 1.0


def test_more_of_what_speaks_for_it_is_likelier() -> None:
    model = by_failures()
    assert model.probability({"failed-6": 2.0}) > model.probability({"failed-6": 1.0})


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": (1.0,)},
        {"scales": (0.0, 1.0, 1.0, 1.0)},
        {"low": 0.9},
        {"high": 3.0},
        {"intercept": float("nan")},
        {"more": 1},
    ],
)
def test_numbers_that_make_no_model_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Linear.model_validate(VALID | wrong)
