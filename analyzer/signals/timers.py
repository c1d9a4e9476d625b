"""Timers on the recording's own time: they ring when an event, or live the clock, has passed them.

What is due at the moment of an event rings after it, so that live and later analysis agree.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import count
from math import inf
from typing import Generic, TypeVar

Key = TypeVar("Key")


class Timers(Generic[Key]):
    """Moments that were asked for, the earliest first; equal ones in the order asked."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Key]] = []
        self._number = count()

    def at(self, t: float, key: Key) -> None:
        """Ask for a moment, in seconds since the session's start."""
        heapq.heappush(self._heap, (t, next(self._number), key))

    @property
    def next(self) -> float:
        """The earliest moment that was asked for, infinite where there is none."""
        return self._heap[0][0] if self._heap else inf

    def due(self, t: float, *, at_end: bool = False) -> Iterator[tuple[float, Key]]:
        """Take what lies before ``t``, or at it where nothing more comes; more may be asked for."""
        while self._heap and (self._heap[0][0] < t or (at_end and self._heap[0][0] == t)):
            moment, _, key = heapq.heappop(self._heap)
            yield moment, key
