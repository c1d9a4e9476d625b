"""How far everybody's cards are, as their envelopes tell it: no card is opened, no key is needed.

The rule of who may see what is `recorder.cards.seeing`'s; here is what it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from recorder.cards.calls import Calls, read_calls, standing_calls
from recorder.cards.debriefing import is_open, read_entries
from recorder.cards.keeping import Envelope, Purpose, envelopes
from recorder.cards.seeing import CardState, Standing, state_of
from recorder.exercise.schema import Exercise
from recorder.store.engine import store_errors

STATE_WORDS: dict[CardState, str] = {"none": "not begun", "draft": "begun", "submitted": "in"}
"""What people are told of a card's state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far somebody's card is, without a word of what is in it.

    Attributes:
        who: Whose.
        state: Not begun, begun, or in.
        asked: It is waited for; ``excused`` it was, and is not any more.
        submitted: When it was submitted first (UTC).
        changes: How often it was changed since.

    """

    who: str
    state: CardState
    asked: bool
    excused: bool
    submitted: datetime | None
    changes: int

    @property
    def is_waited_for(self) -> bool:
        """Whether the debrief waits for it."""
        return self.asked and self.state != "submitted"


def progress_in(connection: Connection, session: str) -> tuple[Progress, ...]:
    """Return how far everybody's cards are: those asked first, then others who have one."""
    calls = standing_calls(read_calls(connection, session))
    cards = [each for each in envelopes(connection, session) if each.purpose == "interview"]
    names = dict.fromkeys((*calls.asked, *sorted(calls.excused), *(each.who for each in cards)))
    return tuple(_progress(who, [each for each in cards if each.who == who], calls)
                 for who in names)  # fmt: skip


def _progress(who: str, cards: Sequence[Envelope], calls: Calls) -> Progress:
    return Progress(
        who=who,
        state=state_of({each.kind for each in cards}),
        asked=who in calls.asked,
        excused=who in calls.excused,
        submitted=next((each.said for each in cards if each.kind == "submitted"), None),
        changes=sum(each.kind == "changed" for each in cards),
    )


def standing_of(engine: Engine, session: str, plan: Exercise | None, who: str) -> Standing:
    """Return how somebody stands to a session's cards; ``plan`` is the exercise that it followed.

    Raises:
        StoreError: The store cannot be read.

    """
    with store_errors(engine), engine.connect() as connection:
        return standing_in(connection, session, plan, who)


def standing_in(connection: Connection, session: str, plan: Exercise | None, who: str) -> Standing:
    """Return the same within a transaction of the caller's."""
    calls = standing_calls(read_calls(connection, session))
    found = envelopes(connection, session)
    return Standing(
        who=who,
        state=_state(found, who, "interview"),
        asked=who in calls.asked,
        blind=who in calls.blind,
        anybody_asked=bool(calls.asked or calls.excused),
        required=plan is not None and plan.cards.blind_to_tags,
        opened=is_open(read_entries(connection, session)),
        training=_state(found, who, "training") == "draft",
    )


def _state(found: Sequence[Envelope], who: str, purpose: Purpose) -> CardState:
    return state_of({each.kind for each in of_whom(found, who, purpose)})


def of_whom(found: Sequence[Envelope], who: str, purpose: Purpose) -> list[Envelope]:
    """Return the states of somebody's own card."""
    return [each for each in found if each.who == who and each.purpose == purpose]
