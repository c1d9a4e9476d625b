"""`jumpseat db`: the store's schema. What a revision does is in ``alembic/``."""

from __future__ import annotations

import click

from recorder.store.engine import open_engine
from recorder.store.migrations import current_revision, head_revision, upgrade
from tui.cli.settings import Settings
from tui.cli.verbs import Verb, VerbGroup, pass_settings


@click.command(cls=VerbGroup)
def db() -> None:
    """Look after the store's schema.

    A new store is made by itself; one of an older Jumpseat is only changed by `db upgrade`.
    """


@db.command(
    "current",
    cls=Verb,
    examples=(("jumpseat db current", "The schema that the store has, and the one needed."),),
)
@pass_settings
def current(settings: Settings) -> None:
    """Print the schema of the store and the one that this program needs."""
    settings.home.ensure()
    engine = open_engine(settings.database_url)
    try:
        found = current_revision(engine)
    finally:
        engine.dispose()
    needed = head_revision()
    state = "up to date" if found == needed else f"this program needs {needed}"
    click.echo(f"{found or 'empty'} ({state})")


@db.command(
    "upgrade",
    cls=Verb,
    examples=(("jumpseat db upgrade", "Bring the store to this program's schema; keep a copy."),),
)
@pass_settings
def upgrade_command(settings: Settings) -> None:
    """Bring the store to this program's schema."""
    settings.home.ensure()
    engine = open_engine(settings.database_url)
    try:
        revision = upgrade(engine)
    finally:
        engine.dispose()
    click.echo(revision)
