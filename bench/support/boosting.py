"""Gradient boosting over looks, to hold against the regression that ships; nothing of it ships.

It gets the same features, the same weights and the same calibration out of fold, so that what
differs is the learner alone. How it fares is `bench.learners`' to print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from analyzer.models.artifact import Row
from analyzer.models.trained.kinds import Examples
from analyzer.models.trained.trouble import FEATURES, NONE, weights_of
from analyzer.models.words import Trouble

_FOLDS = 5

Maker = Callable[[int], Any]
"""Makes an estimator that is not yet fitted, with a seed."""


def histograms(seed: int) -> Any:
    """Return trees over histograms as they come, stopped before they learn sessions by heart."""
    return HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=150, max_leaf_nodes=15, min_samples_leaf=40,
        l2_regularization=1.0, early_stopping=False, random_state=seed,
    )  # fmt: skip


def small_trees(seed: int) -> Any:
    """Return few shallow trees, each of a part of the examples."""
    return GradientBoostingClassifier(
        n_estimators=120, learning_rate=0.05, max_depth=2, min_samples_leaf=40, subsample=0.5,
        random_state=seed,
    )  # fmt: skip


class Boosted:
    """A fitted booster of one kind of trouble, whose odds are calibrated."""

    def __init__(self, kind: Trouble, make: Maker, learnt: Examples, seed: int) -> None:
        self._kind = kind
        self._make = make
        self._seed = seed
        self.classes_ = [NONE, kind]
        self._names = DictVectorizer(sparse=False).fit([_told(kind, learnt.rows[0])])
        table = self._table(learnt.rows)
        truth = np.array([word == kind for word in learnt.words])
        weights = np.array(weights_of(learnt))
        self._slope, self._offset = self._calibrated(table, truth, weights, learnt)
        self._model = make(seed).fit(table, truth, sample_weight=weights)

    def predict_proba(self, rows: Sequence[Row]) -> Any:
        """Return for each row the probability of no trouble, and of trouble."""
        odds = self._model.decision_function(self._table(rows)) * self._slope + self._offset
        found = 1 / (1 + np.exp(-np.clip(odds, -40, 40)))
        return np.column_stack([1 - found, found])

    def probability(self, row: Mapping[str, float]) -> float:
        """Return the probability of trouble at one look."""
        return float(self.predict_proba([row])[0][1])

    def _table(self, rows: Sequence[Row]) -> Any:
        return self._names.transform([_told(self._kind, row) for row in rows])

    def _calibrated(
        self, table: Any, truth: Any, weights: Any, learnt: Examples
    ) -> tuple[float, float]:
        """Return slope and offset that make odds as likely as they say, on people not learnt."""
        groups = list(learnt.groups["persona"])
        odds, asked = [], []
        for train, test in GroupKFold(min(_FOLDS, len(set(groups)))).split(table, groups=groups):
            model = self._make(self._seed).fit(
                table[train], truth[train], sample_weight=weights[train]
            )
            odds += model.decision_function(table[test]).tolist()
            asked += test.tolist()
        model = LogisticRegression(C=1e6).fit(
            np.array(odds).reshape(-1, 1), truth[asked], weights[asked]
        )
        return max(0.05, float(model.coef_[0][0])), float(model.intercept_[0])


def _told(kind: Trouble, row: Mapping[str, float]) -> dict[str, float]:
    return {name: row.get(name, 0.0) for name in FEATURES[kind]}
