from __future__ import annotations

import contextlib
import stat
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from recorder.errors import StoreError
from recorder.store.engine import lasting, open_engine, store_errors


@pytest.mark.parametrize("url", ["", "jumpseat.db", "frob:///x", "sqlite+frob:///x"])
def test_what_is_no_database_is_said_in_one_line(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_engine(url)
    assert "\n" not in str(caught.value)
    assert "sqlite:///" in caught.value.remedy


def test_sqlite_lets_readers_read_while_somebody_writes(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/store.db")
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    engine.dispose()


@pytest.mark.parametrize("fails", [False, True])
def test_what_people_say_waits_for_the_disk_and_nothing_else_does(
    tmp_path: Path, fails: bool
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/store.db")

    def waits(connection: Connection) -> bool:
        full, normal = 2, 1
        found = connection.execute(text("PRAGMA synchronous")).scalar()
        assert found in {full, normal}
        return found == full

    with contextlib.suppress(ZeroDivisionError), lasting(engine) as connection:
        connection.execute(text("CREATE TABLE said (word TEXT)"))
        connection.execute(text("INSERT INTO said VALUES ('yes')"))
        assert waits(connection)
        1 / (not fails)
    with engine.connect() as connection:
        assert not waits(connection)
        if not fails:
            assert connection.execute(text("SELECT word FROM said")).scalar() == "yes"
    engine.dispose()


def test_a_database_that_cannot_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        open_engine(f"sqlite:///{tmp_path}/absent/store.db")
    assert str(tmp_path) in caught.value.cause
    assert caught.value.remedy


def test_the_databases_own_errors_become_ours(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(b"no database " * 100)
    engine = open_engine(f"sqlite:///{tmp_path}/store.db")
    with pytest.raises(StoreError, match="not a database") as caught, store_errors(engine):
        engine.connect()
    assert "--db" in caught.value.remedy
    engine.dispose()


def test_the_store_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_engine(f"sqlite:///{path}").dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_password_is_shown() -> None:
    with pytest.raises(StoreError) as caught:
        open_engine("frob://anna:hunter2@db.example/x")
    assert "hunter2" not in str(caught.value)
