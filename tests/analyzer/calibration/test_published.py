"""Each statistic gives what its author printed for the author's own data, to the printed digits."""

from __future__ import annotations

import pytest

from analyzer.calibration.alpha import Metric, alpha
from analyzer.calibration.gwet import ac
from analyzer.calibration.icc import anova, correlations, one_way
from analyzer.calibration.kappa import disagreement, table_kappa
from analyzer.calibration.ratings import Ratings


def rated(**rows: str) -> Ratings:
    """Return ratings from a row of levels for each rater; a dot is a missing one."""
    return {
        rater: {f"u{place}": int(level) for place, level in enumerate(row.split()) if level != "."}
        for rater, row in rows.items()
    }


# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section D: four observers,
# twelve units, gaps.
FOUR_OBSERVERS = rated(
    a="1 2 3 3 2 1 4 1 2 . . .",
    b="1 2 3 3 2 2 4 1 2 5 . 3",
    c=". 3 3 3 2 3 4 2 2 5 1 .",
    d="1 2 3 3 2 4 4 1 2 5 1 .",
)


@pytest.mark.parametrize(
    ("metric", "printed"),
    [("nominal", "0.743"), ("ordinal", "0.815"), ("interval", "0.849"), ("ratio", "0.797")],
)
def test_alpha_of_krippendorffs_four_observers(metric: Metric, printed: str) -> None:
    assert f"{alpha(FOUR_OBSERVERS, metric):.3f}" == printed


def test_alpha_of_krippendorffs_two_observers_of_binary_data() -> None:
    # The same paper, section A.
    meg_and_owen = rated(meg="0 1 0 0 0 0 0 0 1 0", owen="1 1 1 0 0 1 0 0 0 0")
    assert f"{alpha(meg_and_owen, 'nominal'):.3f}" == "0.095"


def test_alpha_of_krippendorffs_two_observers_of_nominal_data() -> None:
    # The same paper, section B; a to e as 1 to 5.
    ben_and_gerry = rated(ben="1 1 2 2 4 3 3 3 5 4 4 1", gerry="2 1 2 2 2 3 3 3 5 4 4 4")
    assert f"{alpha(ben_and_gerry, 'nominal'):.3f}" == "0.692"


def test_alpha_of_three_coders_with_many_gaps() -> None:
    # The worked example of the encyclopedia's article "Krippendorff's alpha": 15 units.
    coders = rated(
        a=". . . . . 3 4 1 2 1 1 3 3 . 3",
        b="1 . 2 1 3 3 4 3 . . . . . . .",
        c=". . 2 1 3 4 4 . 2 1 1 3 3 . 4",
    )
    found = {metric: alpha(coders, metric) for metric in ("nominal", "interval")}
    assert {name: f"{value:.3f}" for name, value in found.items()} == {
        "nominal": "0.691",
        "interval": "0.811",
    }


# J. Cohen (1960, 1968): two psychiatrists, 200 patients: personality disorder, neurosis, psychosis.
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]


def test_kappa_of_cohens_psychiatrists() -> None:
    # J. Cohen, "A coefficient of agreement for nominal scales" (1960).
    assert f"{table_kappa(COHEN, disagreement(3, 'nominal')):.3f}" == "0.492"


def test_weighted_kappa_of_cohens_psychiatrists() -> None:
    # J. Cohen, "Weighted kappa" (1968), with his weights of disagreement.
    assert f"{table_kappa(COHEN, [[0, 1, 3], [1, 0, 6], [3, 6, 0]]):.3f}" == "0.348"


def test_kappa_and_ac1_of_gwets_high_agreement() -> None:
    # K. L. Gwet (2008): 125 cases, nearly all positive to both: kappa fails, AC1 does not.
    cells = {(1, 1): 118, (1, 2): 5, (2, 1): 2, (2, 2): 0}
    both = [pair for pair, count in cells.items() for _ in range(count)]
    ratings = {
        rater: {str(unit): float(pair[place]) for unit, pair in enumerate(both)}
        for place, rater in enumerate("ab")
    }
    assert f"{table_kappa([[118, 5], [2, 0]], disagreement(2, 'nominal')):.2f}" == "-0.02"
    assert f"{ac(ratings, levels=(1, 2)):.2f}" == "0.94"


def test_kappa_and_ac1_of_gwets_abstractors() -> None:
    # K. L. Gwet, Handbook (2014), 100 pregnancies, two abstractors; digits as his irrCAC prints.
    table = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
    both = [(r, c) for r in range(3) for c in range(3) for _ in range(table[r][c])]
    ratings = {
        rater: {str(unit): float(pair[place]) for unit, pair in enumerate(both)}
        for place, rater in enumerate("ab")
    }
    assert f"{table_kappa(table, disagreement(3, 'nominal')):.7f}" == "0.7964094"
    assert f"{ac(ratings, levels=(0, 1, 2)):.7f}" == "0.8493305"


def test_ac1_of_four_raters_with_gaps() -> None:
    # K. L. Gwet, Handbook (2014), Krippendorff's four observers; digits as his irrCAC prints.
    assert f"{ac(FOUR_OBSERVERS, levels=(1, 2, 3, 4, 5)):.5f}" == "0.77544"


# P. E. Shrout and J. L. Fleiss (1979), table 2: four judges of six targets.
SHROUT_FLEISS = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
]


def test_variances_of_shrout_and_fleiss() -> None:
    # Table 3: the mean squares.
    found = anova(SHROUT_FLEISS)
    printed = (found.between, found.within, found.judging, found.error)
    assert [f"{value:.2f}" for value in printed] == ["11.24", "6.26", "32.49", "1.02"]


def test_correlations_of_shrout_and_fleiss() -> None:
    # Table 4: the six coefficients.
    found = correlations(anova(SHROUT_FLEISS))
    printed = {
        "ICC(1,1)": (found.one_single, ".17"),
        "ICC(2,1)": (found.two_single, ".29"),
        "ICC(3,1)": (found.three_single, ".71"),
        "ICC(1,4)": (found.one_mean, ".44"),
        "ICC(2,4)": (found.two_mean, ".62"),
        "ICC(3,4)": (found.three_mean, ".91"),
    }
    assert {name: f"{value:.2f}".lstrip("0") for name, (value, _) in printed.items()} == {
        name: digits for name, (_, digits) in printed.items()
    }
    assert one_way(SHROUT_FLEISS) == pytest.approx((found.one_single, found.one_mean))
