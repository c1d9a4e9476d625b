"""Gwet's AC1 and, with weights, AC2: agreement whose chance part holds where nearly all is alike.

After K. L. Gwet, "Computing inter-rater reliability and its variance in the presence of high
agreement", British Journal of Mathematical and Statistical Psychology 61 (2008), and his Handbook
of Inter-Rater Reliability (4th edition, 2014), chapters 2 to 4, for weights and missing ratings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analyzer.calibration.bootstrap import interval, resamples
from analyzer.calibration.kappa import Weights, disagreement
from analyzer.calibration.ratings import LEAST_SESSIONS, LEVELS, Figure, Ratings, by_unit, too_few

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def ac(
    ratings: Ratings, weights: Weights = "nominal", levels: Sequence[float] = LEVELS
) -> float | None:
    """Return AC1, or AC2 where weights make some disagreements smaller than others.

    Args:
        ratings: Of any number of raters; a unit that one alone rated tells only of the levels.
        weights: ``nominal`` is AC1.
        levels: All that could be given, two or more, also where nobody did.

    Returns:
        At most 1, 0 is chance; None where no unit has two ratings.

    """
    import numpy as np  # noqa: PLC0415 - see the package

    counts = _counts(ratings, levels)
    found = _coefficients(counts, np.ones((1, len(counts))), weights)[0]
    return None if np.isnan(found) else float(found)


def ac_figure(
    ratings: Ratings, weights: Weights = "nominal", levels: Sequence[float] = LEVELS
) -> Figure:
    """Return the same with its interval, from sessions drawn again with replacement."""
    counts = _counts(ratings, levels)
    cases = int((counts.sum(axis=1) > 1).sum())
    if cases < LEAST_SESSIONS:
        return too_few(cases)
    low, high = interval(_coefficients(counts, resamples(len(counts)), weights))
    return Figure(value=ac(ratings, weights, levels), cases=cases, low=low, high=high)


def _counts(ratings: Ratings, levels: Sequence[float]) -> Floats:
    """Return how many gave each level to each unit, of shape (units, levels)."""
    import numpy as np  # noqa: PLC0415 - see the package

    place = {level: index for index, level in enumerate(levels)}
    units = by_unit(ratings)
    counts = np.zeros((len(units), len(levels)))
    for row, given in enumerate(units.values()):
        for level in given.values():
            counts[row, place[level]] += 1
    return counts


def _coefficients(counts: Floats, drawn: Floats, weights: Weights) -> Floats:
    """Return the coefficient of each draw of units; not a number where none has two ratings."""
    import numpy as np  # noqa: PLC0415 - see the package

    size = counts.shape[1]
    alike = 1 - np.asarray(disagreement(size, weights))
    raters = counts.sum(axis=1)
    both = raters > 1
    agreeing = np.zeros(len(counts))
    pairs = np.where(both, raters * (raters - 1), 1)
    agreeing[both] = ((counts * (counts @ alike - 1)).sum(axis=1) / pairs)[both]
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = (drawn @ agreeing) / (drawn @ both.astype(float))
        shares = (drawn @ (counts / raters[:, None])) / drawn.sum(axis=1, keepdims=True)
        chance = alike.sum() / (size * (size - 1)) * (shares * (1 - shares)).sum(axis=1)
        found: Floats = (observed - chance) / (1 - chance)
    return found
