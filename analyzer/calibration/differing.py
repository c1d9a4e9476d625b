"""Where people differ: per competency, per session; and how they changed their minds since.

Descriptions, not inferences: distances in levels, counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from analyzer.calibration.judged import HIRE, RECOMMENDATION, Judged, Scores
from analyzer.calibration.ratings import LEAST_SESSIONS, Figure, Ratings, mean, paired, too_few


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """How far a session's raters were apart.

    Attributes:
        session: Its id.
        raters: How many.
        distance: The mean distance of two raters over all that both rated, in levels.
        widest: What they differ in most, and by how many levels.
        recommendations: What each recommended, lowest first.

    """

    session: str
    raters: int
    distance: float
    widest: tuple[str, int]
    recommendations: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How minds changed between a card's first state and its latest.

    Attributes:
        cards: All cards.
        changed: Cards of which a level or the recommendation is another now.
        up: Ratings that went up, the recommendation among them.
        down: Ratings that went down.
        towards: Ratings that came closer to the mean of what the others had submitted first.
        away: Ratings that went further from it.
        across: Recommendations that crossed from hire to no hire, or back.

    """

    cards: int
    changed: int
    up: int
    down: int
    towards: int
    away: int
    across: int


def spread(ratings: Ratings) -> Figure:
    """Return how far two raters of the same session are apart on average, in levels."""
    shared = paired(ratings)
    if len(shared) < LEAST_SESSIONS:
        return too_few(len(shared))
    return Figure(value=mean(_distance(each) for each in shared.values()), cases=len(shared))


def distribution(sessions: Iterable[Judged], thing: tuple[str | None, str]) -> tuple[int, ...]:
    """Return how often each level was given as first submitted, from 0 to 4."""
    exercise, name = thing
    counts = Counter(
        card[name]
        for each in sessions
        if name == RECOMMENDATION or each.exercise == exercise
        for card in each.first.values()
        if name in card
    )
    return tuple(counts[level] for level in range(5))


def differing(sessions: Iterable[Judged]) -> tuple[Apart, ...]:
    """Return how far apart the raters of each session were, the widest first."""
    found = [_apart(each) for each in sessions]
    return tuple(
        sorted((each for each in found if each), key=lambda each: (-each.distance, each.session))
    )


def changes(sessions: Iterable[Judged]) -> Changes:
    """Return how minds changed."""
    counts: Counter[str] = Counter()
    for each in sessions:
        for rater, first in each.first.items():
            counts["cards"] += 1
            before = sum(counts[key] for key in ("up", "down"))
            _count(each, rater, first, each.latest.get(rater, first), counts)
            counts["changed"] += sum(counts[key] for key in ("up", "down")) > before
    return Changes(**{name: counts[name] for name in Changes.__dataclass_fields__})


def _distance(given: Mapping[str, float]) -> float:
    return mean(abs(one - other) for one, other in combinations(given.values(), 2))


def _apart(session: Judged) -> Apart | None:
    distances = {}
    names = dict.fromkeys(name for card in session.first.values() for name in card)
    for name in names:
        given = {who: card[name] for who, card in session.first.items() if card.get(name, 0)}
        if len(given) > 1:
            distances[name] = (_distance(given), max(given.values()) - min(given.values()))
    if not distances:
        return None
    widest = max(distances, key=lambda name: distances[name][1])
    recommended = (card.get(RECOMMENDATION) for card in session.first.values())
    return Apart(
        session=session.session,
        raters=len(session.first),
        distance=mean(distance for distance, _ in distances.values()),
        widest=(widest, distances[widest][1]),
        recommendations=tuple(sorted(each for each in recommended if each is not None)),
    )


def _count(
    session: Judged, rater: str, first: Scores, latest: Scores, counts: Counter[str]
) -> None:
    """Count what is another level now; from or to "not enough to see" is neither up nor down."""
    for name, old in first.items():
        new = latest.get(name, old)
        if not old or not new or new == old:
            continue
        counts["up" if new > old else "down"] += 1
        if name == RECOMMENDATION:
            counts["across"] += (new >= HIRE) != (old >= HIRE)
        others = [
            card[name]
            for other, card in session.first.items()
            if other != rater and card.get(name, 0)
        ]
        if others:
            nearer = abs(new - mean(others)) - abs(old - mean(others))
            counts["towards"] += nearer < 0
            counts["away"] += nearer > 0
