from __future__ import annotations

from dataclasses import replace

import pytest

from analyzer.models.artifact import ModelError, Row
from analyzer.models.measures import NEVER
from analyzer.models.trained.evaluation import judge, judge_others
from analyzer.models.trained.kinds import Examples, Kind, Sources
from analyzer.models.trained.store import Estimator
from analyzer.models.trained.training import train
from tests.support import toy_model

EXAMPLES = toy_model.examples(Sources())


def test_the_model_stands_beside_rules_and_the_most_frequent_answer() -> None:
    (split,) = judge(toy_model.KIND, EXAMPLES, 1).splits
    assert split.groups == 11
    assert split.model["right"] > split.rules["right"] > 0.1
    assert split.majority["right"] <= 0.34
    assert split.model["PR-AUC"] > split.rules["PR-AUC"] > split.majority["PR-AUC"]
    assert split.model["precision"] >= 0.85
    assert sum(each.count for each in split.bins) == len(EXAMPLES)


def test_no_group_is_learnt_from_and_asked_about_at_once() -> None:
    learnt: list[set[str]] = []

    def fit(found: Examples, seed: int) -> Estimator:
        learnt.append(set(found.groups["box"]))
        return toy_model.fit(found, seed)

    judge(replace(toy_model.KIND, fit=fit), EXAMPLES, 1)
    everything = set(EXAMPLES.groups["box"])
    asked = [everything - each for each in learnt]
    assert set.union(*asked) == everything
    assert sum(map(len, asked)) == len(everything)


def test_what_only_a_group_tells_is_worth_nothing_on_others() -> None:
    rows: list[Row] = [{f"{name} {word}": 1.0} for name, word in zip(
        EXAMPLES.groups["box"], EXAMPLES.words, strict=True)]  # fmt: skip
    judged = judge(toy_model.KIND, replace(EXAMPLES, rows=rows), 1)
    assert judged.splits[0].model["right"] < 0.5
    assert set(judged.thresholds.values()) == {NEVER}
    assert judged.splits[0].model["answered"] == 0


def test_a_silent_word_is_no_answer() -> None:
    kind: Kind = replace(toy_model.KIND, silent=frozenset({"blue", "green"}))
    judged = judge(kind, EXAMPLES, 1)
    assert set(judged.thresholds) == {"red"}
    assert judged.splits[0].majority["answered"] < judged.splits[0].model["answered"] <= 1
    assert judged.splits[0].model["answered"] > 0.5


def test_further_figures_come_from_what_was_answered() -> None:
    def more(found: Examples, answers: object) -> dict[str, float]:
        assert isinstance(answers, list)
        return {"answers": float(sum(each is not None for each in answers))}

    split = judge(replace(toy_model.KIND, more=more), EXAMPLES, 1).splits[0]
    assert split.model["answers"] == split.model["answered"] * len(EXAMPLES)
    assert split.majority["answers"] == len(EXAMPLES)


def test_others_are_asked_a_model_of_all_examples() -> None:
    half = EXAMPLES.only(range(75))
    rest = EXAMPLES.only(range(75, 150))
    split = judge_others(toy_model.KIND, "others", half, rest, {"red": 0.5}, 1)
    assert (split.by, split.groups) == ("others", 11)
    assert split.model["right"] > 0.8


def test_too_few_groups_and_examples_are_told() -> None:
    one = replace(EXAMPLES, groups={"box": ["the only one"] * len(EXAMPLES)})
    with pytest.raises(ModelError, match="too few groups to measure by box"):
        judge(toy_model.KIND, one, 1)
    with pytest.raises(ModelError, match=r"too few confirmed examples .* \(0 with 0"):
        train(_with_no_examples(), Sources(data="confirmed"))


def _with_no_examples() -> object:
    return replace(toy_model.ENTRY, place="tests.support.toy_model:EMPTY_KIND")
