"""Who gave what to which session: the one form that all statistics here take, and its minimum.

A figure that rests on too little is no figure: it says what is lacking instead of a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Ratings = Mapping[str, Mapping[str, float]]
"""Rater to unit to level. What is not there is missing; level 0, "not enough to see", must not be
there: it is an answer about the session and no place on the scale."""

LEVELS = (1, 2, 3, 4)
"""The scale of a competency and of the recommendation."""

LEAST_SESSIONS = 8
"""Sessions that two or more rated, below which agreement has no figure: an interval drawn from
fewer spans nearly everything that the figure could be, and one session turns it over."""

ALIKE = "all ratings are the same"
"""Why a coefficient has no value: without differences between sessions nothing tells agreement
from a habit of giving everybody the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure, or why there is none.

    Attributes:
        value: It; None where ``why`` says what is lacking.
        low: The lower end of its 95% interval; None where there is none.
        high: The upper end.
        cases: What it rests on, sessions unless said otherwise.
        why: Why there is no value; empty where there is one.

    """

    value: float | None
    cases: int
    low: float | None = None
    high: float | None = None
    why: str = ""


def too_few(cases: int, needed: int = LEAST_SESSIONS, of: str = "") -> Figure:
    """Return the figure that is none, as it rests on too few cases."""
    words = f" {of}" if of else ""
    return Figure(value=None, cases=cases, why=f"too few: {cases} of {needed}{words} needed")


def by_unit(ratings: Ratings) -> dict[str, dict[str, float]]:
    """Return the same as unit to rater to level; units and raters in order of their names."""
    units = sorted({unit for given in ratings.values() for unit in given})
    return {
        unit: {rater: ratings[rater][unit] for rater in sorted(ratings) if unit in ratings[rater]}
        for unit in units
    }


def paired(ratings: Ratings) -> dict[str, dict[str, float]]:
    """Return, unit to rater to level, what two or more rated: only that can agree or differ."""
    return {unit: given for unit, given in by_unit(ratings).items() if len(given) > 1}


def levels_of(ratings: Ratings) -> tuple[float, ...]:
    """Return the levels that were given, each once, in their order."""
    return tuple(sorted({level for given in ratings.values() for level in given.values()}))


def mean(values: Iterable[float]) -> float:
    """Return the mean of what is not empty."""
    found = list(values)
    return sum(found) / len(found)
