"""Models as plain numbers: probabilities that add up, and numbers that fit together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from analyzer.models.weights import Weights

WEIGHTS = Weights(
    words=("a", "b"), intercepts=(0.0, 0.0), weights={"one": (2.0, -2.0), "other": (0.0, 1.0)}
)


@given(st.dictionaries(st.sampled_from(["one", "other", "unknown"]), st.floats(-1e6, 1e6)))
def test_probabilities_add_up_whatever_the_row(row: dict[str, float]) -> None:
    assert sum(WEIGHTS.scores(row).values()) == pytest.approx(1)


def test_each_feature_speaks_for_its_word() -> None:
    assert WEIGHTS.scores({}) == {"a": 0.5, "b": 0.5}
    assert WEIGHTS.scores({"one": 1})["a"] > 0.9
    assert WEIGHTS.scores({"other": 3, "unknown": 9})["b"] > 0.9


@pytest.mark.parametrize(
    "wrong", [{"words": ("a",)}, {"intercepts": (1.0,)}, {"weights": {"one": (1.0,)}}]
)
def test_numbers_that_do_not_fit_together_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="as many"):
        Weights.model_validate(WEIGHTS.model_dump() | wrong)
