"""What holds of every coefficient, whatever the ratings: order, names, gaps, bounds, chance."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from analyzer.calibration.alpha import alpha, alpha_figure
from analyzer.calibration.bootstrap import interval, resamples
from analyzer.calibration.gwet import ac, ac_figure
from analyzer.calibration.icc import anova, correlations, one_way, totals_icc, whole_panel
from analyzer.calibration.kappa import (
    Weights,
    cross_table,
    disagreement,
    kappa_figure,
    table_kappa,
)
from analyzer.calibration.ratings import LEAST_SESSIONS, LEVELS

Given = dict[str, dict[str, float]]
Coefficient = Callable[[Given], float | None]

UNITS = [f"s{number}" for number in range(10)]
levels = st.sampled_from(LEVELS).map(float)
ratings = st.dictionaries(
    st.sampled_from(["ada", "grace", "heidi", "ivan"]),
    st.dictionaries(st.sampled_from(UNITS), levels),
    max_size=4,
)
whole = st.lists(st.lists(levels, min_size=3, max_size=3), min_size=2, max_size=12)


def first_pair(given_ratings: Given) -> float | None:
    names = sorted(given_ratings)[:2]
    if len(names) < 2:
        return None
    table = cross_table(given_ratings, (names[0], names[1]))
    return table_kappa(table, disagreement(4, "linear"))


COEFFICIENTS: Mapping[str, Coefficient] = {
    "nominal alpha": lambda each: alpha(each, "nominal"),
    "ordinal alpha": alpha,
    "interval alpha": lambda each: alpha(each, "interval"),
    "AC1": ac,
    "AC2": lambda each: ac(each, "quadratic"),
    "kappa": first_pair,
}
each_coefficient = pytest.mark.parametrize("name", COEFFICIENTS)


def same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, abs_tol=1e-9)


@each_coefficient
@settings(max_examples=30)
@given(found=ratings, data=st.data())
def test_neither_order_nor_names_of_raters_and_units_matter(
    name: str, found: Given, data: st.DataObject
) -> None:
    units = dict(zip(UNITS, data.draw(st.permutations([f"u{n}" for n in range(10)])), strict=True))
    # Kappa is of the first two: they change places among themselves.
    raters = dict(zip(sorted(found), "badc", strict=False))
    renamed = {
        raters[rater]: {units[unit]: level for unit, level in reversed(given.items())}
        for rater, given in reversed(found.items())
    }
    coefficient = COEFFICIENTS[name]
    assert same(coefficient(found), coefficient(renamed))


@each_coefficient
@settings(max_examples=30)
@given(found=ratings)
def test_none_is_above_one_and_none_is_no_number(name: str, found: Given) -> None:
    value = COEFFICIENTS[name](found)
    assert value is None or (math.isfinite(value) and value <= 1 + 1e-12)


@each_coefficient
@settings(max_examples=30)
@given(row=st.dictionaries(st.sampled_from(UNITS), levels, min_size=2))
def test_raters_who_always_agree_have_one(name: str, row: dict[str, float]) -> None:
    value = COEFFICIENTS[name]({"ada": row, "grace": dict(row), "heidi": dict(row)})
    if len(set(row.values())) == 1 and not name.startswith("AC"):
        assert value is None
    else:
        assert value == pytest.approx(1)


@pytest.mark.parametrize("name", ["nominal alpha", "ordinal alpha", "interval alpha", "kappa"])
@settings(max_examples=30)
@given(found=ratings.filter(lambda each: len(each) > 1), level=levels)
def test_what_one_alone_rated_is_ignored(name: str, found: Given, level: float) -> None:
    coefficient = COEFFICIENTS[name]
    first, *others = sorted(found)
    more = {**{each: found[each] for each in others}, first: {**found[first], "alone": level}}
    assert same(coefficient(found), coefficient(more))


@settings(max_examples=30)
@given(found=ratings)
def test_a_rater_who_rated_nothing_is_ignored(found: Given) -> None:
    for name, coefficient in COEFFICIENTS.items():
        if name != "kappa":
            assert same(coefficient(found), coefficient({**found, "zoe": {}}))


@settings(max_examples=30)
@given(pairs=st.lists(st.tuples(levels, levels), min_size=2, max_size=20))
@pytest.mark.parametrize("weights", ["linear", "quadratic"])
def test_kappa_is_scikit_learns(pairs: list[tuple[float, float]], weights: str) -> None:
    found = {
        rater: {str(unit): pair[place] for unit, pair in enumerate(pairs)}
        for place, rater in enumerate("ab")
    }
    own = table_kappa(cross_table(found, ("a", "b")), disagreement(4, weights))
    if own is None:
        assert len({level for pair in pairs for level in pair}) == 1
        return
    one, other = zip(*pairs, strict=True)
    assert own == pytest.approx(cohen_kappa_score(one, other, labels=LEVELS, weights=weights))


@settings(max_examples=30)
@given(table=st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=4, max_size=4))
def test_quadratic_kappa_is_a_correlation_of_agreement(table: list[list[int]]) -> None:
    # Fleiss and Cohen (1973): twice the covariance over the variances and the squared bias.
    pairs = [(r, c) for r in range(4) for c in range(4) for _ in range(table[r][c])]
    own = table_kappa(table, disagreement(4, "quadratic"))
    if own is None:
        return
    count = len(pairs)
    one, other = (sum(pair[place] for pair in pairs) / count for place in (0, 1))
    common = sum((a - one) * (b - other) for a, b in pairs) / count
    spread = sum((a - one) ** 2 + (b - other) ** 2 for a, b in pairs) / count
    assert own == pytest.approx(2 * common / (spread + (one - other) ** 2))


@settings(max_examples=30)
@given(rows=whole)
def test_equal_groups_have_the_same_one_way_correlation_by_both_formulas(
    rows: list[list[float]],
) -> None:
    six = correlations(anova(rows))
    for own, printed in zip(one_way(rows), (six.one_single, six.one_mean), strict=True):
        assert (own is None) == (printed is None) or six.one_single == pytest.approx(0)
        if own is not None and printed is not None:
            assert own == pytest.approx(printed)


@settings(max_examples=30)
@given(rows=whole, shift=st.floats(-5, 5))
def test_a_rater_who_is_always_lower_costs_agreement_but_not_order(
    rows: list[list[float]], shift: float
) -> None:
    before = correlations(anova(rows))
    after = correlations(anova([[row[0] + shift, *row[1:]] for row in rows]))
    if before.three_single is not None and after.three_single is not None:
        assert after.three_single == pytest.approx(before.three_single, abs=1e-6)


def test_below_the_minimum_there_is_no_figure_and_it_says_why() -> None:
    few = {rater: {f"s{n}": float(n % 4 + 1) for n in range(3)} for rater in ("ada", "grace")}
    for figure in (alpha_figure(few), ac_figure(few), totals_icc(few).single):
        assert (figure.value, figure.cases) == (None, 3)
        assert figure.why == "too few: 3 of 8 needed"
    assert kappa_figure(few).why == "too few: no two share 8 sessions, at most 3"
    assert totals_icc(few).six is None


def test_at_the_minimum_there_are_figures_with_intervals_that_hold_them() -> None:
    some = {
        "ada": {f"s{n}": float(n % 4 + 1) for n in range(LEAST_SESSIONS)},
        "grace": {f"s{n}": float(min(4, n % 4 + 1 + n % 2)) for n in range(LEAST_SESSIONS)},
    }
    for figure in (alpha_figure(some), ac_figure(some), kappa_figure(some)):
        assert figure.value is not None
        assert figure.low is not None
        assert figure.high is not None
        assert -1 <= figure.low < figure.value < figure.high <= 1
    assert alpha_figure(some) == alpha_figure(some)
    assert kappa_figure(some) == kappa_figure(some)
    assert kappa_figure(some).cases == 1
    assert totals_icc(some).six is not None


@settings(max_examples=8, deadline=None)
@given(
    rows=st.lists(
        st.fixed_dictionaries({"ada": levels, "grace": levels}, optional={"heidi": levels}),
        min_size=LEAST_SESSIONS,
        max_size=16,
    ),
    weights=st.sampled_from(["nominal", "linear", "quadratic"]),
)
def test_the_interval_of_kappa_is_of_each_draws_mean_over_pairs(
    rows: list[dict[str, float]], weights: Weights
) -> None:
    found: Given = {
        rater: {f"s{n:02}": row[rater] for n, row in enumerate(rows) if rater in row}
        for rater in ("ada", "grace", "heidi")
    }
    shared = {
        pair: found[pair[0]].keys() & found[pair[1]].keys() for pair in combinations(found, 2)
    }
    pairs = [pair for pair, units in shared.items() if len(units) >= LEAST_SESSIONS]
    figure = kappa_figure(found, weights)
    if figure.value is None:
        assert (figure.low, figure.high) == (None, None)
        return
    units = sorted(set().union(*(shared[pair] for pair in pairs)))
    means = []
    for draw in resamples(len(units)):
        times = dict(zip(units, draw, strict=True))
        kappas = []
        for pair in pairs:
            table = [[0.0] * 4 for _ in range(4)]
            for unit in shared[pair]:
                one, other = (int(found[rater][unit]) - 1 for rater in pair)
                table[one][other] += times[unit]
            kappas.append(table_kappa(table, disagreement(4, weights)))
        known = [each for each in kappas if each is not None]
        means.append(sum(known) / len(known) if known else math.nan)
    low, high = interval(np.asarray(means))
    assert same(figure.low, low)
    assert same(figure.high, high)


def test_where_nothing_varies_there_is_no_alpha_and_it_says_so() -> None:
    same_for_all = {rater: {f"s{n}": 3.0 for n in range(9)} for rater in ("ada", "grace")}
    assert alpha_figure(same_for_all).why == "all ratings are the same"
    assert kappa_figure(same_for_all).why == "all ratings are the same"
    assert ac_figure(same_for_all).value == 1
    assert totals_icc(same_for_all).single.why == "all ratings are the same"


def test_the_panel_is_the_largest_table_without_gaps() -> None:
    sat = {
        "ada": {f"s{n}": 1.0 for n in range(20)},
        "grace": {f"s{n}": 2.0 for n in range(16)},
        "heidi": {f"s{n}": 3.0 for n in range(9)},
    }
    panel, sessions = whole_panel(sat)
    assert panel == ("ada", "grace")
    assert len(sessions) == 16
    assert whole_panel({"ada": sat["ada"]}) == ((), ())
