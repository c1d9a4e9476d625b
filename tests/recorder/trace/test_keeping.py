"""The trace: appended by many at once, chained, refused any change by the database itself."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import DatabaseError

from recorder.errors import StoreError, TraceError
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from recorder.trace.actions import Action
from recorder.trace.entries import BEGINNING, MOST_DETAIL, Actor, Entry
from recorder.trace.keeping import Wanted, add, entries, last_of
from recorder.trace.tables import TraceRow
from recorder.trace.verifying import Fault, verify

ANNA = Actor("anna", "ssh")
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
sqlite_only = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    engine = open_engine(store_url)
    prepare(engine)
    yield engine
    engine.dispose()


def four(engine: Engine) -> list[Entry]:
    deeds = [
        ANNA.doing(Action.WATCHED, "k7aaaaaa"),
        Actor("root", "command-line").doing(Action.EXPORTED, "k7aaaaaa", "archive"),
        ANNA.doing(Action.REPLAYED, "m2bbbbbb"),
        Actor("root", "serve").doing(Action.PURGED, "m2bbbbbb"),
    ]
    return [add(engine, each, now=NOON + timedelta(days=n)) for n, each in enumerate(deeds)]


def unguarded(engine: Engine, *statements: str, **values: str) -> None:
    """Change the trace as somebody would who has the database's files, or its owner's rights."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for name in ("changes", "shrinks"):
                connection.execute(text(f"DROP TRIGGER trace_never_{name}"))
            connection.execute(text("DROP TRIGGER trace_only_grows"))
        else:
            connection.execute(text("ALTER TABLE trace DISABLE TRIGGER USER"))
        for statement in statements:
            connection.execute(text(statement), values)


def test_entries_are_numbered_chained_and_read_as_they_were_written(engine: Engine) -> None:
    kept = four(engine)
    assert [each.number for each in kept] == [1, 2, 3, 4]
    assert [each.before for each in kept] == [BEGINNING, *(each.hash for each in kept[:3])]
    assert entries(engine) == tuple(kept)
    assert (kept[1].who, kept[1].door, kept[1].action) == ("root", "command-line", "exported")
    found = verify(engine)
    assert (found.entries, found.head, found.fault) == (4, kept[-1].hash, None)


def test_a_hash_can_be_computed_by_hand(engine: Engine) -> None:
    entry = four(engine)[1]
    array = [
        1, 2, "2026-06-02T12:00:00.000000+00:00", "root", "command-line", "exported", "k7aaaaaa",
        "archive", entry.before,
    ]  # fmt: skip
    encoded = json.dumps(array, separators=(",", ":")).encode()
    assert entry.hash == hashlib.sha256(encoded).hexdigest()


def test_entries_are_asked_for_by_session_person_action_and_time(engine: Engine) -> None:
    four(engine)

    def numbers(wanted: Wanted) -> list[int]:
        return [each.number for each in entries(engine, wanted)]

    assert numbers(Wanted(about="k7aaaaaa")) == [1, 2]
    assert numbers(Wanted(who="anna")) == [1, 3]
    assert numbers(Wanted(action="purged")) == [4]
    assert numbers(Wanted(since=NOON + timedelta(days=2))) == [3, 4]
    assert numbers(Wanted(who="anna", about="m2bbbbbb")) == [3]
    found = last_of(engine, ("watched", "exported"), "k7aaaaaa")
    assert found is not None
    assert found.number == 2
    assert last_of(engine, ("watched",), None) is None


def test_an_empty_trace_is_whole(engine: Engine) -> None:
    assert entries(engine) == ()
    found = verify(engine)
    assert (found.entries, found.head, found.fault) == (0, BEGINNING, None)


def test_what_no_database_can_hold_is_made_to_fit_before_it_is_hashed(engine: Engine) -> None:
    add(
        engine,
        Actor("nul\0 \ud800 é", "ssh").doing(Action.NOTED, "s\0" * 40, "x" * (MOST_DETAIL + 9)),
    )
    (entry,) = entries(engine)
    assert entry.about == "s\N{REPLACEMENT CHARACTER}" * 32
    assert entry.who == "nul\N{REPLACEMENT CHARACTER} \N{REPLACEMENT CHARACTER} é"
    assert len(entry.detail) == MOST_DETAIL
    assert verify(engine).fault is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trace SET who = 'ben' WHERE number = 2",
        "DELETE FROM trace WHERE number = 4",
        "DELETE FROM trace",
    ],
)
def test_the_database_refuses_to_change_or_delete_an_entry(engine: Engine, statement: str) -> None:
    kept = four(engine)
    with (
        pytest.raises(DatabaseError, match="appended to, and never changed"),
        engine.begin() as connection,
    ):
        connection.execute(text(statement))
    assert entries(engine) == tuple(kept)


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_postgresql_refuses_to_empty_it(engine: Engine) -> None:
    four(engine)
    with pytest.raises(DatabaseError, match="never changed"), engine.begin() as connection:
        connection.execute(text("TRUNCATE trace"))
    assert len(entries(engine)) == 4


@sqlite_only
def test_sqlite_refuses_to_replace_an_entry(engine: Engine) -> None:
    kept = four(engine)
    again = (
        "INSERT OR REPLACE INTO trace SELECT number, said, 'ben', door, action, about, detail,"
        ' "before", hash FROM trace WHERE number = '
    )
    for number in ("2", "4"):
        with pytest.raises(DatabaseError, match="never changed"), engine.begin() as connection:
            connection.execute(text(again + number))
    assert entries(engine) == tuple(kept)


@pytest.mark.parametrize("change", [{"number": 6}, {"number": 4}, {"before": "1" * 64}])
def test_the_database_refuses_what_does_not_follow_the_last(
    engine: Engine, change: dict[str, object]
) -> None:
    last = four(engine)[-1]
    row = {
        "number": 5, "said": NOON, "who": "ben", "door": "ssh", "action": "watched",
        "about": None, "detail": "", "before": last.hash, "hash": "2" * 64,
    }  # fmt: skip
    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.execute(insert(TraceRow).values(**row | change))
    assert len(entries(engine)) == 4


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (
            ("UPDATE trace SET who = 'ben' WHERE number = 2",),
            Fault(2, "it was changed: its columns do not give its hash"),
        ),
        (
            ("UPDATE trace SET said = '2026-06-02 12:00:01' WHERE number = 2",),
            Fault(2, "it was changed: its columns do not give its hash"),
        ),
        (
            ("UPDATE trace SET about = NULL WHERE number = 3",),
            Fault(3, "it was changed: its columns do not give its hash"),
        ),
        (
            ("DELETE FROM trace WHERE number = 2",),
            Fault(2, "it is missing: what stands there is number 3"),
        ),
        (
            ("DELETE FROM trace WHERE number < 3",),
            Fault(1, "entries 1 to 2 are missing: what stands there is number 3"),
        ),
        (
            (
                "UPDATE trace SET number = 99 WHERE number = 2",
                "UPDATE trace SET number = 2 WHERE number = 3",
                "UPDATE trace SET number = 3 WHERE number = 99",
            ),
            Fault(2, "it was changed: its columns do not give its hash"),
        ),
        (
            ("UPDATE trace SET number = 0 WHERE number = 1",),
            Fault(0, "its number is none that was ever given"),
        ),
    ],
)
def test_the_first_entry_that_is_not_as_it_was_is_named(
    engine: Engine, statements: tuple[str, ...], fault: Fault
) -> None:
    four(engine)
    unguarded(engine, *statements)
    found = verify(engine)
    assert found.fault == fault
    assert found.entries == max(fault.number - 1, 0)


@sqlite_only
@pytest.mark.parametrize("said", ["once", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_time_at_all_is_named_too(engine: Engine, said: str) -> None:
    four(engine)
    unguarded(engine, "UPDATE trace SET said = :said WHERE number = 3", said=said)
    assert verify(engine).fault == Fault(3, "it holds what was never written here")


@sqlite_only
def test_an_entry_that_cannot_be_read_is_told_of_whoever_asks(engine: Engine) -> None:
    four(engine)
    unguarded(engine, "UPDATE trace SET said = 'once' WHERE number = 3")
    for ask in (entries, lambda each: last_of(each, ("replayed",), "m2bbbbbb")):
        with pytest.raises(StoreError, match="never wrote"):
            ask(engine)


def test_an_entry_with_a_hash_of_its_own_does_not_fit_the_next_one(engine: Engine) -> None:
    kept = four(engine)
    forged = forge(kept[1], who="ben")
    unguarded(
        engine, "UPDATE trace SET who = 'ben', hash = :forged WHERE number = 2", forged=forged
    )
    assert verify(engine).fault == Fault(
        3, "it does not follow the one before: that one is another"
    )


def test_an_end_that_was_cut_off_is_told_by_a_head_that_was_noted(engine: Engine) -> None:
    kept = four(engine)
    noted = kept[3].hash
    assert verify(engine, noted).found == 4
    add(engine, ANNA.doing(Action.WATCHED, "k7aaaaaa"))
    assert verify(engine, noted).found == 4
    unguarded(engine, "DELETE FROM trace WHERE number > 3")
    found = verify(engine, noted)
    assert (found.fault, found.found, found.entries) == (None, None, 3)


def test_a_chain_that_was_made_anew_is_told_by_a_head_that_was_noted(engine: Engine) -> None:
    noted = four(engine)[3].hash
    unguarded(engine, "DELETE FROM trace")
    for each in (ANNA.doing(Action.WATCHED), ANNA.doing(Action.NOTED), ANNA.doing(Action.READ)):
        add(engine, each)
    found = verify(engine, noted)
    assert (found.fault, found.found) == (None, None)


def test_many_processes_append_at_once_and_the_chain_is_whole(store_url: str) -> None:
    prepare(engine := open_engine(store_url))
    code = (
        "import sys; from recorder.store.engine import open_engine;"
        " from recorder.trace.actions import Action; from recorder.trace.entries import Actor;"
        " from recorder.trace.keeping import add;"
        f" engine = open_engine({store_url!r}); sys.stdin.read();"
        " [add(engine, Actor(sys.argv[1], 'ssh').doing(Action.NOTED, None, str(n)))"
        " for n in range(25)]"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, name], stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for name in ("anna", "ben", "carla")
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()  # go
        process.stdin = None
    said = [process.communicate()[1] for process in processes]
    assert [(p.returncode, err) for p, err in zip(processes, said, strict=True)] == [(0, b"")] * 3
    found = verify(engine)
    assert (found.entries, found.fault) == (75, None)
    by_anna = [each.detail for each in entries(engine, Wanted(who="anna"))]
    assert by_anna == [str(n) for n in range(25)]
    engine.dispose()


def test_what_cannot_be_noted_says_that_it_is_not_done(engine: Engine) -> None:
    unguarded(engine, "DROP TABLE trace")
    with pytest.raises(TraceError, match="could not be noted in the trace, and is not done"):
        add(engine, ANNA.doing(Action.EXPORTED, "k7aaaaaa"))


def forge(entry: Entry, **change: str) -> str:
    array = [
        1, entry.number, entry.said.isoformat(timespec="microseconds"),
        change.get("who", entry.who), entry.door, entry.action, entry.about, entry.detail,
        entry.before,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(array, separators=(",", ":")).encode()).hexdigest()
