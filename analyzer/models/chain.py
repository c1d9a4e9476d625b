"""Smooths what single steps say into stretches: a chain that would rather stay than change.

A hidden Markov model in logarithms whose states are words and whose transitions know one thing: a
change costs. So each step takes time in proportion to the states. Nothing here knows what they
stand for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp
from typing import TypeVar

State = TypeVar("State", bound=str)


def smoothed(
    steps: Sequence[Mapping[State, float]], states: Sequence[State], cost: float
) -> list[tuple[State, float]]:
    """Return the likeliest state of each step (Viterbi), and how likely it is at that step.

    Args:
        steps: For each step, what speaks for a state, as a logarithm; what is missing counts 0.
        states: All states, the likeliest at the start first: ties go to the earlier.
        cost: What a change of state must be worth, as a logarithm.

    """
    if not steps:
        return []
    path = _path(steps, states, cost)
    sure = _posteriors(steps, states, cost)
    return [(state, at[state]) for state, at in zip(path, sure, strict=True)]


def _path(
    steps: Sequence[Mapping[State, float]], states: Sequence[State], cost: float
) -> list[State]:
    score = {state: steps[0].get(state, 0.0) for state in states}
    origins: list[dict[State, State]] = []
    for step in steps[1:]:
        best = max(states, key=score.__getitem__)
        changed = score[best] - cost
        origin = {state: state if score[state] >= changed else best for state in states}
        score = {state: max(score[state], changed) + step.get(state, 0.0) for state in states}
        origins.append(origin)
    last = max(states, key=score.__getitem__)
    path = [last]
    for origin in reversed(origins):
        path.append(origin[path[-1]])
    return path[::-1]


def _posteriors(
    steps: Sequence[Mapping[State, float]], states: Sequence[State], cost: float
) -> list[dict[State, float]]:
    """Return each state's share at each step (forward and backward)."""
    change = exp(-cost)
    stay = 1.0
    likely = [{state: exp(min(step.get(state, 0.0), 50.0)) for state in states} for step in steps]
    forward = [_share(likely[0])]
    for at in likely[1:]:
        before = forward[-1]
        forward.append(_share({s: (before[s] * (stay - change) + change) * at[s] for s in states}))
    backward = [dict.fromkeys(states, 1.0)]
    for at in reversed(likely[1:]):
        after = {state: backward[-1][state] * at[state] for state in states}
        total = sum(after.values())
        ahead = {s: after[s] * (stay - change) + change * total for s in states}
        backward.append(_share(ahead))
    return [
        _share({state: one[state] * other[state] for state in states})
        for one, other in zip(forward, reversed(backward), strict=True)
    ]


def _share(values: Mapping[State, float]) -> dict[State, float]:
    total = sum(values.values())
    return {state: value / total for state, value in values.items()}
