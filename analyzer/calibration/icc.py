"""Intraclass correlations of totals: how much of what differs between totals is the sessions'.

After P. E. Shrout and J. L. Fleiss, "Intraclass correlations: uses in assessing rater
reliability", Psychological Bulletin 86 (1979). One-way with unequal numbers of raters after
A. Donner, "A review of inference procedures for the intraclass correlation coefficient",
International Statistical Review 54 (1986).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analyzer.calibration.ratings import (
    ALIKE,
    LEAST_SESSIONS,
    Figure,
    Ratings,
    by_unit,
    mean,
    paired,
    too_few,
)

Rows = Sequence[Sequence[float]]
"""A row for each session, in it a value for each rater."""

_LEAST = 2
"""Sessions, and raters of one, without which there is no variance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anova:
    """The table of a two-way analysis of variance, one value a cell: mean squares.

    Attributes:
        targets: n, the sessions.
        judges: k, the raters.
        between: Between sessions (BMS), n - 1 degrees of freedom.
        within: Within them (WMS), n (k - 1).
        judging: Between raters (JMS), k - 1.
        error: What is left (EMS), (n - 1) (k - 1).

    """

    targets: int
    judges: int
    between: float
    within: float
    judging: float
    error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlations:
    """The six of Shrout and Fleiss; at most 1, None where a denominator is nought.

    The first number is the model (1: other raters each time; 2: the same raters, a sample of all;
    3: these raters alone), the second whose total it is about, one rater's or the mean of all k.
    """

    one_single: float | None
    two_single: float | None
    three_single: float | None
    one_mean: float | None
    two_mean: float | None
    three_mean: float | None


def anova(rows: Rows) -> Anova:
    """Return the analysis of variance of a whole table.

    Raises:
        ValueError: It has gaps, or fewer than two rows or columns.

    """
    targets, judges = len(rows), len(rows[0]) if rows else 0
    if targets < _LEAST or judges < _LEAST or any(len(row) != judges for row in rows):
        raise ValueError("two sessions and two raters of all of them are needed")
    whole = mean(value for row in rows for value in row)
    middles = [mean(row) for row in rows]
    columns = [mean(row[judge] for row in rows) for judge in range(judges)]
    between = judges * sum((each - whole) ** 2 for each in middles)
    judging = targets * sum((each - whole) ** 2 for each in columns)
    within = sum(
        (value - middle) ** 2 for row, middle in zip(rows, middles, strict=True) for value in row
    )
    error = sum(
        (value - middle - column + whole) ** 2
        for row, middle in zip(rows, middles, strict=True)
        for value, column in zip(row, columns, strict=True)
    )
    return Anova(
        targets=targets,
        judges=judges,
        between=between / (targets - 1),
        within=within / (targets * (judges - 1)),
        judging=judging / (judges - 1),
        error=error / ((targets - 1) * (judges - 1)),
    )


def correlations(found: Anova) -> Correlations:
    """Return the six coefficients of an analysis of variance."""
    n, k = found.targets, found.judges
    between, within, error = found.between, found.within, found.error
    bias = (found.judging - error) / n
    return Correlations(
        one_single=_share(between - within, between + (k - 1) * within),
        two_single=_share(between - error, between + (k - 1) * error + k * bias),
        three_single=_share(between - error, between + (k - 1) * error),
        one_mean=_share(between - within, between),
        two_mean=_share(between - error, between + bias),
        three_mean=_share(between - error, between),
    )


def one_way(groups: Sequence[Sequence[float]]) -> tuple[float | None, float | None]:
    """Return ICC(1,1) and ICC(1,k) of groups of unequal size; k is then Donner's mean size.

    With groups of one size they are those of Shrout and Fleiss. None where nothing varies.

    Raises:
        ValueError: There are fewer than two groups, or no group has two values.

    """
    sizes = [len(each) for each in groups]
    total = sum(sizes)
    if len(groups) < _LEAST or total <= len(groups) or 0 in sizes:
        raise ValueError("two sessions are needed, and two raters of one")
    whole = mean(value for each in groups for value in each)
    between = sum(len(each) * (mean(each) - whole) ** 2 for each in groups) / (len(groups) - 1)
    within = sum((value - mean(each)) ** 2 for each in groups for value in each)
    within /= total - len(groups)
    size = (total - sum(each**2 for each in sizes) / total) / (len(groups) - 1)
    return (
        _share(between - within, between + (size - 1) * within),
        _share(between - within, between),
    )


def _share(part: float, whole: float) -> float | None:
    return None if whole <= 0 else part / whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The correlations of totals, as far as there is enough for each.

    Attributes:
        single: ICC(1,1): what one total tells, whoever gave it.
        averaged: ICC(1,k): what the mean of a session's totals tells.
        panel: The raters who sat in the most sessions together; empty where none did often enough.
        sessions: How many those are.
        six: All six, over these alone; None without a panel.

    """

    single: Figure
    averaged: Figure
    panel: tuple[str, ...]
    sessions: int
    six: Correlations | None


def totals_icc(totals: Ratings) -> Totals:
    """Return the correlations of totals: one-way over all, all six over the largest whole panel."""
    groups = [list(each.values()) for each in paired(totals).values()]
    panel, sessions = whole_panel(totals)
    rows = [[totals[rater][unit] for rater in panel] for unit in sessions]
    if len(groups) < LEAST_SESSIONS:
        single = averaged = too_few(len(groups))
    else:
        single, averaged = (_figure(each, len(groups)) for each in one_way(groups))
    return Totals(
        single=single,
        averaged=averaged,
        panel=panel,
        sessions=len(sessions),
        six=correlations(anova(rows)) if panel else None,
    )


def whole_panel(ratings: Ratings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the raters and the sessions of the largest table without gaps that is large enough.

    Looked for among raters who sat together in some session, and pairs of these.
    """
    units = by_unit(ratings)
    panels = {tuple(given) for given in units.values() if len(given) > 1}
    pairs = {(a, b) for panel in panels for a in panel for b in panel if a < b}
    best: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    for panel in sorted(panels | pairs):
        sessions = tuple(unit for unit, given in units.items() if given.keys() >= set(panel))
        cells = len(panel) * len(sessions)
        if len(sessions) >= LEAST_SESSIONS and cells > len(best[0]) * len(best[1]):
            best = (panel, sessions)
    return best


def _figure(value: float | None, cases: int) -> Figure:
    return Figure(value=value, cases=cases, why=ALIKE if value is None else "")
