"""A scorecard as a value, and its form as JSON, which is checked wherever it comes from.

Who wrote it, when, and who may see it are not its own: see `recorder.cards.keeping`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from recorder.errors import UsageError
from recorder.exercise.schema import Competency
from recorder.store.tables import storable

MOST_TEXT = 4000
"""Characters of one reason, of the strengths, of the gaps."""

MOST_EVIDENCE = 60
"""Pieces of evidence for one rating."""

MOST_QUOTED = 400
"""Characters that a piece of evidence repeats of what it points at."""

MOST_SECONDS = 2e9
"""The last moment that can be pointed at: beyond any that can be typed; every screen shows it."""

_MOST_RATINGS = 60

Text = Annotated[str, StringConstraints(max_length=MOST_TEXT), AfterValidator(storable)]
Quoted = Annotated[str, StringConstraints(max_length=MOST_QUOTED), AfterValidator(storable)]
Name = Annotated[str, StringConstraints(max_length=64), AfterValidator(storable)]
Seconds = Annotated[float, Field(ge=0, le=MOST_SECONDS, allow_inf_nan=False)]
Level = Annotated[int, Field(ge=0, le=4)]
Recommendation = Annotated[int, Field(ge=1, le=4)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Evidence(_Part):
    """Something in the session that a rating points at.

    Attributes:
        kind: A moment, a tag, a note, or a quote of what was spoken.
        t: When, in seconds since the session's start; ``until`` the end of a stretch.
        subject: The tag's id, the note's number, or TRANSCRIPT:LINE; None of a bare moment.
        text: What was seen there, in few words; kept, so that it still says something where a tag
            is gone after a new analysis.

    """

    kind: Literal["moment", "tag", "note", "quote"]
    t: Seconds
    until: Seconds | None = None
    subject: Name | None = None
    text: Quoted = ""


class Rating(_Part):
    """What somebody thinks of one competency; ``level`` is None while they have not decided."""

    competency: Annotated[Name, Field(min_length=1)]
    level: Level | None = None
    reason: Text = ""
    # An array of JSON is a list; strictly it would not become a tuple.
    evidence: Annotated[tuple[Evidence, ...], Field(strict=False, max_length=MOST_EVIDENCE)] = ()


class Card(_Part):
    """One interviewer's judgement of a session; all of it may still be open."""

    ratings: Annotated[tuple[Rating, ...], Field(strict=False, max_length=_MOST_RATINGS)] = ()
    recommendation: Recommendation | None = None
    reason: Text = ""
    strengths: Text = ""
    gaps: Text = ""

    def rating(self, competency: str) -> Rating:
        """Return the rating of a competency, an open one where there is none yet."""
        found = (each for each in self.ratings if each.competency == competency)
        return next(found, Rating(competency=competency))

    def rated(self, rating: Rating) -> Card:
        """Return the card with this rating in place of the competency's."""
        others = {each.competency: each for each in self.ratings}
        others[rating.competency] = rating
        return checked(self, ratings=tuple(others.values()))

    @property
    def total(self) -> int | None:
        """The sum of the levels above 0; None where there is none."""
        levels = [each.level for each in self.ratings if each.level]
        return sum(levels) if levels else None


def checked(card: Card, **changed: object) -> Card:
    """Return a card with other values.

    Raises:
        UsageError: They are no card's: too long, out of range.

    """
    return _read({**card.model_dump(), **{name: _plain(value) for name, value in changed.items()}})


def card_of(data: object) -> Card:
    """Read a card as JSON has it.

    Raises:
        UsageError: It is none; the message says where.

    """
    return _read(data)


def card_data(card: Card) -> dict[str, Any]:
    """Return a card as JSON has it; `card_of` reads it."""
    return card.model_dump(mode="json")


def missing(card: Card, competencies: Sequence[Competency]) -> list[str]:
    """Return what is still to be said before a card can be submitted, a line each.

    Level 0 is for whoever could not tell, and needs no reason.
    """
    found = []
    for each in competencies:
        rating = card.rating(each.id)
        if rating.level is None:
            found.append(f"{each.title} is not rated (0 where you could not tell)")
        elif rating.level and not rating.reason.strip():
            found.append(f"{each.title}: why {rating.level}?")
    if card.recommendation is None:
        found.append("there is no recommendation")
    elif not card.reason.strip():
        found.append("the recommendation has no reason")
    return found


def check_competencies(card: Card, competencies: Sequence[Competency]) -> None:
    """Refuse ratings of what the exercise does not have.

    Raises:
        UsageError: There is one.

    """
    known = [each.id for each in competencies]
    for rating in card.ratings:
        if rating.competency not in known:
            raise UsageError(
                f"the exercise has no competency {rating.competency!r}",
                f"it has {', '.join(known)}" if known else "it has none: recommend, and say why",
            )


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, tuple):
        return tuple(_plain(each) for each in value)
    return value


def _read(data: object) -> Card:
    try:
        return Card.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        # A key may be anything, a line's end too; what is said of it is one line.
        place = ascii(".".join(str(each) for each in first["loc"]) or "card")[1:-1]
        raise UsageError(f"{place}: {first['msg'].lower()}", "see docs/cards.md") from error
    except RecursionError as error:
        raise UsageError("card: nested too deep", "see docs/cards.md") from error
