"""Phases of a session: stretches of work, each with what it serves and what kind of work it is.

The whole is computed anew from what was observed, in time that grows with commands, not with
output; whoever follows a session calls it now and then. Which task a topic serves, the exercise
says: `tasks.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from analyzer.models.by_names import led_by_names
from analyzer.models.by_rules import Weighed, weighed
from analyzer.models.chain import smoothed
from analyzer.models.observed import Observed
from analyzer.models.pace import paced
from analyzer.models.turns import Turn, turns_of
from analyzer.models.words import ACTIVITIES, RESTS, TOPICS, Activity
from analyzer.records import Phase

TOPIC_COST = 1.1
"""What a change of topic must be worth: two lines that lean to it, or one that names it."""

ACTIVITY_COST = 1.0

SHORTEST = 5.0
"""Seconds; a kind of work that took less belongs to the one before it, or behind it."""

WORK: tuple[Activity, ...] = tuple(a for a in ACTIVITIES if a not in RESTS)


class PhaseModels(Protocol):
    """Trained models that say more of turns than the rules do."""

    def weighed(self, turns: Sequence[Turn], rules: Sequence[Weighed]) -> Sequence[Weighed]:
        """Return what speaks for topics and activities of each turn, as logarithms."""
        ...


def phases_of(observed: Observed, models: PhaseModels | None = None) -> tuple[Phase, ...]:
    """Return the phases from the session's start to its present, gapless; empty at second 0.

    Without ``models`` the rules alone decide.
    """
    if observed.now <= 0:
        return ()
    turns = turns_of(observed)
    if not turns:
        only = Phase(start=0.0, until=observed.now, topic="other", activity="idle", confidence=0.0)
        return (only,)
    turns[0].start = 0.0
    said: Sequence[Weighed] = weighed(turns)
    if models is not None:
        said = models.weighed(turns, said)
    said = led_by_names(turns, said, observed.asked)
    topics = smoothed([each.topics for each in said], TOPICS, TOPIC_COST)
    activities = smoothed([each.activities for each in said], WORK, ACTIVITY_COST)
    pieces = paced(turns, [activity for activity, _ in activities], observed)
    return _joined(
        Phase(
            start=round(start, 3),
            until=round(until, 3),
            topic=topic,
            activity=activity,
            confidence=round(sure, 3),
        )
        for (topic, sure), parts in zip(topics, pieces, strict=True)
        for start, until, activity in parts
    )


def _joined(parts: Iterator[Phase]) -> tuple[Phase, ...]:
    """Join what is alike, and kinds of work too short to be told; topics stay as they are."""
    found: list[Phase] = []
    for part in (each for each in parts if each.start < each.until):
        last = found[-1] if found else None
        if last is None or last.topic != part.topic:
            found.append(part)
        elif last.activity == part.activity or _is_short(part):
            found[-1] = _spanning(last, part, last.activity)
        elif _is_short(last):
            found[-1] = _spanning(last, part, part.activity)
        else:
            found.append(part)
    return tuple(found)


def _is_short(phase: Phase) -> bool:
    return phase.until - phase.start < SHORTEST


def _spanning(one: Phase, more: Phase, activity: str) -> Phase:
    """Return both as one phase, as sure as they are on average of the time."""
    before, added = one.until - one.start, more.until - more.start
    sure = (one.confidence * before + more.confidence * added) / (before + added)
    return Phase(
        start=one.start,
        until=more.until,
        topic=one.topic,
        activity=activity,
        confidence=round(sure, 3),
    )
