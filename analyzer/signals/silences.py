"""Silences: how long no key has been pressed on any terminal while one is open.

Timers ring in the engine; here is what they mean. In an imported recording, terminals count only
once a key was seen in one: many tools write down no keys at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from analyzer.signals.facts import Quiet


class Silences:
    """The lengths of silence that some rules ask for, over one session."""

    def __init__(self, lengths: Iterable[float], timer: Callable[[float, float], None]) -> None:
        """Begin; ``timer`` takes a moment and a length: `ring` wants to be called with them."""
        self._lengths = sorted(set(lengths))
        self._timer = timer
        self._open: set[tuple[int, int]] = set()
        self._start = 0.0
        self._place = ""
        self.heard = False
        """Whether a key was ever pressed."""
        self._armed: set[float] = set()
        self._rung: dict[float, Quiet] = {}

    def opened(self, key: tuple[int, int], t: float, place: str) -> None:
        """Note that a terminal is there."""
        self._open.add(key)
        if len(self._open) == 1:
            self._begin(t, place)

    def pressed(self, key: tuple[int, int], t: float, place: str) -> list[Quiet]:
        """Note that a key was pressed; return the silences that this ends."""
        ended = self._end(t)
        self.heard = True
        self._open.add(key)
        self._begin(t, place)
        return ended

    def closed(self, key: tuple[int, int], t: float) -> list[Quiet]:
        """Note that a terminal is gone; return the silences that ended with the last one."""
        self._open.discard(key)
        return [] if self._open else self._end(t)

    def ring(self, t: float, length: float) -> list[Quiet]:
        """Take in a timer; return the silence if it has lasted so long, else wait on."""
        self._armed.discard(length)
        if not self._open:
            return []
        if self._start + length > t:
            self._arm(length)
            return []
        quiet = Quiet(t=t, place=self._place, start=self._start, until=None, length=length)
        self._rung[length] = quiet
        return [quiet]

    def finish(self, t: float) -> list[Quiet]:
        """End with the recording."""
        return self._end(t)

    def _begin(self, t: float, place: str) -> None:
        self._start, self._place = t, place
        for length in self._lengths:
            self._arm(length)

    def _arm(self, length: float) -> None:
        if length not in self._armed:
            self._armed.add(length)
            self._timer(self._start + length, length)

    def _end(self, t: float) -> list[Quiet]:
        ended = [
            Quiet(t=each.t, place=each.place, start=each.start, until=t, length=each.length)
            for each in self._rung.values()
        ]
        self._rung.clear()
        return ended
