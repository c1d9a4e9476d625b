"""An hour's session for reports, laid out once for those who change nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from tests.tui.report import staging

Staging = Callable[..., staging.Stage]


def _opened(home: Home) -> Engine:
    engine = open_engine(home.database_url)
    prepare(engine)
    return engine


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[staging.Stage]:
    """The session with notes, cards and a debrief: all of it."""
    home = Home(tmp_path_factory.mktemp("told")).ensure()
    engine = _opened(home)
    stage = staging.staged(home, engine)
    staging.note(stage)
    staging.submit(stage)
    staging.debrief(stage)
    yield stage
    engine.dispose()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Staging]:
    """Lay out a session of one's own, with nothing said of it yet."""
    home = Home(tmp_path / "home").ensure()
    engine = _opened(home)

    def make(**plan: Any) -> staging.Stage:
        return staging.staged(home, engine, **plan)

    yield make
    engine.dispose()
