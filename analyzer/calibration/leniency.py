"""Who rates high or low: each rater against those who sat in the same sessions.

Against the others of a session, never against everybody: who happened to see strong candidates is
not lenient.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analyzer.calibration.bootstrap import interval, resamples
from analyzer.calibration.judged import RECOMMENDATION, Judged
from analyzer.calibration.ratings import Figure, mean, too_few

LEAST_SHARED = 5
"""Sessions that a rater shared with others, below which one odd hour makes a habit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leniency:
    """How far a rater is above the others, in levels; below 0 is stricter.

    Attributes:
        rater: Who.
        figure: The mean over sessions of the mean over competencies, with its interval.
        sided: The interval holds only values on one side of 0: more than chance would show.

    """

    rater: str
    figure: Figure

    @property
    def sided(self) -> bool:
        """Whether the interval leaves 0 out."""
        low, high = self.figure.low, self.figure.high
        return low is not None and high is not None and (low > 0 or high < 0)


def leniencies(sessions: Iterable[Judged]) -> tuple[Leniency, ...]:
    """Return every rater's leniency, in order of their names."""
    differences: dict[str, list[float]] = {}
    for each in sessions:
        for rater in each.first:
            found = _above_others(each, rater)
            differences.setdefault(rater, [])
            if found is not None:
                differences[rater].append(found)
    return tuple(
        Leniency(rater=rater, figure=_figure(differences[rater])) for rater in sorted(differences)
    )


def _above_others(session: Judged, rater: str) -> float | None:
    """Return how far a rater is above the others of a session; None where nobody else rated it."""
    found = []
    for name, level in session.first[rater].items():
        others = [
            card[name]
            for other, card in session.first.items()
            if other != rater and card.get(name, 0)
        ]
        if level and others and name != RECOMMENDATION:
            found.append(level - mean(others))
    return mean(found) if found else None


def _figure(differences: Sequence[float]) -> Figure:
    import numpy as np  # noqa: PLC0415 - see the package

    cases = len(differences)
    if cases < LEAST_SHARED:
        return too_few(cases, LEAST_SHARED)
    low, high = interval(resamples(cases) @ np.asarray(differences) / cases)
    return Figure(value=mean(differences), cases=cases, low=low, high=high)
