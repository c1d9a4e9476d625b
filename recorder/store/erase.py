"""Makes the database forget what was deleted: freed pages, write-ahead log, dead rows.

A database only marks deleted rows as free. What remains in backups, in the log that PostgreSQL
archives, and on the disk below is beyond it. Which rows go is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

from recorder.errors import StoreError
from recorder.store.belongings import delete_rows, tables_of_sessions
from recorder.store.engine import store_errors

_PATIENCE_MS = 10_000
"""How long PostgreSQL waits for others who use a table; SQLite's own wait is the engine's."""


def erase_rows(engine: Engine, sessions: list[str]) -> None:
    """Delete all rows of these sessions, so that nothing of them can be read from the files.

    Raises:
        StoreError: The database cannot be written, or others kept it busy: then the rows are
            deleted, but may still be found in its files.

    """
    with erasing(engine) as connection:
        for session in sessions:
            delete_rows(connection, session)


@contextmanager
def erasing(engine: Engine) -> Iterator[Connection]:
    """Give a transaction whose deleted rows cannot be read from the database's files afterwards.

    Raises:
        StoreError: As `erase_rows` says.

    """
    with store_errors(engine), engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            # Overwrites what it frees; https://sqlite.org/pragma.html#pragma_secure_delete
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        yield connection
    if engine.dialect.name == "sqlite":
        _compact_sqlite(engine)
    elif engine.dialect.name == "postgresql":
        _compact_postgresql(engine)


def _compact_sqlite(engine: Engine) -> None:
    """Rebuild the file without free pages, and empty its log.

    Rows that were replaced earlier lie in free pages too; https://sqlite.org/lang_vacuum.html.
    """
    with store_errors(engine), _autocommit(engine) as connection:
        connection.exec_driver_sql("VACUUM")
        # It waits for others as long as a statement does. Its first column: whether in vain.
        if connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]:
            raise _busy(engine)


def _compact_postgresql(engine: Engine) -> None:
    """Rewrite the tables without their dead rows."""
    with store_errors(engine), _autocommit(engine) as connection:
        connection.execute(text(f"SET lock_timeout = {_PATIENCE_MS}"))
        quote = engine.dialect.identifier_preparer.quote
        for table in list(tables_of_sessions(connection)):
            connection.execute(text(f"VACUUM (FULL) {quote(table)}"))
        connection.execute(text("RESET lock_timeout"))


def _autocommit(engine: Engine) -> Connection:
    """Return a connection without a transaction, inside which nothing can be compacted."""
    return engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def _busy(engine: Engine) -> StoreError:
    shown = engine.url.render_as_string(hide_password=True)
    return StoreError(
        f"the rows are deleted, but others use the database {shown}: its log still holds them",
        "close what looks at sessions, then run the same command again",
    )
