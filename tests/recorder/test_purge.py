"""What is purged is gone: files, rows, and what a database remembers of deleted rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, event, select

from analyzer.service import ensure_analysed
from recorder.errors import RecordingError, SessionNotFoundError, StoreError
from recorder.home import Home
from recorder.purge import find_purgeable, finish_purges, older_than, purge
from recorder.recording.journal import JournalEntry
from recorder.store import sync
from recorder.store.belongings import read_rows
from recorder.store.catalogue import list_sessions
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from recorder.store.sync import sync_session
from recorder.trace.entries import Actor
from tests.recorder.samples import SESSION, begin_recording, make_older, record_session
from tests.support.postgres import Postgres

TRACE = "zq7-only-in-this-session"
OTHER = "wxyz6789"
BY = Actor("root", "command-line")
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
sqlite_only = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
postgresql_only = pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    engine = open_engine(store_url)
    prepare(engine)
    yield engine
    engine.dispose()


def two_sessions(home: Home, engine: Engine) -> None:
    """Record and analyse one to delete, and one to keep."""
    for session, shows in ((SESSION, TRACE), (OTHER, "kept")):
        ensure_analysed(record_session(home, session, shows=shows), engine)
        (home.logs / f"analysis-{session}.log").write_text(f"{session}: {shows}\n")
        assert home.index(session).exists()
        (home.index(session).parent / "other").write_text(shows)
        (home.cache / f"{session}.index").write_text(shows)
    (home.logs / "jumpseat.log").write_text(
        f"2026-03-04T10:00:00+00:00 jumpseat replay\nTraceback of {SESSION}\n  {TRACE}\n"
        "2026-03-04T11:00:00+00:00 jumpseat serve\nTraceback kept\n"
    )


def purge_one(home: Home, engine: Engine, name: str = SESSION) -> None:
    purge(home, engine, [find_purgeable(home, engine, name)], BY, why="named")


def places_of(words: str, *places: Path) -> list[Path]:
    return [
        path
        for place in places
        for path in place.rglob("*")
        if words in path.name or (path.is_file() and words.encode() in path.read_bytes())
    ]


def tables_with(engine: Engine, words: str) -> list[str]:
    """Return the tables in which some value holds these words."""
    metadata = MetaData()
    with engine.connect() as connection:
        metadata.reflect(connection)
        return [
            table.name
            for table in metadata.sorted_tables
            if any(
                words in str(value) for row in connection.execute(select(table)) for value in row
            )
        ]


def test_nothing_of_it_is_left_and_all_of_the_other(home: Home, engine: Engine) -> None:
    two_sessions(home, engine)
    kept = (read_rows(engine, OTHER), sorted(home.recording(OTHER).iterdir()))
    assert read_rows(engine, SESSION)["commands"]
    purge_one(home, engine)
    assert read_rows(engine, SESSION) == {}
    assert places_of(SESSION, home.path) == []
    assert places_of(TRACE, home.path) == []
    assert (read_rows(engine, OTHER), sorted(home.recording(OTHER).iterdir())) == kept
    assert len(places_of(OTHER, home.cache, home.logs)) == 3
    assert (home.logs / "jumpseat.log").read_text().startswith("2026-03-04T11")
    assert [row.id for row in list_sessions(engine, home)] == [OTHER]
    with pytest.raises(SessionNotFoundError):
        find_purgeable(home, engine, SESSION)


@sqlite_only
def test_sqlites_files_hold_nothing_of_it_any_more(
    home: Home, engine: Engine, store_url: str
) -> None:
    two_sessions(home, engine)
    # Rows that were replaced before leave their traces in free pages, and in the log.
    ensure_analysed(home.recording(SESSION), engine)
    store = Path(store_url.removeprefix("sqlite:///"))
    files = [store, store.with_name(store.name + "-wal")]
    assert any(TRACE.encode() in file.read_bytes() for file in files)
    purge_one(home, engine)
    for file in files:
        content = file.read_bytes() if file.exists() else b""
        assert TRACE.encode() not in content, file
    assert tables_with(engine, SESSION) == ["trace"]


@postgresql_only
def test_postgresqls_tables_hold_nothing_of_it_any_more(
    home: Home, engine: Engine, postgres: Postgres
) -> None:
    two_sessions(home, engine)
    assert postgres.files_with(TRACE.encode())
    purge_one(home, engine)
    assert postgres.files_with(TRACE.encode()) == []
    assert tables_with(engine, SESSION) == ["trace"]


@sqlite_only
def test_a_reader_who_stays_is_named_and_the_next_purge_completes_it(
    home: Home, engine: Engine, store_url: str
) -> None:
    two_sessions(home, engine)
    impatient = open_engine(store_url)
    # The usual wait for a reader is ten seconds, which would only make the test slow.
    event.listen(impatient, "connect", lambda each, _: each.execute("PRAGMA busy_timeout=50"))
    reader = sqlite3.connect(store_url.removeprefix("sqlite:///"), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sessions").fetchall()
    with pytest.raises(StoreError, match="others use the database"):
        purge_one(home, impatient)
    impatient.dispose()
    assert read_rows(engine, SESSION) == {}
    assert not home.recording(SESSION).exists()
    reader.execute("COMMIT")
    reader.close()
    assert finish_purges(home, engine) == [SESSION]
    assert finish_purges(home, engine) == []
    store = Path(store_url.removeprefix("sqlite:///"))
    for file in store.parent.glob(store.name + "*"):
        assert TRACE.encode() not in file.read_bytes()


@sqlite_only
def test_a_purge_that_was_interrupted_is_completed(home: Home, engine: Engine) -> None:
    two_sessions(home, engine)
    home.purged.mkdir()
    home.recording(SESSION).rename(home.purged / SESSION)
    assert finish_purges(home, engine) == [SESSION]
    assert read_rows(engine, SESSION) == {}
    assert places_of(TRACE, home.path) == []


@sqlite_only
def test_two_who_complete_a_purge_at_once_are_not_in_each_others_way(
    home: Home, engine: Engine
) -> None:
    two_sessions(home, engine)
    for _ in range(5):
        place = home.purged / SESSION
        place.mkdir(parents=True)
        for number in range(50):
            (place / f"c1-{number}.cast").touch()
        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda _: finish_purges(home, engine), range(4)))
        assert sorted(done) == [[], [], [], [SESSION]]


@sqlite_only
def test_who_read_its_journal_before_brings_no_row_of_it_back(
    home: Home, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_sessions(home, engine)
    read = sync._entries

    def purged_meanwhile(lines: bytes) -> Iterator[JournalEntry]:
        monkeypatch.undo()
        purge_one(home, engine)
        return read(lines)

    monkeypatch.setattr(sync, "_entries", purged_meanwhile)
    with pytest.raises(RecordingError, match="not there any more"):
        sync_session(engine, home.recording(SESSION))
    assert read_rows(engine, SESSION) == {}


def test_a_session_that_goes_on_is_left_alone(home: Home, engine: Engine) -> None:
    writer = begin_recording(home)
    with pytest.raises(RecordingError, match="is being recorded"):
        find_purgeable(home, engine, SESSION)
    assert older_than(home, engine, timedelta(0), datetime.now(UTC) + timedelta(days=1)) == []
    writer.close()
    purge_one(home, engine)
    assert not home.recording(SESSION).exists()


def test_age_counts_from_a_sessions_start(home: Home, engine: Engine) -> None:
    ages = {"aaaa2222": 91, "bbbb3333": 90, "cccc4444": 89}
    for session, days in ages.items():
        directory = record_session(home, session)
        make_older(home, directory, NOW - timedelta(days=days))
        sync_session(engine, directory)
    old = older_than(home, engine, timedelta(days=90), NOW)
    assert [each.id for each in old] == ["aaaa2222", "bbbb3333"]
    purge(home, engine, old, BY)
    assert [row.id for row in list_sessions(engine, home)] == ["cccc4444"]


@sqlite_only
def test_a_recording_that_cannot_be_read_can_be_deleted(home: Home, engine: Engine) -> None:
    directory = record_session(home)
    (directory / "session.jsonl").write_bytes(b"\x00\xff\n")
    purge_one(home, engine)
    assert not directory.exists()
    directory = record_session(home)
    (directory / "session.jsonl").unlink()
    purge_one(home, engine, "abcd")
    assert not directory.exists()


def test_rows_whose_recording_is_gone_can_be_deleted(home: Home, engine: Engine) -> None:
    two_sessions(home, engine)
    home.recording(SESSION).rename(home.path.parent / "taken away")
    purge_one(home, engine)
    assert read_rows(engine, SESSION) == {}


def test_another_homes_rows_in_a_shared_store_do_not_expire_here(
    home: Home, engine: Engine, tmp_path: Path
) -> None:
    elsewhere = Home(tmp_path / "elsewhere").ensure()
    sync_session(engine, record_session(elsewhere))
    assert older_than(home, engine, timedelta(0), datetime.now(UTC) + timedelta(days=1)) == []


def test_rows_of_the_homes_own_store_do(home: Home) -> None:
    engine = open_engine(home.database_url)
    prepare(engine)
    sync_session(engine, record_session(home))
    home.recording(SESSION).rename(home.path.parent / "taken away")
    later = datetime.now(UTC) + timedelta(days=1)
    assert [each.id for each in older_than(home, engine, timedelta(0), later)] == [SESSION]
    engine.dispose()


@sqlite_only
def test_links_in_a_recording_are_removed_and_not_followed(
    home: Home, engine: Engine, tmp_path: Path
) -> None:
    directory = record_session(home)
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "kept").touch()
    (directory / "link").symlink_to(victim)
    purge_one(home, engine)
    assert (victim / "kept").exists()
    assert not directory.exists()
