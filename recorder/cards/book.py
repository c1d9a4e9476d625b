"""A session's cards for one home: filled, submitted, opened together; the one door to them.

Every way in (command line, seat, report) uses this, so that the rule of `recorder.cards.seeing` is
asked in one place. What opening does is `recorder.cards.opening`'s, how far cards are
`recorder.cards.progress`'. What is drawn or printed is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from recorder.cards.card import MOST_TEXT, Card, check_competencies, missing
from recorder.cards.debriefing import Entry
from recorder.cards.keeping import (
    Envelope,
    Kept,
    Kind,
    Purpose,
    discard_draft,
    envelopes,
    keep,
)
from recorder.cards.opening import Sheet, open_cards, sheets_in, was_opened
from recorder.cards.own import Own, own_of
from recorder.cards.progress import Progress, of_whom, progress_in, standing_in, standing_of
from recorder.cards.sealing import CardKey
from recorder.cards.seeing import Standing, check_cards
from recorder.errors import UsageError
from recorder.exercise.schema import Competency, Exercise
from recorder.store.engine import store_errors
from recorder.store.rows import speaking_of
from recorder.store.tables import storable
from recorder.trace.actions import Action
from recorder.trace.entries import Doing
from recorder.trace.here import door
from recorder.trace.keeping import append


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
            SealError: The draft was sealed to other homes only, or altered.
            StoreError: The store cannot be read.

        """
        with self._reading() as connection:
            found = of_whom(envelopes(connection, self.session), who, purpose)
        return own_of(self.key, self.session, found)

    def edit(
        self,
        who: str,
        change: Callable[[Card], Card],
        purpose: Purpose = "interview",
        *,
        now: datetime | None = None,
    ) -> Own:
        """Change somebody's own card as it is at that moment, and return it as it is then.

        Read, changed and kept in one: what they say meanwhile in another seat is not undone. What
        says no more than the card that is in is no draft.

        Args:
            who: Whose card.
            change: Makes another card of it; called while the session is locked, so it is quick
                and asks the store nothing.
            purpose: Which of their cards.
            now: When; the present without it.

        Raises:
            UsageError: It rates what the exercise does not have, or whatever ``change`` raised.
            SealError: The draft cannot be opened here.
            StoreError: The store cannot be written, or does not know the session.

        """
        with speaking_of(self.engine, self.session) as connection:
            every = envelopes(connection, self.session)
            own = own_of(self.key, self.session, of_whom(every, who, purpose))
            card = change(own.card)
            # A training card that was begun hides the others', whatever it says. And where the one
            # that is in is lost, nobody can tell what differs from it.
            same = card == own.standing and not own.is_lost
            if same and (own.is_in or purpose == "interview"):
                discard_draft(connection, self.session, who, purpose)
                return replace(own, draft=None)
            if own.draft is not None and card == own.draft.card:
                return own
            check_competencies(card, self.competencies)
            draft = _state_of("draft", card, who, purpose, now)
            return replace(own, draft=self._put(connection, every, draft))

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
        with speaking_of(self.engine, self.session) as connection:
            every = envelopes(connection, self.session)
            return self._put(connection, every, _state_of("draft", card, who, purpose, now))

    def discard_draft(self, who: str, purpose: Purpose = "interview") -> bool:
        """Delete somebody's own draft; return whether there was one.

        Raises:
            StoreError: The store cannot be written, or does not know the session.

        """
        with speaking_of(self.engine, self.session) as connection:
            return discard_draft(connection, self.session, who, purpose)

    def submit(
        self,
        card: Card | None,
        who: str,
        purpose: Purpose = "interview",
        *,
        now: datetime | None = None,
    ) -> Kept:
        """Put somebody's card in, for good: whatever comes later stands beside it.

        Args:
            card: What it says; None for their own as it is at that moment.
            who: Whose card.
            purpose: Which of their cards.
            now: When; the present without it.

        Raises:
            UsageError: Something is missing, or one is in already.
            SealError: Their own is to be put in, and its draft cannot be opened here.
            StoreError: The store cannot be written, or does not know the session.

        """
        with speaking_of(self.engine, self.session) as connection:
            every = envelopes(connection, self.session)
            if card is None:
                card = own_of(self.key, self.session, of_whom(every, who, purpose)).card
            self._check_whole(card)
            return self._put(connection, every, _state_of("submitted", card, who, purpose, now))

    def change(
        self,
        card: Card | None,
        who: str,
        reason: str,
        purpose: Purpose = "interview",
        *,
        now: datetime | None = None,
    ) -> Kept:
        """Put a changed card beside the one that is in, also beside one that cannot be opened.

        Args:
            card: What it says; None for their own as it is at that moment.
            who: Whose card.
            reason: What changed their mind.
            purpose: Which of their cards.
            now: When; the present without it.

        Raises:
            UsageError: None is in, something is missing, nothing differs, or there is no reason.
            SealError: The draft cannot be opened here.
            StoreError: The store cannot be written, or does not know the session.

        """
        with speaking_of(self.engine, self.session) as connection:
            every = envelopes(connection, self.session)
            own = own_of(self.key, self.session, of_whom(every, who, purpose))
            card = own.card if card is None else card
            self._check_whole(card)
            reason = _checked_reason(reason)
            # From a state that is lost nobody can tell whether something differs.
            if own.is_in and not own.is_lost and card == own.standing:
                cause = "nothing differs from the card that is in"
                raise UsageError(cause, "change something first")
            changed = replace(_state_of("changed", card, who, purpose, now), reason=reason)
            return self._put(connection, every, changed, beside=own.lost)

    def progress(self) -> tuple[Progress, ...]:
        """Return how far everybody's cards are: those asked first, then others who have one.

        Raises:
            StoreError: The store cannot be read.

        """
        with self._reading() as connection:
            return progress_in(connection, self.session)

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
        return tuple(each.who for each in self.progress() if each.is_waited_for)

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
        with speaking_of(self.engine, self.session) as connection:
            return open_cards(connection, self.key, self.session, who, early=early, now=now)

    def sheets(self, viewer: str) -> tuple[Sheet, ...]:
        """Return all cards that are on the table, by name.

        Raises:
            BlindError: The viewer may not see them yet.
            SealError: What is stored was altered.
            StoreError: The store cannot be read.

        """
        with self._reading() as connection:
            check_cards(standing_in(connection, self.session, self.plan, viewer))
            return sheets_in(connection, self.key, self.session)

    def _check_whole(self, card: Card) -> None:
        check_competencies(card, self.competencies)
        lacks = missing(card, self.competencies)
        if lacks:
            more = f" (and {len(lacks) - 1} more)" if len(lacks) > 1 else ""
            raise UsageError(
                f"the card is not whole: {lacks[0]}{more}", "`jumpseat card show` tells"
            )

    def _put(
        self,
        connection: Connection,
        every: tuple[Envelope, ...],
        kept: Kept,
        beside: tuple[Envelope, ...] = (),
    ) -> Kept:
        """Keep a state of a card; the caller holds the lock, and read ``every`` under it."""
        is_in = any(each.kind != "draft" for each in of_whom(every, kept.who, kept.purpose))
        if kept.kind == "submitted" and is_in:
            raise UsageError("your card is in already", "`jumpseat card change` keeps both")
        if kept.kind == "changed" and not is_in:
            raise UsageError("your card is not in yet", "`jumpseat card submit` puts it in")
        # Rows can be forged, what this home has opened cannot; others' homes cannot tell.
        opened = (
            kept.kind != "draft"
            and kept.purpose == "interview"
            and self.key.opens
            and any(was_opened(self.key, self.session, each) for each in every)
        )
        kept = keep(connection, self.key, self.session, kept, opened=opened)
        if kept.kind != "draft":
            append(connection, _trace(self.session, kept, beside))
        return kept

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with store_errors(self.engine), self.engine.connect() as connection:
            yield connection


def _checked_reason(reason: str) -> str:
    reason = storable(reason.strip())
    if not reason:
        raise UsageError("a card that is in changes with a reason", "say what changed your mind")
    if len(reason) > MOST_TEXT:
        raise UsageError(f"the reason has {len(reason)} characters", f"{MOST_TEXT} are kept of one")
    return reason


def _trace(session: str, kept: Kept, beside: tuple[Envelope, ...]) -> Doing:
    """Return what the trace tells of a card: whose and which, never what is in it."""
    action = Action.CARD_CHANGED if kept.kind == "changed" else Action.CARD_SUBMITTED
    detail = f"card {kept.number}"
    if beside:
        numbers = ", ".join(str(each.number) for each in beside)
        detail += f", as the author's home cannot open {numbers}"
    if kept.purpose == "training":
        action, detail = Action.TRAINED, f"{kept.kind} {detail}"
    return Doing(kept.who, door(), action, session, detail)


def _state_of(kind: Kind, card: Card, who: str, purpose: Purpose, now: datetime | None) -> Kept:
    """Return a state of a card that is about to be kept; its number is given then."""
    said = (now or datetime.now(UTC)).astimezone(UTC)
    return Kept(number=0, purpose=purpose, kind=kind, who=who, said=said, card=card)
