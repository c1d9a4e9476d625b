"""The models that ship are what training makes of the examples that ship."""

from __future__ import annotations

import pytest

from analyzer.models.artifact import read_artifact
from analyzer.models.kinds import KINDS, Entry
from analyzer.models.loading import SHIPPED, load, model_path, state_of
from analyzer.models.trained.sources import sources_of
from analyzer.models.trained.training import train

SMALL = 500_000
GOAL = 0.6


@pytest.mark.parametrize("entry", KINDS, ids=lambda entry: entry.name)
def test_a_model_ships_for_every_kind_and_is_small(entry: Entry) -> None:
    state = state_of(entry.name)
    assert (state.path, state.own, state.reasons) == (model_path(SHIPPED, entry.name), False, ())
    assert state.path.stat().st_size < SMALL


@pytest.mark.timeout(600)
@pytest.mark.parametrize("entry", KINDS, ids=lambda entry: entry.name)
def test_training_again_gives_the_model_that_ships(entry: Entry) -> None:
    shipped, _ = read_artifact(model_path(SHIPPED, entry.name))
    again, _ = train(entry, sources_of("shipped"))
    assert again.data_sha256 == shipped.data_sha256, "examples or features changed: `make models`"
    assert again.predictions_sha256 == shipped.predictions_sha256, "run `make models`"


def test_intents_of_unseen_programs_are_told_as_often_as_is_wanted() -> None:
    model = load("intent")
    assert model is not None
    figures = model.header.metrics["program"]
    assert figures["coverage at 0.9"] >= GOAL
    assert figures["precision"] >= 0.88
