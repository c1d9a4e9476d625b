"""Activities: what kind of work a turn is, where its program does not say: trying, mending.

Logistic regression over what the rules say of a turn and of its neighbours, and over its words.
Words count that occur in several families of sessions. Features are `analyzer.models.features`'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from analyzer.analysis import Pipeline
from analyzer.models.artifact import Row
from analyzer.models.by_rules import weighed
from analyzer.models.features import features_of
from analyzer.models.labels import LabelledPhase, LabelledSession
from analyzer.models.trained.kinds import Examples, Kind, Sources, Tell, shared
from analyzer.models.trained.store import Estimator
from analyzer.models.turns import Turn, turns_of
from analyzer.models.weights import Weights
from analyzer.models.words import RESTS
from analyzer.signals.loader import active_rules

LEAST_SESSIONS = 3
"""Sessions that a feature must occur in to be learnt from."""

_STRENGTH = 1.0
_STEPS = 600

_DIGITS = 5
"""Of the plain numbers: probabilities differ by less than anybody can see."""


def examples(sources: Sources, tell: Tell | None = None) -> Examples:
    """Return the turns of sessions, but those in which nobody worked."""
    return turn_examples(sources, lambda phase: phase.activity, tell)


def turn_examples(
    sources: Sources, word_of: Callable[[LabelledPhase], str], tell: Tell | None = None
) -> Examples:
    """Return the turns of sessions with a word of the phase that each is in."""
    rows: list[Row] = []
    words: list[str] = []
    times: list[float] = []
    groups: dict[str, list[str]] = {"session": [], "persona": [], "family": []}
    sessions = list(chain(sources.sessions(), sources.confirmed()))
    for number, session in enumerate(sessions):
        for turn, row, phase in _known_turns(session):
            rows.append(row)
            words.append(word_of(phase))
            times.append(turn.entered)
            for kind, names in groups.items():
                names.append(session.groups.get(kind, session.name))
        if tell is not None:
            tell((number + 1) / len(sessions))
    return Examples(rows=rows, words=words, groups=groups, times=times)


def _known_turns(session: LabelledSession) -> Iterator[tuple[Turn, Row, LabelledPhase]]:
    """Give the turns of a session with what is true at the moment of each."""
    pipeline = Pipeline(active_rules())
    for happening in session.happenings:
        pipeline.observe(happening)
    pipeline.finish()
    turns = turns_of(pipeline.observed)
    for turn, row in zip(turns, features_of(turns, weighed(turns)), strict=True):
        phase = _at(session.phases, turn.entered)
        if phase is not None and phase.activity not in RESTS:
            yield turn, row, phase


def _at(phases: Sequence[LabelledPhase], t: float) -> LabelledPhase | None:
    return next((phase for phase in phases if phase.start <= t < phase.until), None)


def fit(found: Examples, seed: int) -> Estimator:
    """Train on turns; each activity counts alike, however often it occurs."""
    rows = shared(found.rows, found.groups["session"], LEAST_SESSIONS)
    model = make_pipeline(
        DictVectorizer(dtype=numpy.float32),
        LogisticRegression(
            C=_STRENGTH, max_iter=_STEPS, class_weight="balanced", random_state=seed
        ),
    )
    fitted: Estimator = model.fit(rows, list(found.words))
    return fitted


def plain(estimator: Any, _thresholds: Mapping[str, float]) -> Weights:
    """Return a fitted model as plain numbers, which give the same probabilities."""
    names = estimator[0].get_feature_names_out()
    table = estimator[1].coef_.T
    return Weights(
        words=tuple(str(word) for word in estimator.classes_),
        intercepts=tuple(map(_short, estimator[1].intercept_)),
        weights={str(n): tuple(map(_short, line)) for n, line in zip(names, table, strict=True)},
    )


def _short(number: float) -> float:
    return round(float(number), _DIGITS)


def by_rules(row: Row) -> str | None:
    """Return what the rules say of a turn's activity."""
    said = {name.removeprefix("kind "): w for name, w in row.items() if name.startswith("kind ")}
    return max(said, key=said.__getitem__) if said else None


KIND = Kind(
    examples=examples,
    fit=fit,
    split_by=("family", "persona", "session"),
    by_rules=by_rules,
    plain=plain,
    good_at="telling trying and mending from installing and configuring, by what failed before",
    bad_at="reading, of which there are few examples; and what somebody checks before any change",
)
