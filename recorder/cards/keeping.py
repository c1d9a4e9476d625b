"""Cards in the store: drafts, what was submitted, and changes beside it; sealed, all of them.

Only SQL and sealing. Who may see a card is `recorder.cards.seeing`'s, and asked by the book.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, select

from recorder.cards.card import Card, card_data, card_of
from recorder.cards.sealing import CardKey, SealError, seal, stamp, unseal
from recorder.cards.tables import CardRow
from recorder.errors import UsageError
from recorder.store.rows import in_utc, next_number, readable
from recorder.store.tables import storable

Purpose = Literal["interview", "training"]
Kind = Literal["draft", "submitted", "changed"]

STAMP = "stamp"
"""Under what name an opened card has its home's stamp."""


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
    """Return all states of all cards of a session, in the order in which they were kept.

    Raises:
        StoreError: Somebody else wrote what cannot be read.

    """
    query = select(CardRow.__table__).where(CardRow.session == session).order_by(CardRow.number)
    fields = Envelope.__dataclass_fields__
    with readable("cards"):
        return tuple(
            Envelope(**{**{name: row[name] for name in fields}, "said": in_utc(row["said"])})
            for row in connection.execute(query).mappings()
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
        opened: The debrief is open, and was opened on this home: it is readable from the beginning.

    """
    number = next_number(connection, CardRow, session)
    discard_draft(connection, session, kept.who, kept.purpose)
    content = content_of(session, kept)
    sealed = seal(key, content)
    connection.execute(
        insert(CardRow).values(
            session=session,
            number=number,
            purpose=kept.purpose,
            kind=kept.kind,
            who=kept.who,
            said=kept.said,
            sealed=sealed,
            opened=stamped(key, content, sealed) if opened and kept.kind != "draft" else None,
        )
    )
    return replace(kept, number=number)


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
    return kept_of(session, envelope, unseal(key, envelope.sealed))


def content_of(session: str, kept: Kept) -> dict[str, Any]:
    """Return what is sealed of a state, and what the table holds of one that was opened."""
    return {
        "session": session,
        "who": storable(kept.who),
        "purpose": kept.purpose,
        "kind": kept.kind,
        "said": kept.said.astimezone(UTC).isoformat(),
        "reason": kept.reason,
        "card": card_data(kept.card),
    }


def stamped(key: CardKey, content: dict[str, Any], sealed: bytes) -> dict[str, Any]:
    """Return content as the table holds it, with the stamp of the home that cards are opened on."""
    return content | {STAMP: stamp(key, sealed)} if key.opens else content


def kept_of(session: str, envelope: Envelope, content: object) -> Kept:
    """Return the state that such content holds.

    Raises:
        SealError: It is not what its envelope says.

    """
    if not isinstance(content, dict):
        raise altered(envelope)
    told = (session, envelope.who, envelope.purpose, envelope.kind, envelope.said.isoformat())
    held = tuple(content.get(name) for name in ("session", "who", "purpose", "kind", "said"))
    if told != held:
        raise altered(envelope)
    try:
        card = card_of(content.get("card"))
    except UsageError as error:
        raise altered(envelope) from error
    return Kept(
        number=envelope.number,
        purpose=envelope.purpose,
        kind=envelope.kind,
        who=envelope.who,
        said=envelope.said,
        card=card,
        reason=str(content.get("reason") or ""),
    )


def altered(envelope: Envelope) -> SealError:
    """Return the error that says so of a state."""
    return SealError(
        f"card {envelope.number} of {envelope.who} is not the one that was sealed",
        "was the database altered? `jumpseat debrief SESSION --open` opens what was sealed anew",
    )
