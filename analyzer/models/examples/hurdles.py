"""Made-up sessions with many hurdles that are soon overcome: what no alarm may be raised about.

A model that only ever saw failures in troubles takes every failure for one. Real sessions are full
of them; so are these. They go with those of `generator.py`, and their labels are as exact.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files

from analyzer.models.examples.generator import Split, generated
from analyzer.models.examples.personas import PERSONAS
from analyzer.models.examples.scenes import Scene, parse_scenes
from analyzer.models.labels import LabelledSession


def with_hurdles(seed: int, count: int, split: Split = "train") -> Iterator[LabelledSession]:
    """Yield ``count`` sessions of a split in which much goes wrong for a moment."""
