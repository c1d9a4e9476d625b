from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from analyzer.models.measures import (
    LEAST_ANSWERS,
    NEVER,
    Answer,
    average_precision,
    bins_of,
    calibration_error,
    threshold_at,
)

ANSWERS = st.lists(st.builds(Answer, st.sampled_from([n / 20 for n in range(21)]), st.booleans()))


@given(ANSWERS)
def test_the_area_is_that_of_scikit_learn(answers: list[Answer]) -> None:
    right = [each.right for each in answers]
    if any(right):
        expected = average_precision_score(right, [each.score for each in answers])
        assert math.isclose(average_precision(answers, sum(right)), expected)
    else:
        assert average_precision(answers, 0) == 0


@given(ANSWERS, st.floats(0.1, 1))
def test_answers_from_a_threshold_on_are_precise_enough(
    answers: list[Answer], precision: float
) -> None:
    threshold = threshold_at(answers, precision)
    said = [each for each in answers if each.score >= threshold]
    if threshold == NEVER:
        assert said == []
    else:
        assert len(said) >= LEAST_ANSWERS
        assert sum(each.right for each in said) >= precision * len(said)
        assert threshold * 1000 == pytest.approx(round(threshold * 1000))


def test_the_lowest_threshold_that_will_do_is_taken() -> None:
    answers = [Answer(0.9, right=True)] * 40 + [Answer(0.5, right=False)] * 4
    assert threshold_at(answers, 0.9) == 0.5
    assert threshold_at(answers, 0.95) == 0.9
    assert threshold_at(answers[-4:], 0.1) == NEVER


@given(ANSWERS)
def test_bins_hold_every_answer_once(answers: list[Answer]) -> None:
    bins = bins_of(answers)
    assert sum(each.count for each in bins) == len(answers)
    assert 0 <= calibration_error(bins) <= 1


def test_honest_probabilities_have_a_small_calibration_error() -> None:
    chance = random.Random(1)
    scores = [chance.random() for _ in range(5000)]
    honest = [Answer(score, chance.random() < score) for score in scores]
    boasting = [Answer(1 - (1 - each.score) ** 3, each.right) for each in honest]
    assert calibration_error(bins_of(honest)) < 0.03
    assert calibration_error(bins_of(boasting)) == pytest.approx(0.25, abs=0.03)
