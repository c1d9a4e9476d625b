"""Opening all cards together, and what is on the table from then on.

In transactions of the caller's, who holds the session's lock to open. Who may see the table is
`recorder.cards.seeing`'s, and asked by the book.
"""

from __future__ import annotations

import contextlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, update

from recorder.cards.debriefing import Entering, Entry, is_open, put_entry, read_entries
from recorder.cards.keeping import (
    STAMP,
    Envelope,
    Kept,
    altered,
    content_of,
    envelopes,
    kept_of,
    stamped,
    unsealed,
)
from recorder.cards.progress import progress_in
from recorder.cards.sealing import CardKey, SealError, stamp, unseal
from recorder.cards.seeing import BlindError
from recorder.cards.tables import CardRow
from recorder.errors import UsageError
from recorder.trace.actions import Action
from recorder.trace.entries import Doing
from recorder.trace.here import door
from recorder.trace.keeping import append


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Somebody's card on the table: all its states that could be opened, the first one first."""

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


def sheets_in(connection: Connection, key: CardKey, session: str) -> tuple[Sheet, ...]:
    """Return all cards that are on the table, by name.

    Where cards were opened, those that came later from homes which may not open any are there too,
    as far as they can be opened here.

    Raises:
        SealError: What is stored was altered.

    """
    found = envelopes(connection, session)
    late = any(was_opened(key, session, each) if key.opens else each.opened for each in found)
    states: dict[str, list[Kept]] = {}
    for each in filter(_counts, found):
        kept = _on_table(key, session, each)
        if kept is None and late:
            with contextlib.suppress(SealError):
                kept = unsealed(key, session, each)
        if kept is not None:
            states.setdefault(kept.who, []).append(kept)
    return tuple(Sheet(who=who, states=tuple(states[who])) for who in sorted(states))


def was_opened(key: CardKey, session: str, envelope: Envelope) -> bool:
    """Return whether a card was put on this session's table by the home that this key is of.

    Whoever may write the store can copy what was opened in another session, stamp and all, or give
    it another kind; so it must be what was sealed here, too.
    """
    if not (_counts(envelope) and isinstance(envelope.opened, dict)):
        return False
    told = envelope.opened.get(STAMP)
    if not isinstance(told, str) or not hmac.compare_digest(
        told.encode("utf-8", "replace"), stamp(key, envelope.sealed).encode("ascii")
    ):
        return False
    try:
        unsealed(key, session, envelope)
    except SealError:
        return False
    return True


def open_cards(
    connection: Connection,
    key: CardKey,
    session: str,
    who: str,
    *,
    early: bool,
    now: datetime | None = None,
) -> Entry:
    """Open all cards that are in, and note whose are missing; see `recorder.cards.book.Book.open`.

    Raises:
        BlindError: Not all are in, and nobody said that they need not be; or no card is.
        UsageError: They are open already, all of them and as they were sealed.
        SealError: A card cannot be opened on this home, and nobody said that it need not be.

    """
    waiting = [each for each in envelopes(connection, session) if _is_waiting(key, session, each)]
    again = is_open(read_entries(connection, session))
    if again and not waiting:
        raise _open_already()
    progress = progress_in(connection, session)
    lacking = [each.who for each in progress if each.is_waited_for]
    if not any(each.state == "submitted" for each in progress):
        raise BlindError("no card of this session is in", "`jumpseat card submit` puts one in")
    if lacking and not early:
        raise BlindError(
            f"cards are missing: {', '.join(lacking)}",
            "excuse them, or open early; either is noted",
        )
    count, left = _open(connection, key, session, waiting, leave=early)
    if again and not count:
        # What is still sealed cannot be opened, and its authors have put others beside it.
        raise _open_already()
    lacking += [f"{each} (cannot be opened)" for each in left]
    told = f"{_counted(count, 'submission')}, {_counted(len(lacking), 'card')} missing"
    append(connection, Doing(who, door(), Action.CARDS_OPENED, session, told))
    return put_entry(
        connection, session, Entering(kind="opened", text=", ".join(lacking)), who, now=now
    )


def _open_already() -> UsageError:
    return UsageError("the cards are open already", "`jumpseat debrief SESSION` shows them")


def _open(
    connection: Connection, key: CardKey, session: str, waiting: list[Envelope], *, leave: bool
) -> tuple[int, tuple[str, ...]]:
    """Make these states readable.

    Returns:
        How many were opened, and whose cards were left out: whose latest state cannot be opened.

    Raises:
        SealError: Such a card is not to be left out, or nothing could be opened.

    """
    failed: dict[int, SealError] = {}
    for each in waiting:
        content = None
        try:
            content = content_of(session, unsealed(key, session, each))
            content = stamped(key, content, each.sealed)
        except SealError as error:
            failed[each.number] = error
        connection.execute(
            update(CardRow)
            .where(CardRow.session == session, CardRow.number == each.number)
            .values(opened=content)
        )
    count = len(waiting) - len(failed)
    latest = {each.who: each.number for each in envelopes(connection, session) if _counts(each)}
    closed = {who: failed[number] for who, number in latest.items() if number in failed}
    if closed and not (leave and count):
        who, why = next(iter(closed.items()))
        raise SealError(
            f"the card of {who}: {why.cause}",
            "restore `keys/cards` of the home of `jumpseat serve`, or open the others with --early",
        ) from why
    return count, tuple(closed)


def _counts(envelope: Envelope) -> bool:
    return envelope.purpose == "interview" and envelope.kind != "draft"


def _on_table(key: CardKey, session: str, envelope: Envelope) -> Kept | None:
    """Return a card that the debrief opened, None where it did not.

    What is sealed cannot be read by whoever may only write the store; so where it can be opened
    here, it must say the same, and on the home that cards are opened on it must have been opened
    there. Where it is sealed to another home, nothing can be compared.

    Raises:
        SealError: What is stored is not what the envelope says, or not what was sealed.

    """
    if envelope.opened is None:
        return None
    kept = kept_of(session, envelope, envelope.opened)
    try:
        content = unseal(key, envelope.sealed)
    except SealError:
        return kept
    if kept_of(session, envelope, content) != kept:
        raise altered(envelope)
    return kept if was_opened(key, session, envelope) or not key.opens else None


def _is_waiting(key: CardKey, session: str, envelope: Envelope) -> bool:
    """Return whether a card should be on the table and is not there as it was sealed."""
    if not _counts(envelope):
        return False
    try:
        return _on_table(key, session, envelope) is None
    except SealError:
        return True


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'s' if number > 1 else ''}"
