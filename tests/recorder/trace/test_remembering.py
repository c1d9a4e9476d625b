"""A home remembers the trace's head, and is not talked out of it by a trace that was made anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from recorder.errors import TraceError
from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from recorder.trace.actions import Action
from recorder.trace.entries import Actor
from recorder.trace.keeping import add, entries
from recorder.trace.remembering import recall, remember
from recorder.trace.verifying import verify

ANNA = Actor("anna", "ssh")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    engine = open_engine(store_url)
    prepare(engine)
    yield engine
    engine.dispose()


def _note(engine: Engine, *details: str) -> None:
    for each in details:
        add(engine, ANNA.doing(Action.NOTED, None, each))


def _forget(engine: Engine, since: int) -> None:
    """Cut the trace's end off, as its owner can."""
    triggers = {
        "sqlite": ("DROP TRIGGER trace_never_shrinks",),
        "postgresql": ("ALTER TABLE trace DISABLE TRIGGER trace_never_changes",),
    }
    with engine.begin() as connection:
        for statement in triggers[engine.dialect.name]:
            connection.execute(text(statement))
        connection.execute(text("DELETE FROM trace WHERE number >= :since"), {"since": since})


def test_it_moves_on_with_the_trace(home: Home, engine: Engine) -> None:
    assert recall(home, engine) is None
    assert remember(home, engine) is None
    assert recall(home, engine) is None, "there was nothing to remember"
    for number in (1, 2):
        _note(engine, "x")
        assert remember(home, engine) is None
        known = recall(home, engine)
        assert known is not None
        assert (known.head.number, known.found) == (number, True)
        assert known.head.hash == entries(engine)[-1].hash


def test_a_trace_that_was_made_anew_is_noticed_and_never_remembered(
    home: Home, engine: Engine
) -> None:
    _note(engine, "a", "b", "c")
    remember(home, engine)
    before = recall(home, engine)
    assert before is not None
    _forget(engine, 2)
    for more in ((), ("forged",), ("x", "y", "z")):
        _note(engine, *more)
        assert verify(engine).fault is None, "the chain itself tells nothing"
        told = remember(home, engine)
        assert told is not None
        assert (told.found, told.head) == (False, before.head)


def test_another_database_is_another_trace(home: Home, engine: Engine, tmp_path: Path) -> None:
    _note(engine, "a")
    remember(home, engine)
    other = open_engine(f"sqlite:///{tmp_path / 'other.db'}")
    prepare(other)
    assert recall(home, other) is None
    other.dispose()


def test_it_moves_with_the_home(tmp_path: Path) -> None:
    home = Home(tmp_path / "here").ensure()
    engine = open_engine(home.database_url)
    prepare(engine)
    _note(engine, "a")
    remember(home, engine)
    engine.dispose()
    moved = Home(home.path.rename(tmp_path / "there"))
    engine = open_engine(moved.database_url)
    known = recall(moved, engine)
    assert known is not None
    assert known.found
    engine.dispose()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"number": "x", "hash": 1}'])
def test_a_file_that_cannot_be_read_is_told_and_stays(
    home: Home, engine: Engine, content: bytes
) -> None:
    _note(engine, "a")
    remember(home, engine)
    known = recall(home, engine)
    assert known is not None
    known.file.write_bytes(content)
    for look in (recall, remember):
        with pytest.raises(TraceError, match="cannot be read"):
            look(home, engine)
    assert known.file.read_bytes() == content


def test_only_its_owner_may_read_it(home: Home, engine: Engine) -> None:
    _note(engine, "a")
    remember(home, engine)
    known = recall(home, engine)
    assert known is not None
    assert known.file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in home.heads.iterdir()] == [known.file.name]
