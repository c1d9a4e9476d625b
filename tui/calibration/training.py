"""Training: a past session scored blind. Who may begin, how far they are, what may be shown them.

The rule that hides others' cards meanwhile is `recorder.cards.seeing`'s. Nothing is printed here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Engine

from analyzer.calibration.training import Training, compare
from recorder.cards.book import Book
from recorder.cards.seeing import BlindError
from recorder.errors import UsageError
from recorder.trace.actions import Action
from recorder.trace.keeping import Wanted, entries

Stage = Literal["none", "begun", "in"]

_SEEING = frozenset(
    {
        Action.CARDS_OPENED,
        Action.CARDS_READ,
        Action.DECIDED,
        Action.REPORTED,
        Action.EXPORTED,
    }
)
"""Deeds after which somebody knows how a session was scored, or may."""


def stage(book: Book, who: str) -> Stage:
    """Return how far somebody's training card is.

    Raises:
        SealError: It cannot be opened here.
        StoreError: The store cannot be read.

    """
    own = book.own(who, "training")
    if own.submitted:
        return "in"
    return "begun" if own.draft is not None else "none"


def begin(book: Book, who: str) -> None:
    """Let somebody score a session for training: from now on they see none of its cards.

    Raises:
        UsageError: They judged it themselves.
        BlindError: Its cards are not on the table, or their own is waited for.
        StoreError: The store cannot be written.

    """
    check_may_train(book, who)
    book.edit(who, lambda card: card, "training")


def check_may_train(book: Book, who: str) -> None:
    """Let somebody have a training card of a session.

    Raises:
        UsageError: They judged it themselves.
        BlindError: Its cards are not on the table, or their own is waited for.
        StoreError: The store cannot be read.

    """
    standing = book.standing(who)
    if standing.state != "none":
        raise UsageError(
            "you judged this session yourself", "train on one in which you did not sit"
        )
    if standing.owes:
        raise BlindError("your card is waited for", "`jumpseat card fill` it: this is no training")
    if not standing.opened:
        raise BlindError(
            "the cards of this session are not opened yet",
            "train on one whose debrief is open: then there is something to compare with",
        )


def knew(engine: Engine, session: str, who: str, before: datetime | None = None) -> datetime | None:
    """Return since when, by the trace, somebody may know a session's cards.

    Args:
        engine: The store.
        session: The session's id.
        who: The trainee.
        before: When their own card was in; what they saw after it is no matter. None: not yet.

    Returns:
        None where it tells of nothing. It knows neither what a colleague said nor what was seen
        over their shoulder.

    Raises:
        StoreError: The trace cannot be read.

    """
    found = [
        each
        for each in entries(engine, Wanted(about=session, who=who))
        if each.action in _SEEING and (before is None or each.said < before)
    ]
    return found[0].said if found else None


def compared(book: Book, who: str) -> Training:
    """Return somebody's training card beside the interview's.

    Raises:
        BlindError: Their training card is not in.
        SealError: A card cannot be read here.
        StoreError: The store cannot be read.

    """
    own = book.own(who, "training").submitted
    if not own:
        raise BlindError(
            "your training card is not in: how it was scored could colour it",
            "`jumpseat card submit --training`",
        )
    sheets = book.sheets(who)
    return compare(
        who,
        own[0].card,
        {each.who: (each.first.card, each.latest.card) for each in sheets},
        [each.id for each in book.competencies],
    )
