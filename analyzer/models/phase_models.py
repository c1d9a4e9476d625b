"""Trained models beside the rules, where phases are told: only activities have one.

A model of topics was tried and left out: docs/models.md has the figures. Imports nothing heavy:
scikit-learn is loaded with the model, when phases are told for the first time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, cast

from analyzer.models.by_rules import Weighed
from analyzer.models.features import features_of
from analyzer.models.loading import load
from analyzer.models.phases import WORK, PhaseModels
from analyzer.models.turns import Turn

if TYPE_CHECKING:
    from analyzer.models.trained.store import Model

_SHARE = 0.5
"""What the model and the rules count for, each."""

_LEAST = 1e-4
"""A probability below this says no more than this."""


@dataclass(frozen=True, slots=True)
class Trained:
    """The rules' topics, and activities as rules and a model see them together."""

    activities: Model

    def weighed(self, turns: Sequence[Turn], rules: Sequence[Weighed]) -> Sequence[Weighed]:
        """Return what speaks for topics and activities of each turn, as logarithms."""
        scores = self.activities.scores(features_of(turns, rules))
        return [_together(said, at) for said, at in zip(rules, scores, strict=True)]


def _together(said: Weighed, scores: Mapping[str, float]) -> Weighed:
    activities = {
        word: _SHARE * (said.activities.get(word, 0.0) + log(max(scores.get(word, 0.0), _LEAST)))
        for word in WORK
    }
    return Weighed(topics=said.topics, activities=activities)


def phase_models() -> PhaseModels | None:
    """Return the models that this installation has; None where the rules are alone."""
    activities = load("activity")
    return None if activities is None else cast("PhaseModels", Trained(activities))
