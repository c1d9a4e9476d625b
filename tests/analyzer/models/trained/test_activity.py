"""The model of activities: learnt from turns, the same as plain numbers, better than a guess."""

from __future__ import annotations

from collections import Counter

import pytest

from analyzer.analysis import Pipeline
from analyzer.models.examples.generator import generated
from analyzer.models.features import features_of
from analyzer.models.phase_models import Trained
from analyzer.models.phases import WORK, phases_of
from analyzer.models.trained.activity import KIND, examples, fit, plain
from analyzer.models.trained.kinds import Examples, Sources
from analyzer.models.trained.store import scores_of
from analyzer.models.weights import Weights
from analyzer.records import Phase
from analyzer.signals.loader import active_rules

SESSIONS = 8


@pytest.fixture(scope="module")
def learnt() -> Examples:
    return examples(Sources(sessions=lambda: generated(3, SESSIONS)))


@pytest.fixture(scope="module")
def weights(learnt: Examples) -> Weights:
    return plain(fit(learnt, 1), {})


def test_a_row_for_each_turn_in_which_somebody_worked(learnt: Examples) -> None:
    assert len(learnt.rows) == len(learnt.times) == len(learnt) > 100
    assert set(learnt.words) <= set(WORK)
    assert len(set(learnt.groups["session"])) == SESSIONS
    assert set(learnt.groups) == {"session", "persona", "family"}


def test_plain_numbers_give_the_same_probabilities(learnt: Examples, weights: Weights) -> None:
    estimator = fit(learnt, 1)
    words = [str(word) for word in estimator.classes_]
    for row, scores in zip(
        learnt.rows[:50], scores_of(estimator, words, learnt.rows[:50]), strict=True
    ):
        assert weights.scores(row) == pytest.approx(scores, abs=0.001)


def test_sessions_that_were_not_seen_are_told_better_than_by_a_guess(weights: Weights) -> None:
    asked = examples(Sources(sessions=lambda: generated(4, 4, "held-out")))
    said = [max(each, key=each.__getitem__) for each in map(weights.scores, asked.rows)]
    right = sum(one == other for one, other in zip(said, asked.words, strict=True))
    usual = Counter(asked.words).most_common(1)[0][1]
    assert right > 1.2 * usual


def test_the_rules_alone_are_one_of_what_it_is_measured_against(learnt: Examples) -> None:
    said = [KIND.by_rules(row) for row in learnt.rows]
    assert set(said) - {None} <= set(WORK)
    assert KIND.by_rules({}) is None


def test_it_leaves_topics_to_the_rules(weights: Weights) -> None:
    pipeline = Pipeline(active_rules())
    for happening in next(iter(generated(5, 1))).happenings:
        pipeline.observe(happening)
    pipeline.finish()
    alone = phases_of(pipeline.observed)
    helped = phases_of(pipeline.observed, Trained(weights))
    assert topics_over_time(helped) == topics_over_time(alone)
    assert [phase.activity for phase in helped] != [phase.activity for phase in alone]


def topics_over_time(phases: tuple[Phase, ...]) -> list[str]:
    moments = range(0, int(phases[-1].until), 20)
    return [next(p.topic for p in phases if p.start <= t < p.until) for t in moments]


def test_features_are_of_their_own_names(learnt: Examples) -> None:
    kinds = {name.partition(" ")[0] for row in learnt.rows for name in row}
    assert kinds <= {"rule", "kind", "past", "next", "word", "early", "gap", "outcome", "line",
                     "edits", "after"}  # fmt: skip
    assert features_of([], []) == []
