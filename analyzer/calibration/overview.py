"""All figures of calibration over some sessions, as one value: for the terminal and the report.

Only puts together; what each figure is, its own module says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from analyzer.calibration.alpha import alpha_figure
from analyzer.calibration.deciding import Bearings, bearings
from analyzer.calibration.differing import (
    Apart,
    Changes,
    changes,
    differing,
    distribution,
    spread,
)
from analyzer.calibration.gwet import ac_figure
from analyzer.calibration.icc import Totals, totals_icc
from analyzer.calibration.judged import RECOMMENDATION, Judged, rated_things, ratings_of, totals
from analyzer.calibration.kappa import kappa_figure
from analyzer.calibration.leniency import Leniency, leniencies
from analyzer.calibration.ratings import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How alike one competency, or the recommendation, is rated.

    Attributes:
        exercise: Whose competency it is; None of the recommendation.
        name: The competency's id, or ``recommendation``.
        sessions: Sessions that two or more rated.
        levels: How often each level from 0 to 4 was given.
        alpha: Krippendorff's, ordinal, with its interval.
        kappa: Weighted (linear), the mean of pairs, with its interval; its cases are pairs.
        squared: The same with weights by squares.
        ac1: Gwet's AC1 with its interval.
        ac2: Gwet's AC2 with linear weights.
        spread: How far two raters of a session are apart on average, in levels.

    """

    exercise: str | None
    name: str
    sessions: int
    levels: tuple[int, ...]
    alpha: Figure
    kappa: Figure
    squared: Figure
    ac1: Figure
    ac2: Figure
    spread: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Calibration over some sessions.

    Attributes:
        sessions: How many have cards on the table.
        cards: How many cards those are.
        agreement: Per competency, the recommendation last.
        totals: Intraclass correlations of totals.
        leniency: Per rater.
        differing: Per session, the widest first.
        changes: How minds changed after the debrief opened.
        deciding: Signals against decisions.

    """

    sessions: int
    cards: int
    agreement: tuple[Agreement, ...]
    totals: Totals
    leniency: tuple[Leniency, ...]
    differing: tuple[Apart, ...]
    changes: Changes
    deciding: Bearings

    def as_json(self) -> dict[str, Any]:
        """Return all of it as JSON has it; the names are a contract."""
        return asdict(self)


def overview(sessions: Sequence[Judged], tell: Callable[[float], None] | None = None) -> Overview:
    """Return all figures of these sessions.

    Args:
        sessions: Those whose cards are on the table.
        tell: Is called with the share that is done, from 0 to 1.

    """
    things = rated_things(sessions)
    agreement = []
    for number, thing in enumerate(things, start=1):
        agreement.append(_agreement(sessions, thing))
        if tell is not None:
            tell(number / len(things))
    return Overview(
        sessions=len(sessions),
        cards=sum(len(each.first) for each in sessions),
        agreement=tuple(agreement),
        totals=totals_icc(totals(sessions)),
        leniency=leniencies(sessions),
        differing=differing(sessions),
        changes=changes(sessions),
        deciding=bearings(sessions),
    )


def _agreement(sessions: Sequence[Judged], thing: tuple[str | None, str]) -> Agreement:
    ratings = ratings_of(sessions, thing)
    apart = spread(ratings)
    return Agreement(
        exercise=None if thing[1] == RECOMMENDATION else thing[0],
        name=thing[1],
        sessions=apart.cases,
        levels=distribution(sessions, thing),
        alpha=alpha_figure(ratings),
        kappa=kappa_figure(ratings),
        squared=kappa_figure(ratings, "quadratic"),
        ac1=ac_figure(ratings),
        ac2=ac_figure(ratings, "linear"),
        spread=apart,
    )
