from __future__ import annotations

import subprocess
import sys

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, inspect, select, text

# Those that are not used here register their tables with the metadata that is compared.
import recorder.cards.tables
import recorder.trace.tables
import recorder.transcripts.tables  # noqa: F401 - see above
from analyzer.tables import CommandRow
from recorder.errors import StoreError
from recorder.store.base import Base
from recorder.store.engine import open_engine
from recorder.store.migrations import (
    current_revision,
    head_revision,
    prepare,
    scripts_directory,
    upgrade,
)
from recorder.store.tables import ChannelRow, ConnectionRow


@pytest.fixture
def engine(store_url: str):
    engine = open_engine(store_url)
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
    assert scripts.get_heads() == [head_revision()]
    assert len(scripts.get_bases()) == 1


def test_a_store_of_this_revision_is_accepted_without_loading_alembic(engine: Engine) -> None:
    prepare(engine)
    url = engine.url.render_as_string(hide_password=False)
    code = (
        "import sys; from recorder.store.engine import open_engine;"
        " from recorder.store.migrations import prepare;"
        f" prepare(open_engine({url!r})); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "sqlalchemy" in loaded
    assert loaded & {"alembic", "mako", "pygments"} == set()


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


def test_several_processes_may_make_the_store_at_once(store_url: str) -> None:
    code = (
        "import sys; from recorder.store.engine import open_engine;"
        " from recorder.store.migrations import prepare;"
        f" sys.stdin.read(); prepare(open_engine({store_url!r}))"
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


def test_a_populated_store_of_the_first_revision_keeps_its_rows(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(scripts_directory()))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = engine
    command.upgrade(config, "0001")
    rows = """
        INSERT INTO sessions (id, state, target, started)
            VALUES ('s1', 'closed', 'web01:22', '2026-03-04 10:00:00');
        INSERT INTO connections (session, number, peer, opened) VALUES ('s1', 1, 'x', 1.5);
        INSERT INTO channels
            (session, connection, number, kind, terminal, opened, exit_status)
            VALUES ('s1', 1, 1, 'exec', false, 2.5, 255);
        INSERT INTO commands
            (session, id, kind, connection, channel, t, text, source, confidence, outcome,
             exit_status, depth)
            VALUES ('s1', 'a', 'command', 1, 1, 2.5, 'false', 'exec', 1.0, 'failed', 1, 0)
    """
    with engine.begin() as connection:
        for row in rows.split(";"):
            connection.execute(text(row))
    assert upgrade(engine) == head_revision()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT exit_status FROM channels")).scalars().all() == [255]
        assert connection.execute(text("SELECT exit_status FROM commands")).scalars().all() == [1]
        # What hangs on a session still goes with it.
        connection.execute(text("DELETE FROM sessions"))
        for table in (ConnectionRow, ChannelRow, CommandRow):
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 0


def test_a_store_of_the_first_revision_keeps_its_sessions(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(scripts_directory()))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = engine
    command.upgrade(config, "0001")
    columns = ("id", "state", "candidate", "target", "listen", "started")
    rows = [
        ("a", "closed", "A. Example", "203.0.113.7:22", "[::1]:2301", "2026-03-04 10:00:00.000000"),
        ("b", "cut-off", None, "practice", None, "2026-03-04 11:00:00.000000"),
    ]
    with engine.begin() as connection:
        for row in rows:
            connection.execute(
                text(
                    "INSERT INTO sessions (id, state, candidate, target, listen, started)"
                    " VALUES (:id, :state, :candidate, :target, :listen, :started)"
                ),
                dict(zip(columns, row, strict=True)),
            )
    upgrade(engine)
    with engine.connect() as connection:
        kept = connection.execute(
            text("SELECT id, state, candidate, target, listen, started FROM sessions ORDER BY id")
        ).all()
        new = connection.execute(text("SELECT port, exercise FROM sessions ORDER BY id")).all()
    # A driver gives times as its own kind of value.
    assert [(*row[:-1], str(row[-1])[:19]) for row in kept] == [
        (*row[:-1], row[-1][:19]) for row in rows
    ]
    assert [tuple(row) for row in new] == [(2301, None), (None, None)]
