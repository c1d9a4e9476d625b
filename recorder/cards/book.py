"""A session's cards for one home: filled, submitted, opened together; the one door to them.

Every way in (command line, seat, report) uses this, so that the rule of `recorder.cards.seeing` is
asked in one place. What is drawn or printed is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from recorder.cards.calls import Calls, read_calls, standing_calls
from recorder.cards.card import MOST_TEXT, Card, check_competencies, missing
from recorder.cards.debriefing import Entering, Entry, is_open, put_entry, read_entries
from recorder.cards.keeping import (
    Envelope,
    Kept,
    Kind,
    Purpose,
    discard_draft,
    envelopes,
    is_waiting,
    keep,
    on_table,
    open_all,
    unsealed,
)
from recorder.cards.sealing import CardKey
from recorder.cards.seeing import BlindError, CardState, Standing, check_cards
from recorder.errors import UsageError
from recorder.exercise.schema import Competency, Exercise
from recorder.store.engine import store_errors
from recorder.store.rows import lock_session
from recorder.store.tables import storable
from recorder.trace.actions import Action
from recorder.trace.entries import Doing
from recorder.trace.here import door
from recorder.trace.keeping import append


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """Somebody's own card: the draft, and all states that were submitted, the first one first."""

    draft: Kept | None
    submitted: tuple[Kept, ...]

    @property
    def card(self) -> Card:
        """What they would go on with: the draft, else what is in, else an empty card."""
        if self.draft is not None:
            return self.draft.card
        return self.submitted[-1].card if self.submitted else Card()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Somebody's card on the table: all its states, the first one first."""

    who: str
    states: tuple[Kept, ...]

    @property
    def first(self) -> Kept:
        """As it was submitted."""
        return self.states[0]

    @property
    def latest(self) -> Kept:
        """As it stands."""
        return self.states[-1]


@dataclass(frozen=True, slots=True)
class Book:
    """The cards of one session.

    Attributes:
        engine: The store.
        key: Of the home that this runs on.
        session: The session's id.
        plan: The exercise that it followed; None where nobody can tell.

    """

    engine: Engine
    key: CardKey
    session: str
    plan: Exercise | None

    @property
    def competencies(self) -> tuple[Competency, ...]:
        """What a card rates."""
        return self.plan.competency if self.plan else ()

    def own(self, who: str, purpose: Purpose = "interview") -> Own:
        """Return somebody's own card.

        Raises:
            SealError: It was sealed to other homes only, or altered.
            StoreError: The store cannot be read.

        """
        with self._reading() as connection:
            found = _of(envelopes(connection, self.session), who, purpose)
        kept = [unsealed(self.key, self.session, each) for each in found]
        return Own(
            draft=next((each for each in kept if each.kind == "draft"), None),
            submitted=tuple(each for each in kept if each.kind != "draft"),
        )

    def save_draft(
        self,
        card: Card,
        who: str,
        purpose: Purpose = "interview",
        *,
        now: datetime | None = None,
    ) -> Kept:
        """Keep a card that is not in yet, or a change that is not; the draft before goes.

        Raises:
            UsageError: It rates what the exercise does not have.
            StoreError: The store cannot be written, or does not know the session.

        """
        check_competencies(card, self.competencies)
        return self._put(_state_of("draft", card, who, purpose, now))

    def discard_draft(self, who: str, purpose: Purpose = "interview") -> bool:
        """Delete somebody's own draft; return whether there was one.

        Raises:
            StoreError: The store cannot be written, or does not know the session.

        """
        with self._writing() as connection:
            return discard_draft(connection, self.session, who, purpose)

    def submit(
        self,
        card: Card,
        who: str,
        purpose: Purpose = "interview",
        *,
        now: datetime | None = None,
    ) -> Kept:
        """Put somebody's card in, for good: whatever comes later stands beside it.

        Raises:
            UsageError: Something is missing, or one is in already.
            StoreError: The store cannot be written, or does not know the session.

        """
        self._check_whole(card)
        return self._put(_state_of("submitted", card, who, purpose, now))

    def change(
        self,
        card: Card,
        who: str,
        reason: str,
        purpose: Purpose = "interview",
        *,
        now: datetime | None = None,
    ) -> Kept:
        """Put a changed card beside the one that is in.

        Raises:
            UsageError: None is in, something is missing, nothing differs, or there is no reason.
            StoreError: The store cannot be written, or does not know the session.

        """
        self._check_whole(card)
        reason = storable(reason.strip())
        if not reason:
            raise UsageError(
                "a card that is in changes with a reason", "say what changed your mind"
            )
        if len(reason) > MOST_TEXT:
            raise UsageError(
                f"the reason has {len(reason)} characters", f"{MOST_TEXT} are kept of one"
            )
        before = self.own(who, purpose).submitted
        if before and before[-1].card == card:
            raise UsageError("nothing differs from the card that is in", "change something first")
        changed = _state_of("changed", card, who, purpose, now)
        return self._put(replace(changed, reason=reason))

    def progress(self) -> tuple[Progress, ...]:
        """Return how far everybody's cards are: those asked first, then others who have one.

        Raises:
            StoreError: The store cannot be read.

        """
        with self._reading() as connection:
            found = envelopes(connection, self.session)
            calls = standing_calls(read_calls(connection, self.session))
        return _progress(found, calls)

    def standing(self, who: str) -> Standing:
        """Return how somebody stands to the cards, for `recorder.cards.seeing`.

        Raises:
            StoreError: The store cannot be read.

        """
        return standing_of(self.engine, self.session, self.plan, who)

    def waited_for(self) -> tuple[str, ...]:
        """Return whose cards are asked for and not in.

        Raises:
            StoreError: The store cannot be read.

        """
        return tuple(e.who for e in self.progress() if e.asked and e.state != "submitted")

    def open(self, who: str, *, early: bool = False, now: datetime | None = None) -> Entry:
        """Open all cards that are in, together; whose are missing is noted.

        Args:
            who: Who opens them.
            early: Although some who were asked have not submitted, or a card cannot be opened.
            now: When; the present without it.

        Raises:
            BlindError: Not all are in, and nobody said that they need not be; or no card is.
            UsageError: They are open already, all of them and as they were sealed.
            SealError: A card cannot be opened on this home, and nobody said that it need not be.
            StoreError: The store cannot be written, or does not know the session.

        """
        with self._writing() as connection:
            found = envelopes(connection, self.session)
            if is_open(read_entries(connection, self.session)) and not any(
                is_waiting(self.key, self.session, each) for each in found
            ):
                raise UsageError("the cards are open already", "")
            calls = standing_calls(read_calls(connection, self.session))
            progress = _progress(found, calls)
            lacking = [e.who for e in progress if e.asked and e.state != "submitted"]
            if not any(each.state == "submitted" for each in progress):
                raise BlindError(
                    "no card of this session is in", "`jumpseat card submit` puts one in"
                )
            if lacking and not early:
                raise BlindError(
                    f"cards are missing: {', '.join(lacking)}",
                    "excuse them, or open early; either is noted",
                )
            count, left = open_all(connection, self.key, self.session, leave=early)
            lacking += [f"{each} (cannot be opened)" for each in left]
            told = f"{_counted(count, 'submission')}, {_counted(len(lacking), 'card')} missing"
            append(connection, Doing(who, door(), Action.CARDS_OPENED, self.session, told))
            entering = Entering(kind="opened", text=", ".join(lacking))
            return put_entry(connection, self.session, entering, who, now=now)

    def sheets(self, viewer: str) -> tuple[Sheet, ...]:
        """Return all cards that are on the table, by name.

        Raises:
            BlindError: The viewer may not see them yet.
            SealError: What is stored was altered.
            StoreError: The store cannot be read.

        """
        with self._reading() as connection:
            check_cards(_standing(connection, self.session, self.plan, viewer))
            found = envelopes(connection, self.session)
        kept = [
            on_table(self.key, self.session, each) for each in found if each.purpose == "interview"
        ]
        states: dict[str, list[Kept]] = {}
        for each in kept:
            if each is not None:
                states.setdefault(each.who, []).append(each)
        return tuple(Sheet(who=who, states=tuple(states[who])) for who in sorted(states))

    def _check_whole(self, card: Card) -> None:
        check_competencies(card, self.competencies)
        lacks = missing(card, self.competencies)
        if lacks:
            more = f" (and {len(lacks) - 1} more)" if len(lacks) > 1 else ""
            raise UsageError(
                f"the card is not whole: {lacks[0]}{more}", "`jumpseat card show` tells"
            )

    def _put(self, kept: Kept) -> Kept:
        with self._writing() as connection:
            every = envelopes(connection, self.session)
            found = _of(every, kept.who, kept.purpose)
            is_in = any(each.kind != "draft" for each in found)
            if kept.kind == "submitted" and is_in:
                raise UsageError("your card is in already", "`jumpseat card change` keeps both")
            if kept.kind == "changed" and not is_in:
                raise UsageError("your card is not in yet", "`jumpseat card submit` puts it in")
            # Opening puts a card on the table, for which it takes the key; an entry alone does not.
            opened = (
                kept.purpose == "interview"
                and is_open(read_entries(connection, self.session))
                and any(each.opened is not None for each in every)
            )
            kept = keep(connection, self.key, self.session, kept, opened=opened)
            if kept.kind != "draft":
                append(connection, _trace(self.session, kept))
            return kept

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with store_errors(self.engine), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with store_errors(self.engine), self.engine.begin() as connection:
            lock_session(connection, self.session)
            yield connection


def standing_of(engine: Engine, session: str, plan: Exercise | None, who: str) -> Standing:
    """Return how somebody stands to a session's cards; no key is needed.

    Raises:
        StoreError: The store cannot be read.

    """
    with store_errors(engine), engine.connect() as connection:
        return _standing(connection, session, plan, who)


def _standing(connection: Connection, session: str, plan: Exercise | None, who: str) -> Standing:
    calls = standing_calls(read_calls(connection, session))
    found = envelopes(connection, session)
    return Standing(
        who=who,
        state=_state(_of(found, who, "interview")),
        asked=who in calls.asked,
        blind=who in calls.blind,
        anybody_asked=bool(calls.asked or calls.excused),
        required=plan is not None and plan.cards.blind_to_tags,
        opened=is_open(read_entries(connection, session)),
        training=_state(_of(found, who, "training")) == "draft",
    )


def _trace(session: str, kept: Kept) -> Doing:
    """Return what the trace tells of a card: whose and which, never what is in it."""
    action = Action.CARD_CHANGED if kept.kind == "changed" else Action.CARD_SUBMITTED
    detail = f"card {kept.number}"
    if kept.purpose == "training":
        action, detail = Action.TRAINED, f"{kept.kind} {detail}"
    return Doing(kept.who, door(), action, session, detail)


def _state_of(kind: Kind, card: Card, who: str, purpose: Purpose, now: datetime | None) -> Kept:
    """Return a state of a card that is about to be kept; its number is given then."""
    said = (now or datetime.now(UTC)).astimezone(UTC)
    return Kept(number=0, purpose=purpose, kind=kind, who=who, said=said, card=card)


def _of(found: Sequence[Envelope], who: str, purpose: Purpose) -> list[Envelope]:
    return [each for each in found if each.who == who and each.purpose == purpose]


def _state(found: Sequence[Envelope]) -> CardState:
    if any(each.kind != "draft" for each in found):
        return "submitted"
    return "draft" if found else "none"


def _progress(found: Sequence[Envelope], calls: Calls) -> tuple[Progress, ...]:
    cards = [each for each in found if each.purpose == "interview"]
    names = dict.fromkeys((*calls.asked, *sorted(calls.excused), *(each.who for each in cards)))
    return tuple(
        Progress(
            who=who,
            state=_state(_of(cards, who, "interview")),
            asked=who in calls.asked,
            excused=who in calls.excused,
            submitted=next((e.said for e in cards if e.who == who and e.kind == "submitted"), None),
            changes=sum(e.who == who and e.kind == "changed" for e in cards),
        )
        for who in names
    )


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'s' if number > 1 else ''}"
