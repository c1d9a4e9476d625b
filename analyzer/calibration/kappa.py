"""Weighted kappa: two raters of the same sessions; for more, the mean over pairs.

After J. Cohen, "Weighted kappa", Psychological Bulletin 70 (1968); the weights by squares after
J. L. Fleiss and J. Cohen, Educational and Psychological Measurement 33 (1973), the mean over pairs
after R. J. Light, Psychological Bulletin 76 (1971).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from analyzer.calibration.bootstrap import interval, resamples
from analyzer.calibration.ratings import (
    ALIKE,
    LEAST_SESSIONS,
    LEVELS,
    Figure,
    Ratings,
    mean,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Weights = Literal["nominal", "linear", "quadratic"]

Table = Sequence[Sequence[float]]
Pair = tuple[str, str]
"""Two raters, by their names."""


def disagreement(size: int, weights: Weights) -> list[list[float]]:
    """Return how grave each disagreement is, of shape (size, size), from 0 to 1."""
    reach = max(size - 1, 1)
    powers = {"linear": 1, "quadratic": 2}
    if weights == "nominal":
        return [[float(row != column) for column in range(size)] for row in range(size)]
    return [
        [(abs(row - column) / reach) ** powers[weights] for column in range(size)]
        for row in range(size)
    ]


def table_kappa(table: Table, weights: Table) -> float | None:
    """Return kappa of a table: one rater's levels in rows, the other's in columns.

    Args:
        table: Counts or shares, square.
        weights: How grave each disagreement is, 0 on the diagonal; of any scale.

    Returns:
        At most 1, 0 is chance; None where chance could not make the two differ.

    """
    whole = sum(map(sum, table))
    rows = [sum(row) for row in table]
    columns = [sum(row[index] for row in table) for index in range(len(table))]
    places = [(row, column) for row in range(len(table)) for column in range(len(table))]
    observed = sum(weights[r][c] * table[r][c] for r, c in places)
    expected = sum(weights[r][c] * rows[r] * columns[c] for r, c in places)
    return None if expected <= 0 else 1 - observed * whole / expected


def cross_table(
    ratings: Ratings, pair: Pair, levels: Sequence[float] = LEVELS
) -> list[list[float]]:
    """Return how often the first gave this level and the second that one, to the same unit."""
    first, second = (ratings[rater] for rater in pair)
    place = {level: index for index, level in enumerate(levels)}
    table = [[0.0] * len(levels) for _ in levels]
    for unit in first.keys() & second.keys():
        table[place[first[unit]]][place[second[unit]]] += 1
    return table


def kappa_figure(
    ratings: Ratings, weights: Weights = "linear", levels: Sequence[float] = LEVELS
) -> Figure:
    """Return the mean kappa of all pairs who rated enough sessions together; cases are pairs.

    With its interval, from the sessions of these pairs drawn again with replacement.
    """
    together = {
        pair: len(ratings[pair[0]].keys() & ratings[pair[1]].keys())
        for pair in combinations(sorted(ratings), 2)
    }
    enough = [pair for pair, count in together.items() if count >= LEAST_SESSIONS]
    if not enough:
        most = max(together.values(), default=0)
        why = f"too few: no two share {LEAST_SESSIONS} sessions, at most {most}"
        return Figure(value=None, cases=0, why=why)
    grave = disagreement(len(levels), weights)
    found = [table_kappa(cross_table(ratings, pair, levels), grave) for pair in enough]
    known = [each for each in found if each is not None]
    if not known:
        return Figure(value=None, cases=0, why=ALIKE)
    low, high = interval(_drawn_means(ratings, enough, grave, levels))
    return Figure(value=mean(known), cases=len(known), low=low, high=high)


def _drawn_means(
    ratings: Ratings, pairs: Sequence[Pair], weights: Table, levels: Sequence[float]
) -> Floats:
    """Return the mean kappa of these pairs in each draw; not a number where none has one.

    All pairs share a draw: what two of them rated in one session hangs together.
    """
    import numpy as np  # noqa: PLC0415 - see the package

    shared = {pair: ratings[pair[0]].keys() & ratings[pair[1]].keys() for pair in pairs}
    units = {unit: row for row, unit in enumerate(sorted(frozenset().union(*shared.values())))}
    drawn = resamples(len(units))
    place = {level: index for index, level in enumerate(levels)}
    total, count = np.zeros(len(drawn)), np.zeros(len(drawn))
    for (first, second), those in shared.items():
        cells = np.zeros((len(units), len(levels), len(levels)))
        for unit in those:
            cells[units[unit], place[ratings[first][unit]], place[ratings[second][unit]]] = 1
        found = _kappas(np.tensordot(drawn, cells, axes=1), np.asarray(weights, dtype=float))
        known = ~np.isnan(found)
        total[known] += found[known]
        count += known
    with np.errstate(invalid="ignore"):
        means: Floats = total / count
    return means


def _kappas(tables: Floats, weights: Floats) -> Floats:
    """Return what `table_kappa` gives for each table; not a number in place of None."""
    import numpy as np  # noqa: PLC0415 - see the package

    rows, columns = tables.sum(axis=2), tables.sum(axis=1)
    observed = (tables * weights).sum(axis=(1, 2)) * tables.sum(axis=(1, 2))
    expected = (rows[:, :, None] * columns[:, None, :] * weights).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - observed / expected, np.nan)
