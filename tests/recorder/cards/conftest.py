"""A home, a store that knows two sessions, and the cards of the first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from recorder.cards.book import Book
from recorder.cards.sealing import load_card_key
from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from recorder.store.tables import SessionRow
from tests.recorder.cards.staging import exercise


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    made = open_engine(store_url)
    prepare(made)
    with made.begin() as connection:
        for session in ("s1", "s2"):
            connection.execute(
                insert(SessionRow).values(
                    id=session, state="closed", target="t", started=datetime.now(UTC)
                )
            )
    yield made
    made.dispose()


@pytest.fixture
def book(engine: Engine, home: Home) -> Book:
    return Book(engine, load_card_key(home), "s1", exercise(home))
