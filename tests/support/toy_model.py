"""A kind of model that learns in a moment: which of three colours a row has most of."""

from __future__ import annotations

import random

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from analyzer.models.artifact import Row
from analyzer.models.kinds import Entry
from analyzer.models.trained.kinds import Examples, Kind, Sources, Tell
from analyzer.models.trained.store import Estimator

COLOURS = ("blue", "green", "red")
ENTRY = Entry(name="toy", title="colours", features=3, place=f"{__name__}:KIND")


def examples(_sources: Sources, tell: Tell | None = None) -> Examples:
    chance = random.Random(7)
    rows, words, groups = [], [], []
    for number in range(150):
        word = COLOURS[number % 3]
        row = {colour: chance.random() for colour in COLOURS}
        row[word] += 0.7
        rows.append(row)
        words.append(word)
        groups.append(f"box {number % 11}")
        if tell is not None:
            tell(number / 150)
    return Examples(rows=rows, words=words, groups={"box": groups})


def fit(found: Examples, seed: int) -> Estimator:
    model = make_pipeline(DictVectorizer(), LogisticRegression(random_state=seed))
    return model.fit(list(found.rows), list(found.words))


def by_rules(row: Row) -> str | None:
    return "red" if row.get("red", 0) > 1 else None


KIND = Kind(examples=examples, fit=fit, split_by=("box",), by_rules=by_rules)


def no_examples(_sources: Sources, _tell: Tell | None = None) -> Examples:
    return Examples(rows=[], words=[], groups={"box": []})


EMPTY_KIND = Kind(examples=no_examples, fit=fit, split_by=("box",), by_rules=by_rules)
EMPTY_ENTRY = Entry(name="empty", title="nothing", features=1, place=f"{__name__}:EMPTY_KIND")
