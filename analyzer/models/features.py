"""What trained models see of a turn: what the rules say of it and of its neighbours, and its words.

Names to numbers, in plain Python; whoever changes what one means raises `revisions.TURNS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import log1p

from analyzer.models.by_rules import Weighed
from analyzer.models.turns import Turn
from analyzer.models.words import Topic

Row = dict[str, float]

_WORDS = 12
"""Words of a line that are seen."""

_KEPT = 0.7
"""Share of what turns before said that is left after another one."""

_LONGEST = 24
"""Characters of a word; what is longer is a value."""

_DIGITS = re.compile(r"\d+")
_PIECES = re.compile(r"[/=:,@]+")


def features_of(turns: Sequence[Turn], rules: Sequence[Weighed]) -> list[Row]:
    """Return a row for each turn, of which ``rules`` is what the rules say."""
    rows: list[Row] = []
    past: dict[Topic, float] = {}
    for place, (turn, said) in enumerate(zip(turns, rules, strict=True)):
        row: Row = {f"rule {topic}": weight for topic, weight in said.topics.items()}
        row |= {f"kind {activity}": weight for activity, weight in said.activities.items()}
        row |= {f"past {topic}": weight for topic, weight in past.items()}
        if place + 1 < len(rules):
            row |= {f"next {topic}": w for topic, w in rules[place + 1].topics.items()}
        row |= dict.fromkeys((f"word {word}" for word in _words(turn)), 1.0)
        row |= _circumstances(turn, turns[place - 1] if place else None, place)
        rows.append(row)
        past = {topic: weight * _KEPT for topic, weight in past.items()}
        for topic, weight in said.topics.items():
            past[topic] = past.get(topic, 0.0) + weight * (1 - _KEPT)
    return rows


def _circumstances(turn: Turn, before: Turn | None, place: int) -> Row:
    command = turn.ran.command
    gap = turn.start - before.end if before is not None else turn.start
    row = {"early": 1 / (1 + place / 10), "gap": log1p(max(0.0, gap))}
    row |= {f"outcome {command.outcome}": 1.0, f"line {command.kind}": 1.0}
    if turn.edits:
        row["edits"] = 1.0
    if before is not None and before.ran.command.outcome == "failed":
        row["after failure"] = 1.0
    return row


def _words(turn: Turn) -> Iterator[str]:
    """Give programs, and the pieces of arguments, numbers made alike."""
    left = _WORDS
    for command in turn.ran.simple:
        for number, word in enumerate(command.argv):
            if left == 0:
                return
            left -= 1
            if number == 0:
                yield f"program {word.rsplit('/', 1)[-1][:_LONGEST]}"
                continue
            for piece in _PIECES.split(word.lower())[:6]:
                if piece and len(piece) <= _LONGEST:
                    yield _DIGITS.sub("0", piece)
