"""Learns what stuck and rabbit-hole look like: logistic regressions, calibrated out of fold.

What comes out scores without scikit-learn too, as plain numbers (`analyzer.models.linear`): whoever
follows a session has no second for a library. What a look holds is `analyzer.models.windows`'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analyzer.models.alarms import SHARE
from analyzer.models.artifact import ModelError, Row
from analyzer.models.examples.hurdles import with_hurdles
from analyzer.models.labels import LabelledSession
from analyzer.models.linear import NEVER, Linear
from analyzer.models.looks import Looked, looked
from analyzer.models.measured import alarm_figures, rule_tags, ruled_at
from analyzer.models.trained.kinds import Answers, Examples, Kind, Scores, Sources, Tell
from analyzer.models.trained.store import Estimator
from analyzer.models.words import Trouble
from analyzer.signals.loader import shipped_rules

FEATURES: Mapping[Trouble, tuple[str, ...]] = {
    "stuck": (
        "failed-2", "failed-6", "failed-15", "failed-share-6-share", "failed-share-15-share",
        "same-error-6", "same-error-15", "program-failed", "program-failed-span", "failed-age",
        "failing-span", "failed-since-progress", "repeats", "repeats-failed", "progress-age",
        "slips-6", "stopped-6", "reads-6", "logs-6", "removes-6", "moves-6", "forces-6",
        "edits-6", "same-file", "tries-since-progress",
    ),
    "rabbit-hole": (
        "off-6", "off-15", "off-since-on", "off-span", "off-running-span", "on-age", "on-6",
        "on-6-share", "on-15-share", "work-since-on", "looks-since-on", "edits-off", "edits-on",
        "progress-age", "reads-6", "moves-6",
    ),
}  # fmt: skip
"""What each kind is told by: failures that go on, or where the work went. Not how fast somebody
works: that is the person, and not the trouble."""

NONE = "none"
RULED = "ruled"
"""A feature that no model is given: a rule tells of the trouble at that moment."""

HURDLES = 60
_SEED = 3
_FOLDS = 5
STRENGTH = 0.1
"""How freely weights may grow (scikit-learn's C)."""
FALSE_MOST = 0.3
"""False alarms an hour out of fold that a threshold may cost: a third of what is promised, as real
sessions have more in them than those that are made up."""
LOWEST = 50
"""Per cent below which nothing is an alarm: it would be less likely than not, by its own word."""
BAND = 0.5
"""What ends an alarm, as a share of what raises one."""
CONFIRMED = "confirmed"
_HEAVIEST = 50.0
"""What a look that a human judged weighs at most, where one that was made up weighs 1."""

_known: dict[str, Looked] = {}
"""Made-up sessions that were looked at: every kind learns from the same."""


def examples(kind: Trouble, sources: Sources, tell: Tell | None = None) -> Examples:
    """Return the looks whose truth is plain, and at which there was something to see."""

    def looked_at() -> Iterator[Looked]:
        for number, each in enumerate(sessions_of(sources)):
            yield _looked(each)
            if tell is not None:
                tell(min(1.0, (number + 1) / (2 * HURDLES)))

    return looks_of(kind, looked_at())


def looks_of(kind: Trouble, sessions: Iterable[Looked]) -> Examples:
    """Return such looks of sessions that were looked at."""
    rows: list[Row] = []
    words: list[str] = []
    times: list[float] = []
    groups: dict[str, list[str]] = {"persona": [], "family": [], "session": [], "origin": []}
    for each in sessions:
        own = {"session": each.name, "origin": each.origin} | each.groups
        for t, row, answer in _plain_looks(kind, each):
            rows.append(row)
            words.append(kind if answer else NONE)
            times.append(t)
            for name, names in groups.items():
                names.append(own.get(name, each.name))
    return Examples(rows=rows, words=words, groups=groups, times=times)


def sessions_of(sources: Sources) -> Iterable[LabelledSession]:
    """Return the sessions to learn from; those with hurdles go with those that are made up."""
    hurdles = () if sources.data == CONFIRMED else with_hurdles(_SEED, HURDLES)
    return chain(sources.sessions(), hurdles, sources.confirmed())


def _looked(session: LabelledSession) -> Looked:
    if session.origin != "generated":
        return looked(session, shipped_rules())
    if session.name not in _known:
        _known[session.name] = looked(session, shipped_rules())
    return _known[session.name]


def _plain_looks(kind: Trouble, session: Looked) -> Iterator[tuple[float, Row, bool]]:
    tags = rule_tags(session, kind)
    for look in session.looks:
        answer = session.answer(kind, look.t)
        if look.window is None or not look.window.lively or answer is None:
            continue
        row = {name: look.window.row[name] for name in FEATURES[kind]}
        yield look.t, row | {RULED: float(ruled_at(tags, look.t))}, answer


def fit(kind: Trouble, learnt: Examples, seed: int) -> Estimator:
    """Learn one kind of trouble; its probabilities are calibrated on groups not learnt from.

    Raises:
        ModelError: There is no trouble among the examples, or nothing else.

    """
    if len(set(learnt.words)) < 2:  # noqa: PLR2004 - nothing to tell apart
        raise ModelError(f"too few sessions hold {kind} to learn it", "use --data both")
    del seed  # nothing here is left to chance
    weights = weights_of(learnt)
    slope, offset = _calibration(kind, learnt, weights)
    model = _fitted(kind, learnt.rows, learnt.words, weights)
    last = model[-1]
    last.coef_ = last.coef_ * slope
    last.intercept_ = last.intercept_ * slope + offset
    found: Estimator = model
    return found


def _fitted(
    kind: Trouble, rows: Sequence[Row], words: Sequence[str], weights: Sequence[float]
) -> Any:
    table = [{name: row[name] for name in FEATURES[kind]} for row in rows]
    model = make_pipeline(
        DictVectorizer(sparse=False),
        StandardScaler(),
        LogisticRegression(C=STRENGTH, max_iter=2000),
    )
    # Words in order: NONE comes before either trouble, and so probabilities are the trouble's.
    return model.fit(table, list(words), logisticregression__sample_weight=list(weights))


def weights_of(learnt: Examples) -> list[float]:
    """Let what humans judged weigh as much as half of what is made up."""
    origins = learnt.groups["origin"]
    judged = sum(each == CONFIRMED for each in origins)
    made_up = len(origins) - judged
    weight = min(_HEAVIEST, max(1.0, made_up / 2 / judged)) if judged and made_up else 1.0
    return [weight if each == CONFIRMED else 1.0 for each in origins]


def _calibration(kind: Trouble, learnt: Examples, weights: list[float]) -> tuple[float, float]:
    """Return slope and offset that make odds out of fold as likely as they say."""
    groups = list(learnt.groups["persona"])
    count = min(_FOLDS, len(set(groups)))
    if count < 2:  # noqa: PLR2004 - nobody is left to ask
        return 1.0, 0.0
    odds, truth, weighs = [], [], []
    for train, test in GroupKFold(count).split(groups, groups=groups):
        words = [learnt.words[place] for place in train]
        if len(set(words)) < 2:  # noqa: PLR2004 - nothing to tell apart
            continue
        model = _fitted(kind, [learnt.rows[p] for p in train], words, [weights[p] for p in train])
        odds += model.decision_function([learnt.rows[p] for p in test]).tolist()
        truth += [learnt.words[p] == kind for p in test]
        weighs += [weights[p] for p in test]
    if len(set(truth)) < 2:  # noqa: PLR2004 - nothing to tell apart
        return 1.0, 0.0
    model = LogisticRegression(C=1e6).fit(np.array(odds).reshape(-1, 1), truth, weighs)
    return max(0.05, float(model.coef_[0][0])), float(model.intercept_[0])


def plain(estimator: Any, thresholds: Mapping[str, float]) -> Linear:
    """Return a fitted model as plain numbers, which give the same probabilities."""
    names, scaler, last = estimator[0], estimator[1], estimator[2]
    high = min(NEVER, max(0.05, *thresholds.values()))
    return Linear(
        names=tuple(names.feature_names_),
        means=tuple(map(float, scaler.mean_)),
        scales=tuple(map(float, scaler.scale_)),
        weights=tuple(map(float, last.coef_[0])),
        intercept=float(last.intercept_[0]),
        high=high,
        low=high * BAND,
    )


def _by_rules(kind: Trouble, row: Row) -> str | None:
    return kind if row.get(RULED) else NONE


def _threshold(kind: Trouble, asked: Examples, scores: Scores) -> float:
    """Return the lowest probability from which on alarms are rarely enough false."""
    truth = [each == kind for each in asked.words]
    sessions = asked.groups["session"]
    beliefs: list[float] = []
    for number, each in enumerate(scores):
        again = number > 0 and sessions[number] == sessions[number - 1]
        before = beliefs[-1] if again else 0.0
        beliefs.append(SHARE * each[kind] + (1 - SHARE) * before)
    for percent in range(LOWEST, 100, 5):
        said = [each >= percent / 100 for each in beliefs]
        false = alarm_figures(truth, said, sessions, asked.times).get("false alarms an hour", 0.0)
        if false <= FALSE_MOST:
            return percent / 100
    return NEVER


def _more(kind: Trouble, asked: Examples, answers: Answers) -> Mapping[str, float]:
    return alarm_figures(
        [each == kind for each in asked.words],
        [each == kind for each in answers],
        asked.groups["session"],
        asked.times,
    )


def _kind(name: Trouble, good_at: str, bad_at: str) -> Kind:
    return Kind(
        examples=partial(examples, name),
        fit=partial(fit, name),
        split_by=("persona", "family"),
        by_rules=partial(_by_rules, name),
        silent=frozenset({NONE}),
        threshold=partial(_threshold, name),
        more=partial(_more, name),
        plain=plain,
        good_at=good_at,
        bad_at=bad_at,
    )


STUCK = _kind(
    "stuck",
    "failures that go on for minutes: repeats with other flags, one error again and again",
    "troubles that print no error, and somebody who only reads and thinks",
)
RABBIT_HOLE = _kind(
    "rabbit-hole",
    "comfort, housekeeping and play that have a name, for minutes on end",
    "work that no name tells from the tasks, such as building a program that nobody asked for",
)
