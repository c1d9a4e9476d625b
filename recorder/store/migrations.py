"""Brings the store to this program's schema, and says clearly when it is newer or older.

The revisions lie in ``alembic/`` at the top of the source tree and as data in the wheel. Alembic is
imported where the schema changes and nowhere else: it takes as long to load as all of a seat's own
code, and a store of the right revision is told by one row.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, Engine, MetaData, String, Table, inspect, select

from recorder.errors import StoreError
from recorder.store.engine import store_errors

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

HEAD = "0006"
"""The revision that this program works with: the last one of the scripts, as a test makes sure."""

_VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32)))
"""Where Alembic keeps a store's revision."""


def scripts_directory() -> Path:
    """Return the directory of the revisions: the wheel's own, else the source tree's."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_migrations"
    return packed if packed.is_dir() else package.parent / "alembic"


def _config(engine: Engine) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - see the module's own words

    config = Config()
    config.set_main_option("script_location", str(scripts_directory()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = engine
    return config


def _scripts(engine: Engine) -> ScriptDirectory:
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - likewise

    return ScriptDirectory.from_config(_config(engine))


def head_revision() -> str:
    """Return the revision that this program works with."""
    return HEAD


def current_revision(engine: Engine) -> str | None:
    """Return the store's revision, None where it is empty.

    Raises:
        StoreError: The database cannot be read, or holds tables that are not ours.

    """
    with store_errors(engine), engine.connect() as connection:
        # In this order: somebody else may make the store in between.
        tables = inspect(connection).get_table_names()
        found = (
            connection.scalar(select(_VERSION.c.version_num)) if _VERSION.name in tables else None
        )
        revision = None if found is None else str(found)
        if revision is None and tables:
            shown = engine.url.render_as_string(hide_password=True)
            raise StoreError(
                f"the database {shown} holds tables that are not Jumpseat's",
                "give another with --db",
            )
        return revision


def upgrade(engine: Engine, revision: str | None = None) -> str:
    """Bring the store to a revision, this program's by default; several may try at once.

    Raises:
        StoreError: The store is newer than the program, or cannot be written.

    """
    current = current_revision(engine)
    _refuse_newer(engine, current)
    wanted = revision or head_revision()
    if current != wanted:
        from alembic import command  # noqa: PLC0415 - likewise

        with store_errors(engine):
            command.upgrade(_config(engine), wanted)
    return wanted


def prepare(engine: Engine) -> None:
    """Make an empty store, accept one of this revision, refuse any other.

    Raises:
        StoreError: The store is newer or older than the program; the message says what to do.

    """
    current = current_revision(engine)
    if current is None:
        upgrade(engine)
        return
    if current != head_revision():
        _refuse_newer(engine, current)
        shown = engine.url.render_as_string(hide_password=True)
        raise StoreError(
            f"the database {shown} is older than this program ({current}, not {head_revision()})",
            f"keep a copy of it, then run `jumpseat db upgrade --db {shown}`",
        )


def known_revisions(engine: Engine) -> frozenset[str]:
    """Return all revisions up to this program's."""
    return frozenset(script.revision for script in _scripts(engine).walk_revisions())


def _refuse_newer(engine: Engine, current: str | None) -> None:
    if current not in {None, HEAD} and current not in known_revisions(engine):
        shown = engine.url.render_as_string(hide_password=True)
        raise StoreError(
            f"the database {shown} is newer than this program (revision {current})",
            "upgrade Jumpseat, or give another database with --db",
        )
