"""Whose cards are waited for, and who chose not to see the machine's tags before: appended only.

What follows from it for who may see what is `recorder.cards.seeing`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, insert, select

from recorder.cards.tables import CardCallRow
from recorder.errors import UsageError
from recorder.store.engine import store_errors
from recorder.store.rows import in_utc, next_number, readable, speaking_of
from recorder.trace.actions import Action
from recorder.trace.entries import Doing
from recorder.trace.here import door
from recorder.trace.keeping import append

CallKind = Literal["asked", "excused", "blind", "seeing"]

MOST_NAME = 64
"""Characters of an interviewer's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One thing said of somebody's card: ``who`` it is about, ``by`` whom it was said (UTC)."""

    number: int
    kind: CallKind
    who: str
    by: str
    said: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """How things stand.

    Attributes:
        asked: Whose cards are waited for, in the order in which they were asked.
        excused: Who was asked once, and is not waited for any more.
        blind: Who chose to see no tags before their own card is in.

    """

    asked: tuple[str, ...]
    excused: frozenset[str]
    blind: frozenset[str]


def call(
    engine: Engine,
    session: str,
    kind: CallKind,
    names: Sequence[str],
    by: str,
    *,
    now: datetime | None = None,
) -> tuple[Call, ...]:
    """Keep what is said of these people's cards; what stands already is not said again.

    Raises:
        UsageError: A name is none, or somebody would be excused who was not asked.
        StoreError: The store cannot be written, or does not know the session.

    """
    for name in names:
        # Nobody is called `ada ` with a blank: the debrief would wait for her for ever.
        if not name or name != name.strip() or len(name) > MOST_NAME or not name.isprintable():
            raise UsageError(
                f"{name[:MOST_NAME]!r} is no name", "give it as the seat's port has it"
            )
    said = (now or datetime.now(UTC)).astimezone(UTC)
    added = []
    with speaking_of(engine, session) as connection:
        for name in dict.fromkeys(names):
            stands = standing_calls(read_calls(connection, session))
            if not _changes(stands, kind, name):
                continue
            number = next_number(connection, CardCallRow, session)
            made = Call(number=number, kind=kind, who=name, by=by, said=said)
            connection.execute(insert(CardCallRow).values(session=session, **asdict(made)))
            told = f"{kind} {name}"
            append(connection, Doing(by, door(), Action.RATERS_ASKED, session, told))
            added.append(made)
    return tuple(added)


def calls_of(engine: Engine, session: str) -> tuple[Call, ...]:
    """Return all that was ever said of whose cards, in its order.

    Raises:
        StoreError: The store cannot be read.

    """
    with store_errors(engine), engine.connect() as connection:
        return read_calls(connection, session)


def read_calls(connection: Connection, session: str) -> tuple[Call, ...]:
    """Return them within a transaction of the caller's.

    Raises:
        StoreError: Somebody else wrote what cannot be read.

    """
    query = (
        select(CardCallRow.__table__)
        .where(CardCallRow.session == session)
        .order_by(CardCallRow.number)
    )
    with readable("calls for cards"):
        return tuple(map(call_of, connection.execute(query).mappings()))


def call_of(row: Mapping[Any, Any]) -> Call:
    """Return a row of the table as a value; columns that are not the value's are left out."""
    fields = {name: row[name] for name in Call.__dataclass_fields__}
    return Call(**{**fields, "said": in_utc(fields["said"])})


def standing_calls(calls: Sequence[Call]) -> Calls:
    """Return how things stand after them."""
    asked: dict[str, None] = {}
    excused: set[str] = set()
    blind: set[str] = set()
    for each in calls:
        match each.kind:
            case "asked":
                asked[each.who] = None
                excused.discard(each.who)
            case "excused":
                asked.pop(each.who, None)
                excused.add(each.who)
            case "blind":
                blind.add(each.who)
            case "seeing":
                blind.discard(each.who)
    return Calls(asked=tuple(asked), excused=frozenset(excused), blind=frozenset(blind))


def _changes(stands: Calls, kind: CallKind, name: str) -> bool:
    match kind:
        case "asked":
            return name not in stands.asked
        case "excused":
            if name not in stands.asked and name not in stands.excused:
                raise UsageError(f"{name} was not asked for a card", "ask first, or leave it")
            return name not in stands.excused
        case "blind":
            return name not in stands.blind
        case "seeing":
            return name in stands.blind
