"""What somebody changed on a card, made on another state of it. Pure.

A form is open in an editor for half an hour, and the same card is filled in the seat meanwhile:
neither is to undo the other. Where both said something of one thing, the form was said last.
"""

from __future__ import annotations

from typing import Any

from recorder.cards.card import Card, Evidence, Rating, checked

_OF_CARD = ("recommendation", "reason", "strengths", "gaps")
_OF_RATING = ("level", "reason")


def carried_over(before: Card, said: Card, newest: Card) -> Card:
    """Return the newest state of a card with all that was changed from ``before`` to ``said``.

    Raises:
        UsageError: Together they are no card: there is too much evidence for a rating.

    """
    ratings = {each.competency: each for each in newest.ratings}
    for each in said.ratings:
        own = each.competency
        if each != before.rating(own):
            ratings[own] = _rating(before.rating(own), each, newest.rating(own))
    changes = _changes(before, said, _OF_CARD)
    return checked(newest, ratings=tuple(ratings.values()), **changes)


def _rating(before: Rating, said: Rating, newest: Rating) -> Rating:
    pieces = _evidence(before.evidence, said.evidence, newest.evidence)
    changes = _changes(before, said, _OF_RATING)
    return newest.model_copy(update={**changes, "evidence": pieces})


def _changes(before: Card | Rating, said: Card | Rating, names: tuple[str, ...]) -> dict[str, Any]:
    given = {name: getattr(said, name) for name in names}
    return {name: value for name, value in given.items() if value != getattr(before, name)}


def _evidence(
    before: tuple[Evidence, ...], said: tuple[Evidence, ...], newest: tuple[Evidence, ...]
) -> tuple[Evidence, ...]:
    """Return what was said without what was taken off elsewhere, and what was attached there."""
    kept = [each for each in said if each in newest or each not in before]
    return (*kept, *(each for each in newest if each not in before and each not in kept))
