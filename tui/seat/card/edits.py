"""What one key press says on a card, and the card that comes of it. Pure.

An edit names what it changes and nothing else, so that it can be made on whichever state of the
card is the newest: somebody may fill it in two seats, or on the command line meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, assert_never

from recorder.cards.card import MOST_EVIDENCE, Card, Evidence, checked
from recorder.errors import UsageError

Field = Literal["reason", "strengths", "gaps"]


@dataclass(frozen=True, slots=True)
class Rate:
    """Rate a competency; None takes the rating back."""

    competency: str
    level: int | None


@dataclass(frozen=True, slots=True)
class Explain:
    """Say why a competency is rated so."""

    competency: str
    text: str


@dataclass(frozen=True, slots=True)
class Attach:
    """Point at something for a competency."""

    competency: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Detach:
    """Point at it no more."""

    competency: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Recommend:
    """Recommend, 1 to 4; None takes it back."""

    level: int | None


@dataclass(frozen=True, slots=True)
class Say:
    """Write the reason of the recommendation, the strengths or the gaps."""

    field: Field
    text: str


Edit = Rate | Explain | Attach | Detach | Recommend | Say


@dataclass(frozen=True, slots=True)
class Submit:
    """Put the card in; of one that is in, a change, with what changed one's mind."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class Discard:
    """Forget the draft; what is in stays."""


@dataclass(frozen=True, slots=True)
class BeBlind:
    """Judge without the machine's tags until the card is in, or with them."""

    blind: bool


@dataclass(frozen=True, slots=True)
class Look:
    """Read how things stand."""


Order = Submit | Discard | BeBlind | Look
Step = Edit | Order


def edited(card: Card, edit: Edit) -> Card:
    """Return the card after an edit.

    Raises:
        UsageError: It would be none: too long, out of range, attached already.

    """
    match edit:
        case Rate():
            rating = card.rating(edit.competency)
            return card.rated(rating.model_copy(update={"level": edit.level}))
        case Explain():
            rating = card.rating(edit.competency)
            return card.rated(rating.model_copy(update={"reason": edit.text}))
        case Attach():
            return _attached(card, edit)
        case Detach():
            rating = card.rating(edit.competency)
            left = tuple(each for each in rating.evidence if each != edit.evidence)
            return card.rated(rating.model_copy(update={"evidence": left}))
        case Recommend():
            return checked(card, recommendation=edit.level)
        case Say():
            return checked(card, **{edit.field: edit.text})
        case _:
            assert_never(edit)


def _attached(card: Card, edit: Attach) -> Card:
    rating = card.rating(edit.competency)
    if any(same_place(each, edit.evidence) for each in rating.evidence):
        raise UsageError("that is attached already", "")
    if len(rating.evidence) >= MOST_EVIDENCE:
        raise UsageError(
            f"{MOST_EVIDENCE} pieces are attached there already", "x takes one off the card"
        )
    pieces = sorted((*rating.evidence, edit.evidence), key=lambda each: each.t)
    return card.rated(rating.model_copy(update={"evidence": tuple(pieces)}))


def same_place(one: Evidence, other: Evidence) -> bool:
    """Whether two pieces point at the same thing, whatever was seen there."""
    return (one.kind, one.t, one.subject) == (other.kind, other.t, other.subject)
