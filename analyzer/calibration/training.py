"""A card that was scored blind for practice, held against those of the interview. Pure.

The interview's cards are no truth either: what is shown is distance, and where to look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analyzer.calibration.judged import RECOMMENDATION
from analyzer.calibration.ratings import mean
from recorder.cards.card import Card, Evidence

FAR = 1.0
"""Levels from the mean of the others, from which on it is worth looking at the moments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one interviewer gave, why, and what they point at.

    Attributes:
        who: Whose.
        first: The level that they submitted; None or 0 as on the card.
        level: The level as it stands.
        reason: Why, as it stands.
        evidence: What it points at.

    """

    who: str
    first: int | None
    level: int | None
    reason: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One competency, or the recommendation, of both.

    Attributes:
        name: The competency's id, or ``recommendation``.
        own: What the trainee gave.
        others: What the interviewers gave, by name.
        distance: The trainee's level less the mean of the interviewers' as they stand; None where
            one side had not enough to see.

    """

    name: str
    own: Told
    others: tuple[Told, ...]
    distance: float | None

    @property
    def far(self) -> bool:
        """Whether it is worth looking at the moments."""
        return self.distance is not None and abs(self.distance) >= FAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """A trainee's card beside the interview's.

    Attributes:
        compared: Every competency, the recommendation last.
        apart: The mean distance over the competencies, in levels, whichever way; None without any.
        above: The same with its sign: above 0 the trainee rates higher.

    """

    compared: tuple[Compared, ...]
    apart: float | None
    above: float | None


def compare(
    who: str, own: Card, others: Mapping[str, tuple[Card, Card]], competencies: Sequence[str]
) -> Training:
    """Return a trainee's card beside the interview's.

    Args:
        who: The trainee.
        own: Their card, as they submitted it.
        others: The interview's cards, each as submitted and as it stands.
        competencies: What was rated, in the order of the cards.

    """
    compared = tuple(_compared(name, who, own, others) for name in (*competencies, RECOMMENDATION))
    distances = [
        each.distance
        for each in compared
        if each.distance is not None and each.name != RECOMMENDATION
    ]
    return Training(
        compared=compared,
        apart=mean(map(abs, distances)) if distances else None,
        above=mean(distances) if distances else None,
    )


def _compared(name: str, who: str, own: Card, others: Mapping[str, tuple[Card, Card]]) -> Compared:
    mine = _told(name, who, own, own)
    theirs = tuple(_told(name, other, *others[other]) for other in sorted(others))
    levels = [each.level for each in theirs if each.level]
    distance = mine.level - mean(levels) if mine.level and levels else None
    return Compared(name=name, own=mine, others=theirs, distance=distance)


def _told(name: str, who: str, first: Card, latest: Card) -> Told:
    if name == RECOMMENDATION:
        return Told(
            who=who,
            first=first.recommendation,
            level=latest.recommendation,
            reason=latest.reason,
            evidence=(),
        )
    rating = latest.rating(name)
    return Told(
        who=who,
        first=first.rating(name).level,
        level=rating.level,
        reason=rating.reason,
        evidence=rating.evidence,
    )
