"""A model of topics, as the product does not have one: trained on the spot, to be held against it.

It takes the features of the model of activities. That it tells made-up sessions better than the
rules, and real ones worse, is why it is only here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

from analyzer.models.by_rules import Weighed
from analyzer.models.features import features_of
from analyzer.models.trained.activity import fit, turn_examples
from analyzer.models.trained.kinds import Sources
from analyzer.models.trained.store import Estimator, scores_of
from analyzer.models.turns import Turn
from analyzer.models.words import TOPICS, Topic

SEED = 1


class TopicModel:
    """Speaks for topics as a model trained on made-up sessions, with a share of the rules' word."""

    def __init__(self, estimator: Estimator, rules: float) -> None:
        self._estimator = estimator
        self._words = [str(word) for word in estimator.classes_]
        self._rules = rules

    def weighed(self, turns: Sequence[Turn], rules: Sequence[Weighed]) -> Sequence[Weighed]:
        """Return what speaks for topics and activities of each turn, as logarithms."""
        scores = scores_of(self._estimator, self._words, features_of(turns, rules))
        return [
            Weighed(topics=self._topics(said, at), activities=said.activities)
            for said, at in zip(rules, scores, strict=True)
        ]

    def _topics(self, said: Weighed, scores: Mapping[str, float]) -> dict[Topic, float]:
        share = self._rules
        return {
            topic: share * said.topics.get(topic, 0.0)
            + (1 - share) * log(max(scores.get(topic, 0.0), 1e-4))
            for topic in TOPICS
        }


def trained_topics(sources: Sources) -> Estimator:
    """Train on the turns of the sessions that are made up for training."""
    found = turn_examples(sources, lambda phase: phase.topic)
    return fit(found, SEED)
