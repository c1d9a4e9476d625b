"""Opens the store: the engine, its settings for SQLite, and the check of the schema's revision.

Migrations are run by `recorder.store.migrations`; queries live with those who ask them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from recorder.errors import StoreError
from recorder.home import PRIVATE_FILE

_BUSY_MS = 10_000
_REMEDY = "give a SQLAlchemy URL such as sqlite:////path/to/jumpseat.db"
_DRIVER = "for PostgreSQL install Jumpseat as jumpseat[postgres]"
_POSTGRESQL = frozenset({"postgresql", "postgres"})
"""URLs that name no driver, as people and hosting services write them; ours is psycopg."""


def open_engine(url: str, *, make: bool = True) -> Engine:
    """Return an engine for the store.

    Args:
        url: SQLAlchemy's.
        make: Whether to make the file of an SQLite database that is not there.

    Raises:
        StoreError: The URL is not a database's, its driver is not installed, or it is not there.

    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        # It is not shown: nobody can tell where in it a password stands.
        raise StoreError("what was given as the database is no URL", _REMEDY) from error
    if parsed.drivername in _POSTGRESQL:
        parsed = parsed.set(drivername="postgresql+psycopg")
    try:
        engine = create_engine(parsed)
    except (SQLAlchemyError, ImportError) as error:
        shown = parsed.render_as_string(hide_password=True)
        cause = str(error).splitlines()[0]
        remedy = _DRIVER if parsed.get_backend_name() == "postgresql" else _REMEDY
        raise StoreError(f"the database {shown} cannot be used ({cause})", remedy) from error
    if parsed.get_backend_name() == "sqlite":
        _make_private(parsed.database, os.O_CREAT if make else 0)
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _make_private(database: str | None, create: int) -> None:
    """Create the file before SQLite does, for its owner alone; its companions inherit that."""
    if not database or database == ":memory:" or database.startswith("file:"):
        return
    try:
        os.close(os.open(database, os.O_RDWR | create | os.O_CLOEXEC, PRIVATE_FILE))
    except OSError as error:
        raise StoreError(
            f"the database {database} cannot be opened ({error.strerror})",
            "check that its directory exists and can be written, or give another with --db",
        ) from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # WAL lets viewers read while the recorder writes; https://sqlite.org/wal.html. Commits do not
    # wait for the disk: what goes with the power is made from the recordings again. For what is
    # not, see `lasting`.
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    cursor.close()


@contextmanager
def store_errors(engine: Engine) -> Iterator[None]:
    """Turn the database's errors into one that names the cause and the way out.

    Raises:
        StoreError: Whatever the database said, in one line.

    """
    try:
        yield
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        shown = engine.url.render_as_string(hide_password=True)
        raise StoreError(
            f"the database {shown} cannot be used ({cause})",
            "check that it exists and can be written, or give another with --db",
        ) from error


@contextmanager
def lasting(engine: Engine) -> Iterator[Connection]:
    """Give a transaction that outlives a power cut once it is over: for what people said or did.

    What is made from recordings needs none of that, and it costs each commit a wait for the disk.

    Raises:
        StoreError: It cannot be had, or not be kept.

    """
    with store_errors(engine), engine.connect() as connection:
        _wait_for_disk(connection, wait=True)
        try:
            with connection.begin():
                yield connection
        finally:
            # The connection goes on to whoever asks for one next.
            with suppress(SQLAlchemyError):
                _wait_for_disk(connection, wait=False)


def _wait_for_disk(connection: Connection, *, wait: bool) -> None:
    """Let SQLite's commits wait for the disk, or not; PostgreSQL's do by themselves."""
    if connection.dialect.name == "sqlite":
        # https://sqlite.org/pragma.html#pragma_synchronous
        connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if wait else 'NORMAL'}")
        connection.commit()
