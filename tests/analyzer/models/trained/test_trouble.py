"""How troubles are learnt: the same each time, as plain numbers too, from what was judged."""

from __future__ import annotations

import random
from typing import Any

import pytest

from analyzer.models.artifact import ModelError
from analyzer.models.examples.hurdles import with_hurdles
from analyzer.models.labels import LabelledTrouble
from analyzer.models.looks import Looked, looked
from analyzer.models.measured import alarm_figures
from analyzer.models.trained.kinds import Examples, Sources
from analyzer.models.trained.trouble import (
    CONFIRMED,
    FEATURES,
    RULED,
    STUCK,
    examples,
    fit,
    plain,
)
from analyzer.models.windows import STEP
from analyzer.signals.loader import shipped_rules


def made_up(count: int, seed: int = 5) -> Examples:
    """Return looks in which failures speak for a trouble, mostly."""
    source = random.Random(seed)
    rows, words, persons = [], [], []
    for number in range(count):
        row = {name: source.random() for name in FEATURES["stuck"]} | {RULED: 0.0}
        rows.append(row)
        words.append("stuck" if row["failed-6"] + source.gauss(0, 0.2) > 0.7 else "none")
        persons.append(f"p{number % 6}")
    groups = {
        "persona": persons,
        "family": persons,
        "session": persons,
        "origin": ["generated"] * count,
    }
    return Examples(rows=rows, words=words, groups=groups, times=[STEP * n for n in range(count)])


def probabilities(model: Any, rows: Any) -> list[float]:
    return [float(each[1]) for each in model.predict_proba(rows)]


def test_plain_numbers_give_the_same_probabilities() -> None:
    learnt = made_up(300)
    model = fit("stuck", learnt, 1)
    numbers = plain(model, {"stuck": 0.7})
    assert numbers.high == 0.7
    expected = probabilities(model, learnt.rows[:40])
    assert [numbers.probability(row) for row in learnt.rows[:40]] == pytest.approx(expected)


def test_training_twice_gives_the_same_answers() -> None:
    first, second = fit("stuck", made_up(200), 1), fit("stuck", made_up(200), 1)
    rows = made_up(50, seed=6).rows
    assert probabilities(first, rows) == probabilities(second, rows)


def test_what_was_learnt_tells_troubles_from_the_rest() -> None:
    model = fit("stuck", made_up(300), 1)
    usual = dict.fromkeys(FEATURES["stuck"], 0.5)
    low, high = probabilities(model, [usual | {"failed-6": 0.1}, usual | {"failed-6": 1.0}])
    assert high > 0.5 > low


def test_what_humans_rejected_is_no_longer_said() -> None:
    learnt = made_up(400)
    wrong = dict.fromkeys(FEATURES["stuck"], 0.5) | {"failed-6": 1.0, "slips-6": 1.0}
    before = probabilities(fit("stuck", learnt, 1), [wrong])[0]
    rejected = 10
    groups = {
        name: [*names, *([CONFIRMED] * rejected if name == "origin" else
                         [f"s{n}" for n in range(rejected)])]
        for name, names in learnt.groups.items()
    }  # fmt: skip
    both = Examples(
        rows=[*learnt.rows, *([wrong | {RULED: 0.0}] * rejected)],
        words=[*learnt.words, *(["none"] * rejected)],
        groups=groups,
        times=[*learnt.times, *([0.0] * rejected)],
    )
    after = probabilities(fit("stuck", both, 1), [wrong])[0]
    assert before > 0.5 > after


def test_where_there_is_no_trouble_nothing_can_be_learnt() -> None:
    learnt = made_up(50)
    alone = learnt.only([n for n, word in enumerate(learnt.words) if word == "none"])
    with pytest.raises(ModelError, match="too few sessions hold stuck"):
        fit("stuck", alone, 1)


@pytest.fixture(scope="module")
def session() -> Looked:
    found = (looked(each, shipped_rules()) for each in with_hurdles(21, 12))
    return next(each for each in found if each.of("stuck"))


def test_a_look_is_a_trouble_where_most_of_its_window_lies_in_one(session: Looked) -> None:
    trouble = session.of("stuck")[0]
    assert session.answer("stuck", trouble.start + 119.0) is True
    assert session.answer("stuck", trouble.start + 10.0) is None
    assert session.answer("stuck", trouble.start - 1.0) is False


def test_what_was_refuted_is_none_and_what_nobody_judged_is_not_known(session: Looked) -> None:
    judged = Looked(
        name=session.name,
        groups={},
        origin=CONFIRMED,
        looks=session.looks,
        tags=session.tags,
        troubles=(),
        refuted=(LabelledTrouble(kind="stuck", start=100.0, until=400.0),),
        whole=False,
    )
    assert judged.answer("stuck", 300.0) is False
    assert judged.answer("stuck", 900.0) is None


def test_examples_come_with_their_groups_and_times() -> None:
    sessions = list(with_hurdles(22, 2))
    found = examples("stuck", Sources(data="confirmed", confirmed=lambda: sessions))
    assert len(found) > 20
    assert set(found.groups["session"]) == {each.name for each in sessions}
    assert len(found.times) == len(found.groups["persona"]) == len(found)
    assert set(found.rows[0]) == {*FEATURES["stuck"], RULED}


def test_alarms_are_counted_by_stretches_and_not_by_looks() -> None:
    times = [30.0 * n for n in range(1, 121)]
    truth = [600 <= t <= 900 for t in times]
    said = [690 <= t <= 960 or 2000 <= t <= 2200 for t in times]
    figures = alarm_figures(truth, said, ["one"] * len(times), times)
    assert figures["false alarms an hour"] == pytest.approx(1.0, abs=0.02)
    assert figures["delay"] == pytest.approx(90.0 + 60.0)


def test_the_kind_measures_alarms_and_knows_what_the_rules_say() -> None:
    assert STUCK.by_rules({RULED: 1.0}) == "stuck"
    assert STUCK.by_rules({RULED: 0.0}) == "none"
