"""The sinks of every index, by explicit list."""

from __future__ import annotations

from collections.abc import Callable

from analyzer.index.keyframes import KeyframeSink
from analyzer.index.sink import Sink

SINKS: tuple[Callable[[], Sink], ...] = (KeyframeSink,)
"""Makes a fresh sink each for one pass, in the order in which they are called."""
