from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from tui.seat.themes import THEME, use_theme


@pytest.fixture(autouse=True)
def _same_everywhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Neither a theme nor a time zone of the machine's."""
    for name in (THEME, "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    use_theme(None)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    use_theme(None)
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def engine(home: Home) -> Iterator[Engine]:
    made = open_engine(home.database_url)
    prepare(made)
    yield made
    made.dispose()
