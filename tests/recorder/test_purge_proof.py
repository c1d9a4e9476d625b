"""After a purge nothing of a session is anywhere below the home, and the trace says so by its id.

A word that stands nowhere else is planted in every column of every table that holds rows of
sessions, whoever made it, and in every kind of file; afterwards all bytes of the home are searched.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    delete,
    insert,
    select,
)

import recorder.cards.tables
import recorder.transcripts.tables  # noqa: F401 - they register their tables, as those that are made
from analyzer.service import ensure_analysed
from recorder.errors import RecordingError, TraceError
from recorder.home import Home
from recorder.purge import find_purgeable, finish_purges, purge
from recorder.store.belongings import read_rows, tables_of_sessions
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from recorder.trace.actions import Action
from recorder.trace.entries import Actor
from recorder.trace.keeping import Wanted, add, entries
from recorder.trace.verifying import verify
from tests.recorder.samples import SESSION, record_session
from tests.support.postgres import Postgres

WORD = "zq7xk"
BY = Actor("carla", "command-line")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def engine(home: Home) -> Iterator[Engine]:
    yield from opened(home.database_url)


def opened(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    prepare(engine)
    yield engine
    engine.dispose()


def plant(home: Home, engine: Engine) -> list[str]:
    """Record, analyse, and plant the word; return the tables that hold it."""
    directory = record_session(home, shows=WORD)
    ensure_analysed(directory, engine)
    metadata = MetaData()
    with engine.begin() as connection:
        metadata.reflect(connection)
        names = [name for name in tables_of_sessions(connection) if name != "sessions"]
        for table in (metadata.tables[name] for name in names):
            values = {column.name: filler(column) for column in table.columns}
            if {column.name for column in table.primary_key} == {"session"}:
                # The row that is deleted leaves its traces in pages that are free.
                connection.execute(delete(table).where(table.c.session == SESSION))
            connection.execute(insert(table).values(values | {"session": SESSION}))
    plant_files(home, directory)
    return names


def filler(column: Column[Any]) -> Any:
    """Return a value that holds the word wherever the column can hold it."""
    match column.type:
        case Boolean():
            return False
        case Integer():
            return 7
        case Float():
            return 7.0
        case DateTime():
            return datetime(2026, 3, 4, tzinfo=UTC)
        case JSON():
            return {WORD: [WORD]}
        case LargeBinary():
            return WORD.encode() * 999
        case String(length=None):
            return f"{column.table.name} {WORD} " * 99
        case String():
            return WORD
    raise AssertionError(f"{column} is of a kind that the test does not know")


def plant_files(home: Home, directory: Path) -> None:
    (directory / "c9-9.cast").write_text(WORD)
    (home.index(SESSION).parent / "more").write_text(WORD)
    (home.cache / f"{SESSION}.frames").write_text(WORD)
    (home.logs / f"session-{SESSION}.log").write_text(WORD)
    (home.logs / "jumpseat.log").write_text(
        f"2026-03-04T10:00:00+00:00 jumpseat replay\nof {SESSION}\n  {WORD}\n"
        "2026-03-04T11:00:00+00:00 jumpseat serve\nkept\n"
    )
    home.analysed_again.write_text(f'{{"done": ["{SESSION}"]}}')
    # What an import that was killed had unpacked.
    left = home.incoming / "0123abcd" / SESSION
    left.mkdir(parents=True)
    (left / "c1-1.cast").write_text(WORD)


def bytes_with(home: Home, word: str) -> list[str]:
    return [
        str(path.relative_to(home.path))
        for path in home.path.rglob("*")
        if word in path.name or (path.is_file() and word.encode() in path.read_bytes())
    ]


def purge_one(home: Home, engine: Engine) -> None:
    purge(home, engine, [find_purgeable(home, engine, SESSION)], BY, why="named")


def traced(engine: Engine) -> list[tuple[str, str]]:
    assert verify(engine).fault is None
    return [(each.who, each.action) for each in entries(engine, Wanted(about=SESSION))]


def test_every_table_of_sessions_is_planted(home: Home, engine: Engine) -> None:
    planted = plant(home, engine)
    assert {
        "cards", "card_calls", "debrief_entries", "transcripts", "transcript_lines", "notes",
        "judgements", "tags", "commands", "phases", "connections", "channels",
    } <= set(planted)  # fmt: skip
    rows = read_rows(engine, SESSION)
    assert [name for name in planted if WORD not in str(rows[name])] == []
    assert len(bytes_with(home, WORD)) >= 8


def test_nothing_is_left_below_the_home_but_the_id_in_the_trace(home: Home, engine: Engine) -> None:
    plant(home, engine)
    add(engine, Actor("anna", "ssh").doing(Action.WATCHED, SESSION))
    purge_one(home, engine)
    assert bytes_with(home, WORD) == []
    assert read_rows(engine, SESSION) == {}
    assert traced(engine) == [("anna", "watched"), ("carla", "purge-begun"), ("carla", "purged")]
    # Whatever still names the session is the trace, in the database's own files.
    engine.dispose()
    assert {name.partition("-")[0] for name in bytes_with(home, SESSION)} == {"jumpseat.db"}
    kept = [(each.detail, each.about) for each in entries(engine)]
    assert kept == [("", SESSION), ("named", SESSION), ("begun by entry 2", SESSION)]


def test_nothing_is_left_in_postgresqls_tables(
    home: Home, postgres: Postgres, postgres_url: str
) -> None:
    for engine in opened(postgres_url):
        plant(home, engine)
        assert postgres.files_with(WORD.encode())
        purge_one(home, engine)
        assert bytes_with(home, WORD) == []
        assert bytes_with(home, SESSION) == []
        assert postgres.files_with(WORD.encode()) == []
        metadata = MetaData()
        with engine.connect() as connection:
            metadata.reflect(connection)
            naming = [
                table.name
                for table in metadata.sorted_tables
                if any(SESSION in str(row) for row in connection.execute(select(table)))
            ]
        assert naming == ["trace"]
        assert traced(engine) == [("carla", "purge-begun"), ("carla", "purged")]


KILLED = """
import os, signal, sys
from pathlib import Path
import recorder.purge, recorder.store.erase
from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.trace.entries import Actor

home, place, name, passed = Home(Path(sys.argv[1])), sys.argv[2], sys.argv[3], int(sys.argv[4])
module = {"purge": recorder.purge, "erase": recorder.store.erase, "path": Path}[place]
before = getattr(module, name)
def die(*args, **kwargs):
    global passed
    if passed == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    passed -= 1
    return before(*args, **kwargs)
setattr(module, name, die)
engine = open_engine(home.database_url)
recorder.purge.purge(
    home, engine, [recorder.purge.find_purgeable(home, engine, "abcd2345")],
    Actor("carla", "command-line"),
)
"""


@pytest.mark.parametrize(
    ("place", "name", "passed", "told"),
    [
        pytest.param("path", "rename", 0, ["begun"], id="before it is moved"),
        pytest.param("purge", "_remove", 0, ["begun"], id="before a file is gone"),
        pytest.param("purge", "_remove", 3, ["begun"], id="among its files"),
        pytest.param("purge", "erase_rows", 0, ["begun"], id="before its rows"),
        pytest.param("erase", "_compact_sqlite", 0, ["begun"], id="before free pages"),
        pytest.param("purge", "_say_purged", 0, ["begun"], id="before the trace"),
        pytest.param("path", "rmdir", 0, ["begun", "purged"], id="behind the trace"),
    ],
)
def test_a_purge_that_was_killed_is_finished_later_and_told_once(
    home: Home, engine: Engine, place: str, name: str, passed: int, told: list[str]
) -> None:
    plant(home, engine)
    engine.dispose()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(home.path), place, name, str(passed)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, "")
    assert [each[1].removeprefix("purge-") for each in traced(engine)] == told
    later = Actor("root", "serve")
    if name == "rename":
        assert finish_purges(home, engine, later) == []
        assert home.recording(SESSION).is_dir()
        purge_one(home, engine)
    else:
        assert finish_purges(home, engine, later) == [SESSION]
    assert bytes_with(home, WORD) == []
    assert not home.purged.exists()
    actions = [each[1] for each in traced(engine)]
    assert actions.count("purged") == 1
    assert actions[-1] == "purged"


def test_several_who_delete_at_once_are_not_in_each_others_way(home: Home, engine: Engine) -> None:
    names = [f"abcd234{n}" for n in range(8)]
    for name in names:
        record_session(home, name)

    def purge_it(name: str) -> None:
        purge(home, engine, [find_purgeable(home, engine, name)], BY)

    with ThreadPoolExecutor(4) as several:
        list(several.map(purge_it, names))
    assert not any(home.recording(name).exists() for name in names)
    assert not home.purged.exists()
    assert [each.action for each in entries(engine)].count("purged") == len(names)


def test_nothing_is_deleted_that_cannot_be_traced(home: Home, engine: Engine) -> None:
    plant(home, engine)
    kept = read_rows(engine, SESSION)
    files = sorted(home.recording(SESSION).iterdir())
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE trace")
    with pytest.raises(TraceError, match="could not be noted in the trace, and is not done"):
        purge_one(home, engine)
    assert read_rows(engine, SESSION) == kept
    assert sorted(home.recording(SESSION).iterdir()) == files


def test_what_is_deleted_is_told_as_soon_as_the_trace_can_be_written(
    home: Home, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(home, engine)

    def refuse(*_: object) -> None:
        raise TraceError("no")

    with monkeypatch.context() as patch:
        patch.setattr("recorder.purge.last_of", refuse)
        with pytest.raises(TraceError, match="all is deleted, but the trace cannot say so yet"):
            purge_one(home, engine)
    assert bytes_with(home, WORD) == []
    assert finish_purges(home, engine, BY) == [SESSION]
    assert [each[1] for each in traced(engine)] == ["purge-begun", "purged"]


def test_a_session_that_comes_back_and_goes_again_is_told_twice(home: Home, engine: Engine) -> None:
    for _ in range(2):
        record_session(home)
        purge_one(home, engine)
    assert [each[1] for each in traced(engine)] == ["purge-begun", "purged"] * 2


def test_one_that_cannot_be_moved_is_named_and_the_others_go(
    home: Home, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(home, engine)
    record_session(home, "wxyz6789")
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.name == "wxyz6789":
            raise PermissionError(13, "Permission denied", str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    both = [find_purgeable(home, engine, name) for name in (SESSION, "wxyz6789")]
    with pytest.raises(RecordingError, match="wxyz6789 cannot be deleted"):
        purge(home, engine, both, BY)
    assert bytes_with(home, WORD) == []
    assert home.recording("wxyz6789").is_dir()
