"""Intervals by drawing sessions again, with replacement: the percentile bootstrap.

After B. Efron and R. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13. Sessions
are drawn and never single ratings: those of one session hang together. The seed is fixed, so that
the same ratings always give the same interval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRAWS = 2000
"""How often: enough for the 2.5% at either end to hold still in the second digit."""

SEED = 1970
"""Any number would do; that it is always the same matters."""

_ENDS = (2.5, 97.5)

_LEAST_SHARE = 0.5
"""Of the draws that have a value; with fewer the interval would describe lucky draws alone."""


def resamples(units: int, draws: int = DRAWS) -> Floats:
    """Return how often each unit is in each draw, of shape (draws, units); rows sum to ``units``.

    Raises:
        ValueError: There are no units.

    """
    import numpy as np  # noqa: PLC0415 - see the package

    if units < 1:
        raise ValueError("nothing to draw from")
    random = np.random.default_rng(SEED)
    return random.multinomial(units, np.full(units, 1 / units), size=draws).astype(float)


def interval(drawn: Floats) -> tuple[float | None, float | None]:
    """Return the 95% interval of a statistic's draws; Nones where most of them have no value."""
    import numpy as np  # noqa: PLC0415 - see the package

    known = drawn[~np.isnan(drawn)]
    if len(known) < _LEAST_SHARE * len(drawn):
        return None, None
    low, high = np.percentile(known, _ENDS)
    return float(low), float(high)
