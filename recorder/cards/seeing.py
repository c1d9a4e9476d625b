"""Who may see what before cards are on the table: the rule of blindness, and nothing else.

Pure: it is told how things stand. Every door asks here, so that none is forgotten when it changes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from recorder.errors import JumpseatError

CardState = Literal["none", "draft", "submitted"]


def state_of(kinds: Collection[str]) -> CardState:
    """Return how far a card is of which there are states of these kinds."""
    if any(each != "draft" for each in kinds):
        return "submitted"
    return "draft" if kinds else "none"


class BlindError(JumpseatError):
    """Somebody would see what could colour a judgement that they have not given yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How somebody stands to a session's cards.

    Attributes:
        who: Whom it is about.
        state: How far their own card is.
        asked: Their card is waited for.
        blind: They chose to see no tags before it is in.
        anybody_asked: Somebody's card is waited for.
        required: The team lets nobody see tags before.
        opened: The debrief is open.
        training: They score the session for practice, and are not done.

    """

    who: str
    state: CardState
    asked: bool
    blind: bool
    anybody_asked: bool
    required: bool
    opened: bool
    training: bool = False

    @property
    def owes(self) -> bool:
        """Whether a judgement of theirs is still to come."""
        return self.state == "draft" or (self.asked and self.state == "none")

    @property
    def sees_cards(self) -> bool:
        """Whether others' cards are to be seen: opened together, and one's own is in."""
        return self.opened and not self.owes and not self.training

    @property
    def sees_tags(self) -> bool:
        """Whether the machine's tags are to be seen.

        Where the team requires blindness and nobody was asked yet, everybody might be.
        """
        if self.state == "submitted":
            return True
        if self.blind:
            return False
        will_judge = self.asked or not self.anybody_asked or self.owes or self.training
        return not (self.required and will_judge)


def check_cards(standing: Standing) -> None:
    """Let somebody see others' cards.

    Raises:
        BlindError: Not yet.

    """
    if standing.sees_cards:
        return
    if not standing.opened:
        raise BlindError(
            "the cards of this session are not opened yet",
            "they are when everybody who was asked has submitted theirs and the debrief is opened",
        )
    if standing.training and not standing.owes:
        raise BlindError(
            "you score this session for training: others' cards could colour yours",
            "submit it with `jumpseat card submit --training`",
        )
    raise BlindError(
        "your own card is not in: others' could colour it",
        "submit it with `jumpseat card submit`, or let a facilitator excuse you",
    )


def check_tags(standing: Standing) -> None:
    """Let somebody see the machine's tags, and what is computed from them.

    Raises:
        BlindError: Not before their own card is in.

    """
    if standing.sees_tags:
        return
    chosen = "you chose" if standing.blind else "this exercise asks you"
    raise BlindError(
        f"{chosen} to judge without the machine's tags",
        "they are shown when your card is in: `jumpseat card submit`",
    )
