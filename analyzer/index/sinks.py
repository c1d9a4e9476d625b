"""The sinks of every index, by explicit list."""

from __future__ import annotations

from collections.abc import Callable

from analyzer.index.keyframes import KeyframeSink
from analyzer.index.sink import Sink
from analyzer.search.sink import SearchSink

SINKS: tuple[Callable[[], Sink], ...] = (KeyframeSink, SearchSink)
"""Makes a fresh sink each for one pass, in the order in which they are called."""
