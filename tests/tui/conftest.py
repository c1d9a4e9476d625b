"""A home with its store, and one time zone, for whatever test of a front end asks for them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def engine(home: Home) -> Iterator[Engine]:
    """The home's store, with all its tables."""
    made = open_engine(home.database_url)
    prepare(made)
    yield made
    made.dispose()


@pytest.fixture
def universal_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Times of the day are told in the viewer's zone: here in one that is the same everywhere."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()
