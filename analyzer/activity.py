"""How much happened when: outputs and inputs of all terminals, counted in steps of time.

Counting asks sorted times where each step begins, so that its cost grows with the number of steps
and hardly with what was printed: who floods a terminal does not slow whoever looks at it. What is
drawn of it is not decided here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FINEST = 0.125
"""Seconds of a step of a session of some minutes."""

MOST_STEPS = 8192
"""Steps that are counted at most; those of an hour take half a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Events in each step; step ``n`` begins at ``n * step`` seconds since the session's start.

    Both tuples are equally long and end with the last event.
    """

    step: float = 1.0
    outputs: tuple[int, ...] = ()
    inputs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Times:
    """When the outputs and the inputs of one terminal came, in seconds, each in order."""

    outputs: Sequence[float]
    inputs: Sequence[float]


class ActivityCounter:
    """Counts a session's events again and again while it grows; only what is new costs anything.

    Times that were counted must stay, and be given in the same order of terminals again.
    """

    def __init__(self) -> None:
        self._step = FINEST
        self._outputs: list[int] = []
        self._inputs: list[int] = []
        self._counted: dict[int, tuple[int, int]] = {}

    def count(self, terminals: Iterable[Times]) -> Activity:
        """Take in what came since the last call; return the whole."""
        terminals = tuple(terminals)
        ends = [times[-1] for each in terminals for times in (each.outputs, each.inputs) if times]
        if ends:
            self._make_room(max(*ends, 0.0))
        for number, each in enumerate(terminals):
            out, typed = self._counted.get(number, (0, 0))
            self._add(self._outputs, each.outputs, out)
            self._add(self._inputs, each.inputs, typed)
            self._counted[number] = (len(each.outputs), len(each.inputs))
        return Activity(step=self._step, outputs=tuple(self._outputs), inputs=tuple(self._inputs))

    def _make_room(self, end: float) -> None:
        """Have a step for a moment in seconds; where there are too many, join each two."""
        while end >= self._step * MOST_STEPS:
            self._step *= 2
            self._outputs, self._inputs = _joined(self._outputs), _joined(self._inputs)
        missing = int(end / self._step) + 1 - len(self._outputs)
        self._outputs += [0] * missing
        self._inputs += [0] * missing

    def _add(self, counts: list[int], times: Sequence[float], first: int) -> None:
        """Add the times from one on, each to its step."""
        while first < len(times):
            number = min(int(max(times[first], 0.0) / self._step), len(counts) - 1)
            behind = bisect_left(times, (number + 1) * self._step, first)
            # Whatever rounding does to a time on the edge, each is counted, and once.
            behind = max(behind, first + 1)
            counts[number] += behind - first
            first = behind


def _joined(counts: list[int]) -> list[int]:
    return [sum(counts[at : at + 2]) for at in range(0, len(counts), 2)]


def silences_of(
    activity: Activity, duration: float, least: float
) -> tuple[tuple[float, float], ...]:
    """Return the stretches without any output, in seconds from the start, in order.

    Args:
        activity: What happened.
        duration: Where the session ends, as far as it is known.
        least: Seconds that a stretch must last.

    """
    found: list[tuple[float, float]] = []
    since = 0.0
    for number, count in enumerate(activity.outputs):
        if not count:
            continue
        _add_silence(found, since, min(number * activity.step, duration), least)
        since = (number + 1) * activity.step
    _add_silence(found, since, duration, least)
    return tuple(found)


def _add_silence(
    found: list[tuple[float, float]], start: float, until: float, least: float
) -> None:
    if until - start >= least and until > start:
        found.append((start, until))
