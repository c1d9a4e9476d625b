"""Transcripts in the store: on the session's clock, shifted, quoted, and gone when taken back."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, insert, select, update

from recorder.cards.card import Evidence
from recorder.errors import StoreError, UsageError
from recorder.store.belongings import delete_rows, read_rows, write_rows
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from recorder.store.tables import SessionRow
from recorder.transcripts import keeping
from recorder.transcripts.keeping import attach, lines_of, shift, transcripts_of, withdraw
from recorder.transcripts.reading import parse
from recorder.transcripts.tables import TranscriptLineRow, TranscriptRow
from recorder.transcripts.values import SpokenLine, Transcript, in_order, quote_of
from tests.support.postgres import Postgres

SECRET = "kangaroo-in-the-lift"
TEXT = f"[0:10] Anna: what is {SECRET}?\n[0:20] Ben: no idea 世\nAnna: without a time"


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    made = open_engine(store_url)
    prepare(made)
    with made.begin() as connection:
        for session in ("s1", "s2"):
            row = insert(SessionRow).values(
                id=session, state="open", target="t", started=datetime.now(UTC)
            )
            connection.execute(row)
    yield made
    made.dispose()


def given(engine: Engine, session: str = "s1", offset: float = 0.0, text: str = TEXT) -> Transcript:
    parsed = parse(text.encode())
    return attach(engine, session, parsed, name="call.txt", offset=offset, who="ada")


def times(engine: Engine, session: str = "s1") -> list[float | None]:
    return [each.t for each in lines_of(engine, session)]


def test_lines_come_back_on_the_sessions_clock(engine: Engine) -> None:
    kept = given(engine, offset=2.5)
    assert transcripts_of(engine, "s1") == (kept,)
    assert (kept.number, kept.name, kept.format, kept.who) == (1, "call.txt", "plain", "ada")
    lines = lines_of(engine, "s1")
    assert lines[1] == SpokenLine(
        transcript=1, number=2, t=22.5, until=None, speaker="Ben", text="no idea 世"
    )
    assert [each.t for each in lines] == [12.5, 22.5, None]
    assert lines_of(engine, "s2") == ()


def test_what_was_said_before_the_session_has_a_negative_time(engine: Engine) -> None:
    given(engine, offset=-15.0)
    assert times(engine) == [-5.0, 5.0, None]


def test_a_shift_moves_the_times_and_no_number(engine: Engine) -> None:
    given(engine)
    before = [each.id for each in lines_of(engine, "s1")]
    assert shift(engine, "s1", 1, 100.0).offset == 100.0
    assert times(engine) == [110.0, 120.0, None]
    shift(engine, "s1", 1, -3.0)
    assert times(engine) == [7.0, 17.0, None]
    assert [each.id for each in lines_of(engine, "s1")] == before == ["1:1", "1:2", "1:3"]


def test_several_transcripts_are_read_as_one_by_time(engine: Engine) -> None:
    given(engine)
    given(engine, offset=5.0)
    given(engine, "s2")
    assert [each.id for each in lines_of(engine, "s1")] == [
        "1:1",
        "2:1",
        "1:2",
        "1:3",
        "2:2",
        "2:3",
    ]


def test_one_that_is_removed_leaves_its_number_and_nothing_else(engine: Engine) -> None:
    given(engine)
    given(engine, text="Anna: other")
    withdraw(engine, "s1", 1)
    gone, stays = transcripts_of(engine, "s1")
    assert (gone.number, gone.name, gone.withdrawn, stays.withdrawn) == (1, "", True, False)
    assert [each.id for each in lines_of(engine, "s1")] == ["2:1"]
    with engine.connect() as connection:
        assert connection.execute(select(TranscriptLineRow.line)).all() == [(1,)]
    assert given(engine).number == 3
    withdraw(engine, "s1", 1)
    with pytest.raises(UsageError, match="no transcript 1"):
        shift(engine, "s1", 1, 0.0)
    with pytest.raises(UsageError, match="no transcript 9"):
        withdraw(engine, "s1", 9)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_sqlites_files_forget_what_is_removed(engine: Engine, store_url: str) -> None:
    store = Path(store_url.removeprefix("sqlite:///"))
    given(engine)
    assert any(SECRET.encode() in each.read_bytes() for each in store.parent.glob("store.db*"))
    withdraw(engine, "s1", 1)
    assert not any(SECRET.encode() in each.read_bytes() for each in store.parent.glob("store.db*"))


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_reader_who_stays_is_told_and_once_more_completes_it(
    engine: Engine, store_url: str
) -> None:
    store = Path(store_url.removeprefix("sqlite:///"))
    given(engine)
    impatient = open_engine(store_url)
    # The usual wait for a reader is ten seconds, which would only make the test slow.
    event.listen(impatient, "connect", lambda each, _: each.execute("PRAGMA busy_timeout=50"))
    reader = sqlite3.connect(store, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sessions").fetchall()
    with pytest.raises(StoreError, match="others use the database"):
        withdraw(impatient, "s1", 1)
    assert lines_of(engine, "s1") == ()
    reader.execute("COMMIT")
    reader.close()
    withdraw(impatient, "s1", 1)
    impatient.dispose()
    assert not any(SECRET.encode() in each.read_bytes() for each in store.parent.glob("store.db*"))


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_postgresqls_tables_forget_what_is_removed(engine: Engine, postgres: Postgres) -> None:
    given(engine)
    assert postgres.files_with(SECRET.encode())
    withdraw(engine, "s1", 1)
    assert postgres.files_with(SECRET.encode()) == []


def test_transcripts_travel_with_a_session_and_go_with_it(engine: Engine, tmp_path: Path) -> None:
    given(engine, offset=1.25)
    lines, kept = lines_of(engine, "s1"), transcripts_of(engine, "s1")
    rows = read_rows(engine, "s1")
    other = open_engine(f"sqlite:///{tmp_path}/other.db")
    prepare(other)
    with other.begin() as connection:
        assert write_rows(connection, "s1", rows) == []
    assert lines_of(other, "s1") == lines
    assert transcripts_of(other, "s1") == kept
    with other.begin() as connection:
        delete_rows(connection, "s1")
    assert transcripts_of(other, "s1") == lines_of(other, "s1") == ()
    with other.connect() as connection:
        assert connection.execute(select(TranscriptLineRow.line)).all() == []
    other.dispose()


def test_numbers_that_no_talk_has_are_no_moments(engine: Engine) -> None:
    given(engine)
    for offset, t, told in ((0.0, 1e300, None), (float("inf"), 5.0, 5.0), (-1e12, 5.0, None)):
        with engine.begin() as connection:
            connection.execute(update(TranscriptRow).values(offset=offset))
            connection.execute(update(TranscriptLineRow).values(t=t, until=t))
        assert [(each.t, each.until) for each in lines_of(engine, "s1")] == [(told, told)] * 3
        assert math.isfinite(transcripts_of(engine, "s1")[0].offset)


def test_what_makes_no_sense_is_refused(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for offset in (float("nan"), float("inf"), 1e9, -1e9):
        with pytest.raises(UsageError, match="of this interview"):
            given(engine, offset=offset)
    with pytest.raises(StoreError, match="does not know session"):
        given(engine, "unknown")
    monkeypatch.setattr(keeping, "MOST_TRANSCRIPTS", 1)
    given(engine)
    with pytest.raises(UsageError, match="remove"):
        given(engine)
    withdraw(engine, "s1", 1)
    assert given(engine).number == 2


def test_a_line_is_quoted_with_its_speaker_and_its_place() -> None:
    line = SpokenLine(transcript=2, number=7, t=12.5, until=13.0, speaker="Anna", text="hello")
    assert Evidence(**quote_of(line, 40.0)) == Evidence(
        kind="quote", t=12.5, until=13.0, subject="2:7", text="Anna: hello"
    )
    early = SpokenLine(transcript=2, number=7, t=-3.0, until=-1.0, speaker=None, text="hello")
    assert Evidence(**quote_of(early, 40.0)) == Evidence(
        kind="quote", t=0.0, until=0.0, subject="2:7", text="hello"
    )
    untimed = SpokenLine(transcript=2, number=7, t=None, until=None, speaker=None, text="hello")
    assert Evidence(**quote_of(untimed, 40.0)).t == 40.0


def test_a_line_without_a_time_stays_where_its_file_has_it() -> None:
    made = [
        SpokenLine(transcript=1, number=number, t=t, until=None, speaker=None, text="x")
        for number, t in enumerate([None, 5.0, None, 3.0], start=1)
    ]
    assert [each.number for each in in_order(reversed(made))] == [1, 4, 2, 3]
