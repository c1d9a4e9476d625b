"""Made-up sessions with many hurdles that are soon overcome: what no alarm may be raised about.

A model that only ever saw failures in troubles takes every failure for one. Real sessions are full
of them; so are these. They go with those of `generator.py`, and their labels are as exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files

from analyzer.models.examples.generator import HELD_OUT, Split, session_of
from analyzer.models.examples.personas import PERSONAS
from analyzer.models.examples.scenes import Scene, families, parse_scenes
from analyzer.models.labels import LabelledSession

_ASIDES = 0.95
"""Chance of a hurdle at each piece of work."""
_STUCK = 0.35
_WANDERS = 0.12
"""Chances of trouble there: hurdles must be told from it, and troubles are rare elsewhere."""


def with_hurdles(seed: int, count: int, split: Split = "train") -> Iterator[LabelledSession]:
    """Yield ``count`` sessions in which much goes wrong for a moment; no hurdle is in two splits.

    Personas and families take turns, as in `generated`.
    """
    names = sorted(name for name in families() if (name in HELD_OUT) == (split == "held-out"))
    for number in range(count):
        family = names[number // len(PERSONAS) % len(names)]
        persona = PERSONAS[number % len(PERSONAS)]
        persona = replace(persona, asides=_ASIDES, stuck=_STUCK, wanders=_WANDERS)
        scenes = (*families()[family], *_hurdles(split))
        yield session_of(f"{seed}-hurdles-{split}-{number:04}", family, persona, scenes)


@cache
def _hurdles(split: Split) -> tuple[Scene, ...]:
    file = files(__package__) / "hurdles" / f"{split}.scenes"
    return tuple(parse_scenes(file.read_text("utf-8"), file.name))
