"""Brings the store to this program's schema, and says clearly when it is newer or older.

The revisions lie in ``alembic/`` at the top of the source tree and as data in the wheel.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from recorder.errors import StoreError
from recorder.store.engine import store_errors


def scripts_directory() -> Path:
    """Return the directory of the revisions: the wheel's own, else the source tree's."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_migrations"
    return packed if packed.is_dir() else package.parent / "alembic"


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts_directory()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = engine
    return config


def head_revision() -> str:
    """Return the revision that this program works with."""
    config = Config()
    config.set_main_option("script_location", str(scripts_directory()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    head = ScriptDirectory.from_config(config).get_current_head()
    return str(head)


def current_revision(engine: Engine) -> str | None:
    """Return the store's revision, None where it is empty.

    Raises:
        StoreError: The database cannot be read, or holds tables that are not ours.

    """
    with store_errors(engine), engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision is None and inspect(connection).get_table_names():
            # Another process may have made them since: then there is a revision by now.
            revision = MigrationContext.configure(connection).get_current_revision()
            if revision is not None:
                return revision
            shown = engine.url.render_as_string(hide_password=True)
            raise StoreError(
                f"the database {shown} holds tables that are not Jumpseat's",
                "give another with --db",
            )
        return revision


def upgrade(engine: Engine) -> str:
    """Bring the store to this program's revision and return it; several may try at once.

    Raises:
        StoreError: The store is newer than the program, or cannot be written.

    """
    current = current_revision(engine)
    _refuse_newer(engine, current)
    if current != head_revision():
        with store_errors(engine):
            command.upgrade(_config(engine), "head")
    return head_revision()


def prepare(engine: Engine) -> None:
    """Make an empty store, accept one of this revision, refuse any other.

    Raises:
        StoreError: The store is newer or older than the program; the message says what to do.

    """
    current = current_revision(engine)
    if current is None:
        upgrade(engine)
        return
    _refuse_newer(engine, current)
    if current != head_revision():
        shown = engine.url.render_as_string(hide_password=True)
        raise StoreError(
            f"the database {shown} is older than this program ({current}, not {head_revision()})",
            "keep a copy of it, then run `jumpseat db upgrade`",
        )


def _refuse_newer(engine: Engine, current: str | None) -> None:
    config = _config(engine)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        shown = engine.url.render_as_string(hide_password=True)
        raise StoreError(
            f"the database {shown} is newer than this program (revision {current})",
            "upgrade Jumpseat, or give another database with --db",
        )
