"""What the store holds of one session, whoever made the tables: read, written, deleted.

The database itself is asked which tables there are, so that what analysis and interviewers add
travels and goes with a session without being known here. The rule for a table: it refers to
sessions (directly or through another table) by a column named ``session``, which is part of its
primary key. No file is touched here.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from math import isfinite
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    delete,
    insert,
    select,
)

from recorder.errors import StoreError
from recorder.store.engine import store_errors
from recorder.store.rows import in_utc
from recorder.store.tables import SessionRow

Rows = dict[str, list[dict[str, Any]]]
"""Rows by table, values as JSON has them."""

_SESSIONS = SessionRow.__tablename__
_KEY = "session"
_BYTES = "base64"
_MOST_INTEGER = (1 << 31) - 1
"""PostgreSQL's; SQLite takes larger ones, and whoever numbers the next row would have none left."""


def read_rows(engine: Engine, session: str) -> Rows:
    """Return all rows of a session, each table in the order of its key.

    Raises:
        StoreError: The database cannot be read.

    """
    found: Rows = {}
    with store_errors(engine), engine.connect() as connection:
        for table, key in _tables(connection):
            query = select(table).where(key == session).order_by(*table.primary_key.columns)
            rows = [
                {name: _to_json(value) for name, value in row.items()}
                for row in connection.execute(query).mappings()
            ]
            if rows:
                found[table.name] = rows
    return found


def write_rows(connection: Connection, session: str, rows: Mapping[str, object]) -> list[str]:
    """Put a session's rows in place of those that are there; the caller commits.

    Returns the names of tables and columns that this store does not have; what was in them is left
    out.

    Raises:
        StoreError: The rows do not fit the tables.
        SQLAlchemyError: The database refuses them.

    """
    tables = _tables(connection)
    delete_rows(connection, session)
    unknown = sorted(set(rows) - {table.name for table, _ in tables})
    for table, key in tables:
        given = rows.get(table.name, [])
        if not isinstance(given, list):
            raise _misfit(table.name)
        for row in given:
            if not isinstance(row, dict):
                raise _misfit(table.name)
            unknown += [f"{table.name}.{name}" for name in row if name not in table.columns]
            values = {c.name: _from_json(c, row[c.name]) for c in table.columns if c.name in row}
            values[key.name] = session
            if any(values.get(column.name) is None for column in table.primary_key):
                raise _misfit(table.name)
            try:
                connection.execute(insert(table).values(values))
            except (OverflowError, ValueError, TypeError) as error:
                raise _misfit(table.name) from error
    return list(dict.fromkeys(unknown))


def delete_rows(connection: Connection, session: str) -> int:
    """Delete all rows of a session and return how many those were; the caller commits."""
    count = 0
    for table, key in reversed(_tables(connection)):
        count += connection.execute(delete(table).where(key == session)).rowcount
    return count


def _tables(connection: Connection) -> list[tuple[Table, Column[Any]]]:
    """Return the tables with rows of sessions and the column that names it, parents first."""
    metadata = MetaData()
    metadata.reflect(connection)
    found = []
    for table in metadata.sorted_tables:
        name = "id" if table.name == _SESSIONS else _KEY
        if name in table.columns:
            found.append((table, table.columns[name]))
    return found


def tables_of_sessions(connection: Connection) -> Iterator[str]:
    """Yield the names of the tables that hold rows of sessions."""
    yield from (table.name for table, _ in _tables(connection))


def _to_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return in_utc(value).isoformat()
    if isinstance(value, bytes):
        return {_BYTES: base64.b64encode(value).decode("ascii")}
    return value


def _from_json(column: Column[Any], value: Any) -> Any:
    """Return what the database takes for a value out of JSON."""
    try:
        if value is None or isinstance(column.type, JSON):
            return value
        if isinstance(column.type, DateTime):
            return datetime.fromisoformat(value)
        if isinstance(column.type, LargeBinary):
            return base64.b64decode(value[_BYTES], validate=True)
        # SQLite would take and keep a text, and who counts on a number stumbles later.
        if isinstance(column.type, Integer) and not _fits(column.type, value):
            raise _misfit(f"{column.table.name}.{column.name}")
    except (ValueError, TypeError, LookupError) as error:
        raise _misfit(f"{column.table.name}.{column.name}") from error
    # Python reads and writes Infinity and NaN, which are no JSON, and no moment of a session.
    if isinstance(value, str | int) or (isinstance(value, float) and isfinite(value)):
        return value
    raise _misfit(f"{column.table.name}.{column.name}")


def _fits(kind: Integer, value: object) -> bool:
    """Tell whether a number has a place in every database, and one more behind it."""
    if not isinstance(value, int):
        return False
    return abs(value) < (1 << 63 if isinstance(kind, BigInteger) else _MOST_INTEGER)


def _misfit(place: str) -> StoreError:
    return StoreError(f"what the file holds for the store does not fit ({place})")


def encode_rows(rows: Rows) -> bytes:
    """Return rows as JSON, the same bytes for the same rows."""
    return json.dumps(rows, indent=1, sort_keys=True).encode() + b"\n"
