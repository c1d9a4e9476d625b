from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

# Registers the analyzer's tables with the metadata that is compared.
import analyzer.tables  # noqa: F401
from recorder.errors import StoreError
from recorder.store.engine import open_engine
from recorder.store.migrations import (
    current_revision,
    head_revision,
    prepare,
    scripts_directory,
    upgrade,
)
from recorder.store.tables import Base


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def engine(url: str):
    engine = open_engine(url)
    yield engine
    engine.dispose()


def stamp(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})


def test_an_empty_store_becomes_exactly_what_the_tables_say(engine: Engine) -> None:
    assert current_revision(engine) is None
    assert upgrade(engine) == head_revision() == current_revision(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_every_revision_can_be_undone_and_done_again(engine: Engine) -> None:
    upgrade(engine)
    config = Config()
    config.set_main_option("script_location", str(scripts_directory()))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = engine
    command.downgrade(config, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    command.upgrade(config, "head")
    assert current_revision(engine) == head_revision()


def test_revisions_form_one_line() -> None:
    config = Config()
    config.set_main_option("script_location", str(scripts_directory()))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_an_empty_store_is_made_and_a_current_one_accepted(engine: Engine) -> None:
    prepare(engine)
    prepare(engine)
    assert current_revision(engine) == head_revision()


def test_a_newer_store_is_refused_by_its_words(engine: Engine) -> None:
    upgrade(engine)
    stamp(engine, "9999")
    for refuse in (prepare, upgrade):
        with pytest.raises(StoreError, match="newer than this program") as caught:
            refuse(engine)
        assert "upgrade Jumpseat" in caught.value.remedy


def test_an_older_store_is_refused_until_it_is_upgraded(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(engine)
    # As if this program came with one revision more.
    monkeypatch.setattr("recorder.store.migrations.head_revision", lambda: "9998")
    with pytest.raises(StoreError, match="older than this program") as caught:
        prepare(engine)
    assert "jumpseat db upgrade" in caught.value.remedy


def test_somebody_elses_database_is_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE invoices (id INTEGER)"))
    with pytest.raises(StoreError, match="not Jumpseat's"):
        prepare(engine)
    assert inspect(engine).get_table_names() == ["invoices"]


def test_several_processes_may_make_the_store_at_once(url: str) -> None:
    code = (
        "import sys; from recorder.store.engine import open_engine;"
        " from recorder.store.migrations import prepare;"
        f" sys.stdin.read(); prepare(open_engine({url!r}))"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()  # go
        process.stdin = None
    said = [process.communicate()[1] for process in processes]
    assert [(p.returncode, err) for p, err in zip(processes, said, strict=True)] == [(0, b"")] * 4


def test_a_store_of_the_first_revision_keeps_its_sessions(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(scripts_directory()))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = engine
    command.upgrade(config, "0001")
    rows = [
        ("a", "closed", "A. Example", "203.0.113.7:22", "[::1]:2301", "2026-03-04 10:00:00.000000"),
        ("b", "cut-off", None, "practice", None, "2026-03-04 11:00:00.000000"),
    ]
    with engine.begin() as connection:
        for row in rows:
            connection.exec_driver_sql(
                "INSERT INTO sessions (id, state, candidate, target, listen, started)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )
    upgrade(engine)
    with engine.connect() as connection:
        kept = connection.exec_driver_sql(
            "SELECT id, state, candidate, target, listen, started FROM sessions ORDER BY id"
        ).all()
        new = connection.execute(text("SELECT port, exercise FROM sessions ORDER BY id")).all()
    assert [tuple(row) for row in kept] == rows
    assert [tuple(row) for row in new] == [(2301, None), (None, None)]
