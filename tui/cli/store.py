"""Opens the store for a verb: home made, schema checked, engine disposed of at the end.

No query belongs here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from recorder.errors import StoreError
from recorder.store.engine import open_engine
from recorder.store.migrations import current_revision, head_revision, prepare
from tui.cli.settings import Settings


@contextmanager
def opened_store(settings: Settings) -> Iterator[Engine]:
    """Give the store, made if it is not there.

    Raises:
        HomeError: The home cannot be used.
        StoreError: The store cannot be used, or is newer or older than the program.

    """
    settings.home.ensure()
    engine = open_engine(settings.database_url)
    try:
        prepare(engine)
        yield engine
    finally:
        engine.dispose()


def store_in_order(settings: Settings) -> Engine:
    """Return the store where it is one of this program's revision, and leave it as it is.

    Raises:
        StoreError: It is not, or cannot be read.

    """
    engine = open_engine(settings.database_url, make=False)
    if current_revision(engine) != head_revision():
        raise StoreError("the store is not of this program's revision", "open it with a verb")
    return engine
