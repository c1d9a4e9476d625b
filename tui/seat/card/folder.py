"""Somebody's card of a session as the seat is given it: a frozen value, and nothing of a store.

What others wrote is not in it, only who is how far.
"""

from __future__ import annotations

from dataclasses import dataclass

from recorder.cards.card import Card, missing
from recorder.cards.own import Own
from recorder.cards.progress import Progress
from recorder.cards.seeing import Standing
from recorder.exercise.schema import Cards, Competency


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """One's own card, and how far everybody is.

    Attributes:
        competencies: What a card rates, in the exercise's order.
        recommendations: What 1 to 4 are called.
        own: The draft, and what was submitted.
        progress: How far everybody's card is.
        standing: How the viewer stands to cards and tags.

    """

    competencies: tuple[Competency, ...] = ()
    recommendations: tuple[str, ...] = Cards().recommendation
    own: Own
    progress: tuple[Progress, ...] = ()
    standing: Standing

    @property
    def is_in(self) -> bool:
        """Whether the card was submitted."""
        return self.own.is_in

    @property
    def submitted(self) -> Card | None:
        """The card as it counts now; None before it is in, and where it cannot be opened."""
        return self.own.standing if self.own.submitted else None

    def lacks(self, card: Card) -> list[str]:
        """Return what keeps a card from being submitted, a line each."""
        return missing(card, self.competencies)

    def competency(self, name: str) -> Competency | None:
        """Return the competency of an id."""
        return next((each for each in self.competencies if each.id == name), None)
