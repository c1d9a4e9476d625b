"""Sessions as calibration sees them: who first thought what, what they think now, what was decided.

Plain values; where they come from, and who may see them, is the caller's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analyzer.calibration.ratings import LEVELS, Ratings, mean
from recorder.cards.card import Card

RECOMMENDATION = "recommendation"
"""Stands beside the competencies as what is rated last."""

HIRE = 3
"""From this recommendation on it is for hiring."""

Scores = Mapping[str, int]
"""What is rated to its level, level 0 included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One session whose cards are on the table.

    Attributes:
        session: Its id.
        exercise: The exercise's name; None where it followed none.
        first: Each rater's card as it was submitted, before any was seen.
        latest: The same as they stand.
        decision: What the debrief decided, 1 to 4; None where it did not, or to none of these.
        signals: Of which there were tags; None where they are not known or not to be seen.

    """

    session: str
    exercise: str | None
    first: Mapping[str, Scores]
    latest: Mapping[str, Scores]
    decision: int | None = None
    signals: frozenset[str] | None = None


def scores(card: Card) -> dict[str, int]:
    """Return what a card rates, by id, and its recommendation; what is open is not there."""
    found = {each.competency: each.level for each in card.ratings if each.level is not None}
    if card.recommendation is not None:
        found[RECOMMENDATION] = card.recommendation
    return found


def rated_things(sessions: Iterable[Judged]) -> list[tuple[str | None, str]]:
    """Return what was rated, with its exercise: the same word in two exercises is two things.

    In the order of the cards, the recommendation, which all exercises share, last.
    """
    found = {
        (each.exercise, name): None
        for each in sorted(sessions, key=lambda each: (each.exercise or "", each.session))
        for card in each.first.values()
        for name in card
        if name != RECOMMENDATION
    }
    return [*found, (None, RECOMMENDATION)]


def ratings_of(sessions: Iterable[Judged], thing: tuple[str | None, str]) -> Ratings:
    """Return who rated it how in which session, as first submitted; level 0 is missing."""
    exercise, name = thing
    found: dict[str, dict[str, float]] = {}
    for each in sessions:
        if name != RECOMMENDATION and each.exercise != exercise:
            continue
        for rater, card in each.first.items():
            if card.get(name, 0) in LEVELS:
                found.setdefault(rater, {})[each.session] = card[name]
    return found


def totals(sessions: Iterable[Judged]) -> Ratings:
    """Return each rater's total of each session: the mean of the levels above 0.

    A sum would be lower for whoever saw less. A card that rates fewer than half of what others
    rated in that session has none.
    """
    found: dict[str, dict[str, float]] = {}
    for each in sessions:
        levels = {
            rater: [level for name, level in card.items() if name != RECOMMENDATION and level]
            for rater, card in each.first.items()
        }
        most = max(map(len, levels.values()), default=0)
        for rater, given in levels.items():
            if given and 2 * len(given) >= most:
                found.setdefault(rater, {})[each.session] = mean(given)
    return found
