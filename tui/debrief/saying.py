"""What people do in a debrief: open it, say something, change their mind. Every door comes here.

Checked here once: that the cards are open to whoever speaks, and that the debrief is not closed.
What an entry must hold is `recorder.cards.debriefing`'s. Nothing is printed or drawn.
"""

from __future__ import annotations

from datetime import datetime

from recorder.cards.book import Book
from recorder.cards.card import Card, checked
from recorder.cards.debriefing import Entering, Entry, add_entry, entries_of, standing_entries
from recorder.cards.keeping import Kept
from recorder.cards.seeing import check_cards
from recorder.errors import UsageError
from recorder.trace.roles import Right, may
from tui.debrief.table import RECOMMENDATION
from tui.person import must_have, role

_EARLY: Right = "open the debrief early"
_LEADING = frozenset({"decision", "closed"})
"""What is for whoever leads the debrief."""


def open_debrief(
    book: Book, who: str, *, early: bool = False, now: datetime | None = None
) -> Entry:
    """Open all cards together.

    Raises:
        RoleError: It may be early, and whoever sits here may not open early.
        BlindError: Cards are missing and nobody said that they may be; or none is in.
        UsageError: They are open already.
        SealError: A card cannot be opened on this home, and nobody said that it need not be.
        StoreError: The store cannot be written.

    """
    if early and book.waited_for():
        must_have(_EARLY)
    # Somebody may be asked between the two, and a card that cannot be opened is missing too.
    return book.open(who, early=early and may(role(), _EARLY), now=now)


def say(book: Book, entering: Entering, who: str, *, now: datetime | None = None) -> Entry:
    """Keep what somebody says.

    Raises:
        RoleError: It decides or closes, and whoever sits here may not.
        BlindError: The cards are not open to them.
        UsageError: The debrief is closed, or what is said says nothing.
        StoreError: The store cannot be written.

    """
    if entering.kind in _LEADING:
        must_have("record a decision")
    _check(book, who, entering)
    return add_entry(book.engine, book.session, entering, who, now=now)


def withdraw(book: Book, number: int, who: str, *, now: datetime | None = None) -> Entry:
    """Take back what was said: the entry of that number, which no longer stands.

    Raises:
        BlindError: The cards are not open to them.
        UsageError: No entry of that number stands, or it is the opening.
        StoreError: The store cannot be written.

    """
    check_cards(book.standing(who))
    old = next(
        (e for e in standing_entries(entries_of(book.engine, book.session)) if e.number == number),
        None,
    )
    if old is None:
        raise UsageError(
            f"there is no entry {number} that still stands",
            "`jumpseat debrief SESSION` shows their numbers",
        )
    if old.kind == "opened":
        raise UsageError("cards that were opened cannot be closed again", "the minutes say so")
    entering = Entering(
        kind=old.kind, text=old.text, subject=old.subject, replaces=number, withdrawn=True
    )
    return say(book, entering, who, now=now)


def change_mind(
    book: Book,
    who: str,
    matter: str,
    level: int,
    why: str,
    *,
    now: datetime | None = None,
) -> Kept:
    """Put another level beside somebody's own, with what changed their mind as its reason.

    Args:
        book: The session's cards.
        who: Whose card; always the person's own.
        matter: A competency's id, or `RECOMMENDATION`.
        level: The level from now on; 0 where they could not tell after all.
        why: What changed their mind.
        now: When; the present without it.

    Raises:
        BlindError: The cards are not open to them.
        UsageError: They have none, nothing differs, there is no reason, or it is closed.
        StoreError: The store cannot be written.

    """
    _check(book, who, None)
    own = book.own(who)
    if not own.is_in:
        raise UsageError("you have no card in this session", "whoever has one changes their own")
    if own.is_lost:
        raise UsageError(
            "your card cannot be opened with this home's key",
            "`jumpseat card fill` it again, then `jumpseat card change` keeps both",
        )
    if own.draft is not None:
        # Keeping a change would put it in the draft's place.
        raise UsageError(
            "a change of your card is begun already", "submit it with `jumpseat card`, or drop it"
        )
    card = own.standing
    if level == _level(card, matter):
        raise UsageError("that is the level that you gave", "give another one, or leave it")
    if not why.strip():
        raise UsageError("a card that is in changes with a reason", "say what changed your mind")
    return book.change(_changed(card, matter, level, why.strip()), who, why, now=now)


def _level(card: Card, matter: str) -> int | None:
    return card.recommendation if matter == RECOMMENDATION else card.rating(matter).level


def _changed(card: Card, matter: str, level: int, reason: str) -> Card:
    if matter == RECOMMENDATION:
        return checked(card, recommendation=level, reason=reason)
    values = {"level": level, "reason": reason}
    return card.rated(card.rating(matter).model_copy(update=values))


def _check(book: Book, who: str, entering: Entering | None) -> None:
    check_cards(book.standing(who))
    reopens = entering is not None and entering.kind == "closed" and entering.withdrawn
    said = standing_entries(entries_of(book.engine, book.session))
    closing = next((each for each in said if each.kind == "closed"), None)
    if closing is not None and not reopens:
        raise UsageError(
            "the debrief is closed",
            f"`jumpseat debrief {book.session} --withdraw {closing.number}` takes that back first",
        )
