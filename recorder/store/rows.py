"""What tables of people's words share: one writer at a time, numbers, moments in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, select, update

from recorder.errors import StoreError
from recorder.store.engine import lasting
from recorder.store.tables import SessionRow


@contextmanager
def speaking_of(engine: Engine, session: str) -> Iterator[Connection]:
    """Give a transaction in which one at a time says something of a session, and which lasts.

    Raises:
        StoreError: The store cannot be written, or does not know the session.

    """
    with lasting(engine) as connection:
        lock_session(connection, session)
        yield connection


def lock_session(connection: Connection, session: str) -> None:
    """Let one writer at a time at what people say of a session, until the transaction ends.

    Raises:
        StoreError: The store does not know the session.

    """
    if not is_known(connection, session):
        raise StoreError(f"the store does not know session {session}", "is its recording there?")


def is_known(connection: Connection, session: str) -> bool:
    """Return whether the store knows a session; nobody else writes until the transaction ends."""
    found = connection.execute(
        update(SessionRow).where(SessionRow.id == session).values(id=SessionRow.id)
    )
    return found.rowcount > 0


def next_number(connection: Connection, table: Any, session: str) -> int:
    """Return the number after the last one of a session's rows; the caller holds the lock.

    Args:
        connection: Within the caller's transaction.
        table: A table's class, with columns ``session`` and ``number``.
        session: The session's id.

    """
    last = connection.execute(
        select(func.max(table.number)).where(table.session == session)
    ).scalar_one()
    return 1 + int(last or 0)


@contextmanager
def readable(what: str) -> Iterator[None]:
    """Say of rows that cannot be read that somebody else wrote them; for a block that reads them.

    Args:
        what: What they hold, in the plural.

    Raises:
        StoreError: A moment is none, or JSON is none.

    """
    try:
        yield
    except (ValueError, TypeError, OverflowError) as error:
        raise StoreError(
            f"the store holds {what} that this program never wrote ({type(error).__name__})",
            "was the database altered? restore it from a backup",
        ) from error


def in_utc(moment: datetime) -> datetime:
    """Return a moment out of the store in UTC: SQLite keeps no zone, PostgreSQL the server's."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
