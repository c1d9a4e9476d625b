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


def test_the_shipped_rules_are_the_four_of_this_version() -> None:
    assert {signal.id for signal in shipped_rules().signal} == {
        "apt-upgrade",
        "apache-stopped",
        "lockout-tested",
        "password-changed",
    }
