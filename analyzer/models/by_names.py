"""What an exercise itself says of a turn: its tasks name programs and files that are theirs.

Only names, of an exercise that has any; without them nothing changes. What lines say by themselves
is `by_rules.py`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analyzer.asked import Asked
from analyzer.models.by_rules import Weighed
from analyzer.models.turns import Turn
from analyzer.models.words import TOPICS

_NAMED = 4.0
"""What it says for a task's first topic that a line has one of the task's names: more than any
program says by itself, as a logarithm."""

_BESIDE = 0.5
"""What is left of what else the line says."""


def led_by_names(turns: Sequence[Turn], said: Sequence[Weighed], asked: Asked) -> list[Weighed]:
    """Return what is said of turns, where one names a task's own things led by that."""
    return [_led(turn, each, asked) for turn, each in zip(turns, said, strict=True)]


def _led(turn: Turn, said: Weighed, asked: Asked) -> Weighed:
    texts = (turn.ran.command.text, *(edit.path for edit in turn.edits))
    named = asked.topic_named_in(texts)
    found = next((topic for topic in TOPICS if topic == named), None)
    if found is None:
        return said
    topics = {topic: weight * _BESIDE for topic, weight in said.topics.items()}
    return replace(said, topics=topics | {found: _NAMED})
