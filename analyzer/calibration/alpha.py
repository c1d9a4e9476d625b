"""Krippendorff's alpha: agreement of any number of raters, some of whose ratings are missing.

After K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011): a matrix of
coincidences, observed and expected disagreement. Written here, as the packages that compute it are
under the GPL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from analyzer.calibration.bootstrap import interval, resamples
from analyzer.calibration.ratings import (
    ALIKE,
    LEAST_SESSIONS,
    Figure,
    Ratings,
    levels_of,
    paired,
    too_few,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Metric = Literal["nominal", "ordinal", "interval", "ratio"]
"""How far two levels are apart: any two are, by the ratings between them, by their difference, or
by their difference as a share of their sum."""


def alpha(ratings: Ratings, metric: Metric = "ordinal") -> float | None:
    """Return alpha, at most 1; 0 is what chance gives, below it is worse than chance.

    None where no unit has two ratings, or all ratings that could be paired are the same.
    """
    import numpy as np  # noqa: PLC0415 - see the package

    levels = levels_of(ratings)
    units = coincidences(ratings, levels)
    if not len(units):
        return None
    found = _alphas(units.sum(axis=0)[None], np.asarray(levels, dtype=float), metric)[0]
    return None if np.isnan(found) else float(found)


def alpha_figure(ratings: Ratings, metric: Metric = "ordinal") -> Figure:
    """Return alpha with its interval, from sessions drawn again with replacement."""
    import numpy as np  # noqa: PLC0415 - see the package

    levels = levels_of(ratings)
    units = coincidences(ratings, levels)
    if len(units) < LEAST_SESSIONS:
        return too_few(len(units))
    value = alpha(ratings, metric)
    if value is None:
        return Figure(value=None, cases=len(units), why=ALIKE)
    drawn = np.tensordot(resamples(len(units)), units, axes=1)
    low, high = interval(_alphas(drawn, np.asarray(levels, dtype=float), metric))
    return Figure(value=value, cases=len(units), low=low, high=high)


def coincidences(ratings: Ratings, levels: tuple[float, ...]) -> Floats:
    """Return each unit's matrix of coincidences, of shape (units, levels, levels).

    A unit of m ratings has m (m - 1) ordered pairs, each counted as 1 / (m - 1).
    """
    import numpy as np  # noqa: PLC0415 - see the package

    place = {level: index for index, level in enumerate(levels)}
    units = list(paired(ratings).values())
    found = np.zeros((len(units), len(levels), len(levels)))
    for index, given in enumerate(units):
        counts = np.zeros(len(levels))
        for level in given.values():
            counts[place[level]] += 1
        found[index] = (np.outer(counts, counts) - np.diag(counts)) / (len(given) - 1)
    return found


def _alphas(matrices: Floats, levels: Floats, metric: Metric) -> Floats:
    """Return the alpha of each matrix of coincidences; not a number where nothing varies."""
    import numpy as np  # noqa: PLC0415 - see the package

    margins = matrices.sum(axis=2)
    apart = _distances(margins, levels, metric)
    observed = (matrices * apart).sum(axis=(1, 2))
    expected = (margins[:, :, None] * margins[:, None, :] * apart).sum(axis=(1, 2))
    pairable = margins.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 1 - (pairable - 1) * observed / expected
    return np.where(expected > 0, found, np.nan)


def _distances(margins: Floats, levels: Floats, metric: Metric) -> Floats:
    """Return the squared distances between levels, for each row of margins."""
    import numpy as np  # noqa: PLC0415 - see the package

    if metric == "ordinal":
        # From the middle of one level's ratings to the middle of the other's, all between counted.
        middles = np.cumsum(margins, axis=1) - margins / 2
        return (middles[:, :, None] - middles[:, None, :]) ** 2
    difference = levels[:, None] - levels[None, :]
    if metric == "nominal":
        squared = (difference != 0).astype(float)
    elif metric == "interval":
        squared = difference**2
    else:
        total = levels[:, None] + levels[None, :]
        squared = np.divide(difference, total, out=np.zeros_like(difference), where=total != 0) ** 2
    return np.broadcast_to(squared, (len(margins), *squared.shape))
