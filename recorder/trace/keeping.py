"""Appends to the trace, one writer at a time, and reads it. Nothing here changes or deletes.

That the database refuses to is the work of triggers, in ``alembic/versions/0006...``. Whether the
chain is whole is `recorder.trace.verifying`'s to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from recorder.errors import StoreError, TraceError
from recorder.store.engine import lasting, store_errors
from recorder.store.rows import in_utc
from recorder.store.tables import storable
from recorder.trace.entries import BEGINNING, MOST_ABOUT, Doing, Entry, cut_detail, digest
from recorder.trace.tables import TraceRow

_TABLE = TraceRow.__table__
_PATIENCE_MS = 10_000
"""How long PostgreSQL waits for another writer; SQLite's own wait is the engine's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries are asked for; None is all of them. ``since`` is a moment with its zone."""

    about: str | None = None
    who: str | None = None
    action: str | None = None
    since: datetime | None = None


def add(engine: Engine, doing: Doing, *, now: datetime | None = None) -> Entry:
    """Append an entry, and return it when it is safe in the database.

    Args:
        engine: The store.
        doing: What somebody does.
        now: When; the present without it.

    Raises:
        TraceError: It cannot be written; then what it tells must not be done, unless whoever
            calls this says otherwise.

    """
    with trace_errors(), writing(engine) as connection:
        return append(connection, doing, now=now)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a transaction in which nobody else appends, and which lasts.

    Raises:
        StoreError: It cannot be had, or not be kept.

    """
    with lasting(engine) as connection:
        _lock(connection)
        yield connection


def append(connection: Connection, doing: Doing, *, now: datetime | None = None) -> Entry:
    """Append an entry in a transaction of the caller's: it is there if and only if the rest is.

    In SQLite call it after the transaction's first write, or as its first statement: who has read
    before and writes later may be refused by the database, as others wrote in between.

    Raises:
        TraceError: The database refuses it; the caller lets its transaction go.

    """
    try:
        _lock(connection)
        return _append(connection, doing, now or datetime.now(UTC))
    except SQLAlchemyError as error:
        raise _not_noted(str(getattr(error, "orig", None) or error).splitlines()[0]) from error


def _append(connection: Connection, doing: Doing, now: datetime) -> Entry:
    last = connection.execute(
        select(TraceRow.number, TraceRow.hash).order_by(TraceRow.number.desc()).limit(1)
    ).first()
    columns = {
        "number": 1 if last is None else last.number + 1,
        **_as_kept(doing, now),
        "before": BEGINNING if last is None else last.hash,
    }
    entry = Entry(**columns, hash=digest(columns))
    connection.execute(insert(TraceRow).values(**columns, hash=entry.hash))
    return entry


def _as_kept(doing: Doing, said: datetime) -> dict[str, Any]:
    """Return the columns that tell what somebody did, made to fit as they are kept."""
    return {
        "said": said.astimezone(UTC),
        "who": storable(doing.who),
        "door": doing.door,
        "action": doing.action.value,
        "about": None if doing.about is None else storable(doing.about)[:MOST_ABOUT],
        "detail": cut_detail(storable(doing.detail)),
    }


def holds(connection: Connection, doing: Doing, said: datetime) -> bool:
    """Return whether the trace tells of this, done at this moment, within the caller's transaction.

    Raises:
        SQLAlchemyError: The database cannot be asked.

    """
    kept = _as_kept(doing, said)
    query = select(TraceRow.number).where(
        _is_about(kept.pop("about")),
        *(_TABLE.columns[name] == value for name, value in kept.items()),
    )
    return connection.execute(query).first() is not None


def _is_about(about: str | None) -> ColumnElement[bool]:
    # PostgreSQL looks an IS NOT DISTINCT FROM up in no index.
    return TraceRow.about.is_(None) if about is None else TraceRow.about == about


def _lock(connection: Connection) -> None:
    """Let nobody else append before this transaction has ended."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = {_PATIENCE_MS}"))
        connection.execute(text("LOCK TABLE trace IN SHARE ROW EXCLUSIVE MODE"))
    else:
        # Touches no row, and takes SQLite's one lock for writing, as BEGIN IMMEDIATE would:
        # without it two could read the same last entry.
        connection.execute(text("UPDATE trace SET number = number WHERE number < 0"))


def entries(engine: Engine, wanted: Wanted | None = None) -> tuple[Entry, ...]:
    """Return the entries that are asked for, in their order.

    Raises:
        StoreError: The store cannot be read.

    """
    wanted = wanted or Wanted()
    query = select(_TABLE).order_by(TraceRow.number)
    for column, value in (
        (TraceRow.about, wanted.about),
        (TraceRow.who, wanted.who),
        (TraceRow.action, wanted.action),
    ):
        if value is not None:
            query = query.where(column == value)
    found = _read(engine, query)
    # Not in the query: SQLite compares times as text.
    return tuple(each for each in found if wanted.since is None or each.said >= wanted.since)


def last_of(engine: Engine, actions: tuple[str, ...], about: str | None = None) -> Entry | None:
    """Return the last entry of these actions about this session, or about none; None if none.

    Raises:
        StoreError: The store cannot be read.

    """
    query = (
        select(_TABLE)
        .where(TraceRow.action.in_(actions), _is_about(about))
        .order_by(TraceRow.number.desc())
        .limit(1)
    )
    found = _read(engine, query)
    return found[0] if found else None


def _read(engine: Engine, query: Select[Any]) -> list[Entry]:
    with store_errors(engine), engine.connect() as connection:
        try:
            return [_entry(dict(row)) for row in connection.execute(query).mappings()]
        except (ValueError, TypeError, OverflowError) as error:
            raise StoreError(
                "the trace holds what this program never wrote",
                "`jumpseat trace verify` says where",
            ) from error


@contextmanager
def trace_errors() -> Iterator[None]:
    """Say of the store's error that it kept the trace from being written.

    Raises:
        TraceError: In place of the store's.

    """
    try:
        yield
    except TraceError:
        raise
    except StoreError as error:
        raise _not_noted(error.cause) from error


def _not_noted(cause: str) -> TraceError:
    return TraceError(
        f"this could not be noted in the trace, and is not done ({cause})",
        "check that the database exists and can be written",
    )


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(**row | {"said": in_utc(row["said"])})
