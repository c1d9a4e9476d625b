"""Every example beside a rule, run through the whole analyzer."""

from __future__ import annotations

import pytest

from analyzer.signals.loader import shipped_rules
from analyzer.signals.schema import Example, Signal
from analyzer.signals.transcript import run_example

_CASES = [(signal, example) for signal in shipped_rules().signal for example in signal.example]


@pytest.mark.parametrize(
    ("signal", "example"),
    _CASES,
    ids=[f"{signal.id}: {example.title}" for signal, example in _CASES],
)
def test_an_example_gives_the_tags_that_it_says(signal: Signal, example: Example) -> None:
    tags = run_example(shipped_rules(), signal, example)
    assert len(tags) == example.tags
    if example.outcome is not None:
        assert {tag.outcome for tag in tags} == {example.outcome}
    for tag in tags:
        assert tag.topic == signal.topic
        assert tag.evidence
        assert 0 < tag.confidence <= 1
        assert all(item.t <= tag.t or item.kind == "login" for item in tag.evidence)


def test_a_shipped_signal_has_three_examples_of_either_kind() -> None:
    for signal in shipped_rules().signal:
        hits = sum(example.tags > 0 for example in signal.example)
        assert hits >= 3, signal.id
        assert len(signal.example) - hits >= 3, signal.id
