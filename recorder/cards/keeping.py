"""Cards in the store: drafts, what was submitted, and changes beside it; sealed, all of them.

Only SQL and sealing. Who may see a card is `recorder.cards.seeing`'s, and asked by the book.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, select, update

from recorder.cards.card import Card, card_data, card_of
from recorder.cards.sealing import CardKey, SealError, seal, unseal
from recorder.cards.tables import CardRow
from recorder.errors import UsageError
from recorder.store.rows import in_utc, next_number
from recorder.store.tables import storable

Purpose = Literal["interview", "training"]
Kind = Literal["draft", "submitted", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One state of a card, readable; ``reason`` is why it was changed, ``said`` when (UTC)."""

    number: int
    purpose: Purpose
    kind: Kind
    who: str
    said: datetime
    card: Card
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One state of a card as everybody may know of it: whose, and when; not what is in it."""

    number: int
    purpose: Purpose
    kind: Kind
    who: str
    said: datetime
    sealed: bytes
    opened: dict[str, Any] | None


def envelopes(connection: Connection, session: str) -> tuple[Envelope, ...]:
    """Return all states of all cards of a session, in the order in which they were kept."""
    rows = connection.execute(
        select(CardRow.__table__).where(CardRow.session == session).order_by(CardRow.number)
    ).mappings()
    fields = Envelope.__dataclass_fields__
    return tuple(
        Envelope(**{**{name: row[name] for name in fields}, "said": in_utc(row["said"])})
        for row in rows
    )


def keep(
    connection: Connection,
    key: CardKey,
    session: str,
    kept: Kept,
    *,
    opened: bool,
) -> Kept:
    """Put a state of a card in, in place of its author's draft; the caller holds the lock.

    Args:
        connection: Within the caller's transaction.
        key: What it is sealed with.
        session: The session's id.
        kept: The card; its number is given here.
        opened: The debrief is open: it is readable from the beginning.

    """
    number = next_number(connection, CardRow, session)
    connection.execute(
        delete(CardRow).where(
            CardRow.session == session,
            CardRow.who == kept.who,
            CardRow.purpose == kept.purpose,
            CardRow.kind == "draft",
        )
    )
    content = _content(session, kept)
    connection.execute(
        insert(CardRow).values(
            session=session,
            number=number,
            purpose=kept.purpose,
            kind=kept.kind,
            who=kept.who,
            said=kept.said,
            sealed=seal(key, content),
            opened=content if opened and kept.kind != "draft" else None,
        )
    )
    return Kept(
        number=number,
        purpose=kept.purpose,
        kind=kept.kind,
        who=kept.who,
        said=kept.said,
        card=kept.card,
        reason=kept.reason,
    )


def discard_draft(connection: Connection, session: str, who: str, purpose: Purpose) -> bool:
    """Delete a draft; return whether there was one."""
    found = connection.execute(
        delete(CardRow).where(
            CardRow.session == session,
            CardRow.who == who,
            CardRow.purpose == purpose,
            CardRow.kind == "draft",
        )
    )
    return found.rowcount > 0


def unsealed(key: CardKey, session: str, envelope: Envelope) -> Kept:
    """Open a card.

    Raises:
        SealError: It is sealed to another key, or is not what its envelope says: altered, moved.

    """
    return _kept(session, envelope, unseal(key, envelope.sealed))


def on_table(key: CardKey, session: str, envelope: Envelope) -> Kept | None:
    """Return a card that the debrief opened, None where it did not.

    What is sealed cannot be written by whoever may only write the store; so where it can be opened
    here, it must say the same. Where it is sealed to another home, nothing can be compared.

    Raises:
        SealError: What is stored is not what the envelope says, or not what was sealed.

    """
    if envelope.opened is None:
        return None
    kept = _kept(session, envelope, envelope.opened)
    try:
        content = unseal(key, envelope.sealed)
    except SealError:
        return kept
    if _kept(session, envelope, content) != kept:
        raise _altered(envelope)
    return kept


def is_waiting(key: CardKey, session: str, envelope: Envelope) -> bool:
    """Return whether a card should be on the table and is not there as it was sealed."""
    if envelope.purpose != "interview" or envelope.kind == "draft":
        return False
    try:
        return on_table(key, session, envelope) is None
    except SealError:
        return True


def open_all(
    connection: Connection, key: CardKey, session: str, *, leave: bool = False
) -> tuple[int, tuple[str, ...]]:
    """Make the interview's submitted cards readable; the caller holds the lock.

    Args:
        connection: Within the caller's transaction.
        key: What opens them.
        session: The session's id.
        leave: Leave out what cannot be opened here, unless that is all.

    Returns:
        How many states of cards were opened, and whose were left out.

    Raises:
        SealError: One of them cannot be opened here, and is not to be left out; none is then.

    """
    count = 0
    left: list[tuple[str, SealError]] = []
    for each in envelopes(connection, session):
        if not is_waiting(key, session, each):
            continue
        content = None
        try:
            content = _content(session, unsealed(key, session, each))
            count += 1
        except SealError as closed:
            left.append((each.who, closed))
        connection.execute(
            update(CardRow)
            .where(CardRow.session == session, CardRow.number == each.number)
            .values(opened=content)
        )
    if left and not (leave and count):
        who, why = left[0]
        raise SealError(
            f"the card of {who}: {why.cause}",
            "restore `keys/cards` of the home of `jumpseat serve`, or open the others with --early",
        ) from why
    return count, tuple(dict.fromkeys(who for who, _ in left))


def _content(session: str, kept: Kept) -> dict[str, Any]:
    return {
        "session": session,
        "who": storable(kept.who),
        "purpose": kept.purpose,
        "kind": kept.kind,
        "said": kept.said.astimezone(UTC).isoformat(),
        "reason": kept.reason,
        "card": card_data(kept.card),
    }


def _kept(session: str, envelope: Envelope, content: object) -> Kept:
    if not isinstance(content, dict):
        raise _altered(envelope)
    told = (session, envelope.who, envelope.purpose, envelope.kind, envelope.said.isoformat())
    held = tuple(content.get(name) for name in ("session", "who", "purpose", "kind", "said"))
    if told != held:
        raise _altered(envelope)
    try:
        card = card_of(content.get("card"))
    except UsageError as error:
        raise _altered(envelope) from error
    return Kept(
        number=envelope.number,
        purpose=envelope.purpose,
        kind=envelope.kind,
        who=envelope.who,
        said=envelope.said,
        card=card,
        reason=str(content.get("reason") or ""),
    )


def _altered(envelope: Envelope) -> SealError:
    return SealError(
        f"card {envelope.number} of {envelope.who} is not the one that was sealed",
        "was the database altered? `jumpseat debrief SESSION --open` opens what was sealed anew",
    )
