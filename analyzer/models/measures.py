"""How good answers with probabilities are: precision, coverage, calibration; pure Python.

Numbers in, numbers out. What is measured, and on which split, is `trained/evaluation.py`'s.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

NEVER = 1.1
"""A threshold that no probability reaches."""

LEAST_ANSWERS = 20
"""Answers that a threshold must rest on: the precision of fewer is chance."""

BINS = 10

_STEPS = 1000
"""A threshold is a multiple of one part of these, so that the last bits of a score do not count."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with its probability, and whether it was right."""

    score: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of like probability: how many, their mean probability, the share that was right."""

    count: int
    score: float
    right: float


def threshold_at(answers: Sequence[Answer], precision: float) -> float:
    """Return the lowest score from which on answers are right that often; `NEVER` if there is none.

    Answers of one score are taken or left together.
    """
    best, taken, right = NEVER, 0, 0
    ordered = sorted(answers, key=lambda each: -each.score)
    for score, alike in groupby(ordered, key=lambda each: each.score):
        for each in alike:
            taken += 1
            right += each.right
        if taken >= LEAST_ANSWERS and right >= precision * taken:
            best = math.floor(score * _STEPS) / _STEPS
    return best


def average_precision(answers: Sequence[Answer], wanted: int) -> float:
    """Return the area under precision over recall, as steps; 0 where none is wanted.

    Answers of one score count together, so that their order does not matter. ``wanted`` is how
    many are to be found.
    """
    area, taken, right = 0.0, 0, 0
    ordered = sorted(answers, key=lambda each: -each.score)
    for _, alike in groupby(ordered, key=lambda each: each.score):
        before = right
        for each in alike:
            taken += 1
            right += each.right
        area += (right - before) * right / taken
    return area / wanted if wanted else 0.0


def bins_of(answers: Sequence[Answer]) -> tuple[Bin, ...]:
    """Return the answers in bins of a tenth of probability; empty ones are left out."""
    found: dict[int, list[Answer]] = {}
    for each in answers:
        found.setdefault(min(BINS - 1, int(each.score * BINS)), []).append(each)
    return tuple(
        Bin(
            count=len(inside),
            score=sum(each.score for each in inside) / len(inside),
            right=sum(each.right for each in inside) / len(inside),
        )
        for _, inside in sorted(found.items())
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: the mean distance of probability and reality."""
    total = sum(each.count for each in bins)
    return sum(each.count * abs(each.score - each.right) for each in bins) / total if total else 0.0
