"""Boosting gets what the regression gets: its features, its weights, a calibration."""

from __future__ import annotations

import random

from analyzer.models.trained.kinds import Examples
from analyzer.models.trained.trouble import FEATURES
from bench.support.boosting import Boosted, small_trees

COUNT = 600


def examples() -> Examples:
    """Return looks that are trouble where two features are high, half of the time by chance."""
    source = random.Random(4)
    rows, words = [], []
    for _ in range(COUNT):
        row = {name: source.random() for name in FEATURES["stuck"]} | {"not a feature": 5.0}
        high = row["failed-6"] > 0.5 and row["repeats"] > 0.5
        rows.append(row)
        words.append("stuck" if high and source.random() < 0.5 else "none")
    names = [f"p{number % 6}" for number in range(COUNT)]
    groups = {"persona": names, "family": names, "session": names, "origin": ["generated"] * COUNT}
    return Examples(rows=rows, words=words, groups=groups)


def test_it_says_about_how_likely_a_trouble_is_and_the_same_again() -> None:
    learnt = examples()
    model = Boosted("stuck", small_trees, learnt, 1)
    assert model.classes_ == ["none", "stuck"]
    wanted = learnt.rows[0] | {"failed-6": 0.9, "repeats": 0.9}
    # A feature that it was not told to look at changes nothing.
    rows = [wanted, wanted | {"failed-6": 0.1}, wanted | {"not a feature": -9.0}]
    (_, likely), (_, unlikely), (_, same) = model.predict_proba(rows).tolist()
    assert 0.25 < likely < 0.75
    assert unlikely < 0.15
    assert same == likely
    assert Boosted("stuck", small_trees, learnt, 1).predict_proba(rows)[0][1] == likely
