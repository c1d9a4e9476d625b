"""Time in which nobody types: a program that runs, a text that is read, or nothing at all.

Takes turns with the activity that they are known to be, and cuts out of them what is waiting and
what is idle. Only who typed when, and what ran meanwhile, is looked at.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from analyzer.models.observed import BUCKET, Observed
from analyzer.models.turns import Turn
from analyzer.models.words import Activity

WAITS_AFTER = 20.0
"""Seconds that a program has run without a key when it is waited for."""

IDLE_AFTER = 60.0
"""Seconds without a key and a program that are idle; fewer are for reading what was shown."""

IDLE_INSIDE = 180.0
"""The same within an editor, a pager or a prompt, where there is something to read."""

_PAUSE = 2
"""Buckets from one with a key to the next one that are a pause."""

Piece = tuple[float, float, Activity]


def paced(
    turns: Sequence[Turn], activities: Sequence[Activity], observed: Observed
) -> list[list[Piece]]:
    """Return each turn's pieces: start, end, activity, gapless and in order."""
    quiet = _quiet(observed)
    running = _running(turns)
    return [
        list(_pieces(turn, activity, quiet, running))
        for turn, activity in zip(turns, activities, strict=True)
    ]


def _quiet(observed: Observed) -> list[tuple[float, float]]:
    """Return the stretches of two buckets and more without a key, in order."""
    typed = sorted(bucket for bucket, each in observed.traffic.items() if each.keys)
    edges = [-1, *typed, int(observed.now / BUCKET) + 1]
    return [
        ((before + 1) * BUCKET, after * BUCKET)
        for before, after in pairwise(edges)
        if after - before > _PAUSE
    ]


def _running(turns: Sequence[Turn]) -> list[tuple[float, float]]:
    """Return when programs ran in which nobody works, joined, in order."""
    found: list[tuple[float, float]] = []
    for turn in turns:
        if turn.told.inside or turn.end - turn.entered < WAITS_AFTER:
            continue
        if found and turn.entered <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], turn.end))
        else:
            found.append((turn.entered, turn.end))
    return found


def _pieces(
    turn: Turn,
    activity: Activity,
    quiet: Sequence[tuple[float, float]],
    running: Sequence[tuple[float, float]],
) -> Iterator[Piece]:
    at = turn.start
    for start, end, word in _pauses(turn, quiet, running):
        if start > at:
            yield at, start, activity
        if end > start:
            yield max(start, at), end, word
        at = max(at, end)
    if turn.until > at:
        yield at, turn.until, activity


def _pauses(
    turn: Turn, quiet: Sequence[tuple[float, float]], running: Sequence[tuple[float, float]]
) -> Iterator[Piece]:
    """Give the stretches of a turn in which nobody types and that are long enough to name."""
    first = max(0, bisect_right(quiet, (turn.start, turn.start)) - 1)
    for number in range(first, len(quiet)):
        start, end = quiet[number]
        if start >= turn.until:
            return
        begun, over = max(start, turn.entered), min(end, turn.until)
        if begun < over:
            yield from _named(turn, begun, over, running)


def _named(
    turn: Turn, start: float, end: float, running: Sequence[tuple[float, float]]
) -> Iterator[Piece]:
    at = start
    place = max(0, bisect_right(running, (start, start)) - 1)
    for number in range(place, len(running)):
        begun, over = running[number]
        if begun >= end:
            break
        if over <= at:
            continue
        yield from _idle(turn, at, max(at, begun))
        waits = max(at, begun + WAITS_AFTER)
        if min(over, end) > waits:
            yield waits, min(over, end), "waiting"
        at = min(over, end)
    yield from _idle(turn, at, end)


def _idle(turn: Turn, start: float, end: float) -> Iterator[Piece]:
    """Give what is idle of a stretch without keys in which nothing runs."""
    inside = (turn.told.inside or turn.within is not None) and end <= turn.end + BUCKET
    longest = IDLE_INSIDE if inside else IDLE_AFTER
    if end - start > longest:
        yield start, end, "idle"
