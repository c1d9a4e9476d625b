"""What models see of a transcript."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analyzer.analysis import Pipeline
from analyzer.models.observed import Observed
from analyzer.signals.loader import active_rules
from analyzer.signals.transcript import Transcript

Observe = Callable[[str], Observed]


@pytest.fixture(scope="session")
def observe() -> Observe:
    """Run a transcript through the pipeline with the shipped rules."""

    def run(story: str) -> Observed:
        pipeline = Pipeline(active_rules())
        for happening in Transcript().play(story):
            pipeline.observe(happening)
        pipeline.finish()
        return pipeline.observed

    return run
