"""Learns what stuck and rabbit-hole look like: a logistic regression, calibrated out of fold.

What comes out is plain numbers (`analyzer.models.linear`). Sessions of one group are never on both
sides of a split; thresholds are chosen where alarms out of fold are few enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from analyzer.models.linear import Linear
from analyzer.models.looks import Looked
from analyzer.models.measured import Alarms, alarms_of
from analyzer.models.words import Trouble
from analyzer.signals.schema import Signal

FALSE_MOST = 0.5
"""False alarms an hour out of fold that a threshold may cost: half of what is promised."""
FOLDS = 5
STRENGTH = 0.1
"""How freely weights may grow (scikit-learn's C)."""
BAND = 0.5
"""What ends an alarm, as a share of what raises one."""
_LEAST = 0.3
"""Below this, nothing is an alarm, whatever the data say."""

FEATURES: Mapping[Trouble, tuple[str, ...]] = {
    "stuck": (
        "failed-2", "failed-6", "failed-15", "failed-share-6-share", "failed-share-15-share",
        "same-error-6", "same-error-15", "program-failed", "program-failed-span", "failed-age",
        "failing-span", "failed-since-progress", "repeats", "repeats-failed", "progress-age",
        "slips-6", "stopped-6", "reads-6", "logs-6", "removes-6", "moves-6", "forces-6",
        "edits-6", "same-file",
    ),
    "rabbit-hole": (
        "off-6", "off-15", "off-since-on", "off-span", "off-running-span", "on-age", "on-6",
        "on-6-share", "on-15-share", "work-since-on", "looks-since-on", "edits-off", "edits-on",
        "progress-age", "reads-6", "moves-6",
    ),
}  # fmt: skip
"""What each kind is told by: failures that go on, or where the work went. Not how fast somebody
works: that is the person, and not the trouble."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Looks as a table; ``owners`` says which session each row is of."""

    rows: list[Mapping[str, float]]
    answers: list[bool]
    owners: list[int]


def examples_of(sessions: Sequence[Looked], kind: Trouble) -> Examples:
    """Return the looks whose truth is plain, and at which there was something to see."""
    found = Examples([], [], [])
    for number, session in enumerate(sessions):
        for look in session.looks:
            answer = session.answer(kind, look.t)
            if look.window is not None and look.window.lively and answer is not None:
                found.rows.append(look.window.row)
                found.answers.append(answer)
                found.owners.append(number)
    return found


def fit(
    sessions: Sequence[Looked], kind: Trouble, signal: Signal, group: str = "persona"
) -> Linear | None:
    """Learn one kind of trouble; None where there is nothing to learn it from.

    Args:
        sessions: The examples.
        kind: What is to be told.
        signal: Its signal, for trying out alarms.
        group: What splits keep together; there must be at least two.

    """
    folds = list(by_group(sessions, group))
    if len(folds) < 2 or len({bool(each.of(kind)) for each in sessions}) < 2:  # noqa: PLR2004
        return None
    names = FEATURES[kind]
    held: list[tuple[Looked, Linear]] = []
    for train, test in folds:
        raw = _plain([sessions[n] for n in train], kind, names)
        if raw is not None:
            held += [(sessions[n], raw) for n in test]
    slope, offset = _calibrated(held, kind)
    whole = _plain(sessions, kind, names)
    if whole is None:
        return None
    update = {"slope": slope, "offset": offset}
    calibrated = [(looked, raw.model_copy(update=update)) for looked, raw in held]
    high = _threshold(calibrated, kind, signal)
    return whole.model_copy(update=update | {"high": high, "low": high * BAND})


def out_of_fold(
    sessions: Sequence[Looked], kind: Trouble, signal: Signal, group: str
) -> Iterator[tuple[Looked, Linear]]:
    """Give each session with a model that saw none of its group, not even for its thresholds."""
    for train, test in by_group(sessions, group):
        model = fit([sessions[n] for n in train], kind, signal, group)
        if model is not None:
            yield from ((sessions[n], model) for n in test)


def by_group(sessions: Sequence[Looked], group: str) -> Iterator[tuple[list[int], list[int]]]:
    """Give splits of sessions, as positions, in which no group is on both sides."""
    groups = [each.groups.get(group, each.name) for each in sessions]
    count = min(FOLDS, len(set(groups)))
    if count > 1:
        for train, test in GroupKFold(count).split(groups, groups=groups):
            yield train.tolist(), test.tolist()


def _plain(sessions: Sequence[Looked], kind: Trouble, names: tuple[str, ...]) -> Linear | None:
    """Fit, without calibration and with thresholds that mean nothing yet."""
    examples = examples_of(sessions, kind)
    if len(set(examples.answers)) < 2:  # noqa: PLR2004 - both answers are needed
        return None
    table = table_of(examples.rows, names)
    scaler = StandardScaler().fit(table)
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    model.fit(scaler.transform(table), examples.answers)
    return Linear(
        names=names,
        means=tuple(map(float, scaler.mean_)),
        scales=tuple(map(float, scaler.scale_)),
        weights=tuple(map(float, model.coef_[0])),
        intercept=float(model.intercept_[0]),
        slope=1.0,
        offset=0.0,
        high=1.0,
        low=1.0,
    )


def table_of(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> Any:
    """Return rows as an array of shape (rows, names)."""
    return np.array([[row.get(name, 0.0) for name in names] for row in rows])


def _calibrated(held: Sequence[tuple[Looked, Linear]], kind: Trouble) -> tuple[float, float]:
    """Return slope and offset that make odds out of fold as likely as they say."""
    odds: list[float] = []
    answers: list[bool] = []
    for looked, raw in held:
        examples = examples_of([looked], kind)
        odds += [sum(raw.parts(row).values()) + raw.intercept for row in examples.rows]
        answers += examples.answers
    model = LogisticRegression(C=1e6).fit(np.array(odds).reshape(-1, 1), answers)
    return max(0.0, float(model.coef_[0][0])), float(model.intercept_[0])


def _threshold(held: Sequence[tuple[Looked, Linear]], kind: Trouble, signal: Signal) -> float:
    """Return the lowest probability at which alarms are rarely enough false."""
    for high in np.arange(_LEAST, 0.96, 0.05):
        alarms = Alarms()
        for looked, model in held:
            tried = model.model_copy(update={"high": float(high), "low": float(high * BAND)})
            alarms.add(looked, kind, alarms_of(looked, signal, tried)[0])
        if alarms.false_an_hour <= FALSE_MOST:
            return round(float(high), 3)
    return 0.95
