"""Values that came one after the other, looked up by time.

An addition costs the same however many came before, and a look-up grows with their logarithm: that
is why the same code serves the present and any moment of a replay.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Generic, TypeVar

T = TypeVar("T")


class History(Generic[T]):
    """What was so from when on; times in seconds since the session's start."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._values: list[T] = []

    def add(self, t: float, value: T) -> None:
        """Add what came at ``t``; a time before that of the last one counts as that one's.

        A journal has one writer and one order: a time that goes back is damage, and order wins.
        """
        self._times.append(max(t, self._times[-1]) if self._times else t)
        self._values.append(value)

    def __len__(self) -> int:
        return len(self._values)

    def count(self, t: float) -> int:
        """Return how many had come at ``t``."""
        return bisect_right(self._times, t)

    def at(self, t: float) -> T | None:
        """Return the last that had come at ``t``, None before the first."""
        count = self.count(t)
        return self._values[count - 1] if count else None

    @property
    def last(self) -> T | None:
        """The last of all."""
        return self._values[-1] if self._values else None

    def newest(self, t: float, most: int) -> tuple[T, ...]:
        """Return what had come at ``t``, the newest first, at most so many."""
        count = self.count(t)
        return tuple(reversed(self._values[max(count - most, 0) : count]))
