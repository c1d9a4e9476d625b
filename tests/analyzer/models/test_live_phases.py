"""Phases while a session goes on: told now and then, less often the more there is."""

from __future__ import annotations

import itertools

from analyzer.analysis import Pipeline
from analyzer.models.live import EVERY, LivePhases
from analyzer.models.observed import Observed
from analyzer.signals.loader import active_rules
from analyzer.signals.transcript import Transcript
from tests.analyzer.models.test_phases import HOUR


def test_they_are_told_at_most_every_ten_seconds_of_the_session() -> None:
    pipeline = Pipeline(active_rules())
    live = LivePhases(pipeline.observed)
    moments: list[float] = []
    for happening in Transcript().play(HOUR):
        pipeline.observe(happening)
        live.look()
        if live.waiting is not None:
            moments.append(pipeline.observed.now)
            assert live.waiting[-1].until <= round(pipeline.observed.now, 3)
            live.taken()
    assert len(moments) > 5
    assert all(b - a >= EVERY for a, b in itertools.pairwise(moments))


def test_what_was_not_taken_waits_and_the_end_is_always_told() -> None:
    observed = Observed(now=3.0)
    live = LivePhases(observed)
    live.look()
    assert live.waiting is None
    live.look(last=True)
    assert live.waiting is not None
    kept = live.waiting
    live.look()
    assert live.waiting is kept
