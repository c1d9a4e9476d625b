from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from recorder.errors import RecordingError, SessionNotFoundError, StoreError
from recorder.home import Home
from recorder.recording.journal import (
    JOURNAL_NAME,
    ChannelClosed,
    ChannelOpened,
    ClockExtended,
    ClockStarted,
    ConnectionClosed,
    ConnectionOpened,
    JournalEntry,
    LoginAttempt,
    PtyRequest,
    SessionClosed,
    SessionOpened,
    SessionTerms,
    encode_entry,
)
from recorder.store.catalogue import Catalogue, find_session, list_sessions
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from recorder.store.sync import UNKNOWN_PEER, SessionSync, port_of, sync_session
from recorder.store.tables import ChannelRow, ConnectionRow, SessionRow

BODY: list[JournalEntry] = [
    ConnectionOpened(t=1.0, connection=1, peer="203.0.113.9:50000"),
    LoginAttempt(t=2.0, connection=1, user="candidate", method="password", outcome="accepted"),
    ChannelOpened(
        t=3.0,
        connection=1,
        channel=1,
        kind="shell",
        pty=PtyRequest(term="xterm", columns=80, lines=24),
        file="c1-1.cast",
    ),
    ChannelClosed(t=9.0, connection=1, channel=1, exit_status=37),
    ConnectionClosed(t=9.5, connection=1, reason="the candidate left"),
    SessionClosed(t=10.0, reason="closed"),
]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    engine = open_engine(store_url)
    prepare(engine)
    yield engine
    engine.dispose()


def opened(session: str, minute: int = 0) -> SessionOpened:
    return SessionOpened(
        t=0.0,
        program="jumpseat test",
        session=session,
        started=f"2026-03-04T10:{minute:02}:00.000+00:00",
        monotonic=0.0,
        boot="none",
        target="203.0.113.7:22",
    )


def write(home: Home, session: str, entries: list[JournalEntry], *, minute: int = 0) -> Path:
    directory = home.recording(session)
    directory.mkdir(exist_ok=True)
    lines = b"".join(map(encode_entry, [opened(session, minute), *entries]))
    (directory / JOURNAL_NAME).write_bytes(lines)
    return directory


def test_rows_say_what_the_journal_says(home: Home, engine: Engine) -> None:
    sync_session(engine, write(home, "abc", BODY))
    with engine.connect() as connection:
        session = connection.execute(select(SessionRow.__table__)).one()
        conn = connection.execute(select(ConnectionRow.__table__)).one()
        channel = connection.execute(select(ChannelRow.__table__)).one()
    assert (session.id, session.state, session.duration) == ("abc", "closed", 10.0)
    assert (conn.user, conn.opened, conn.closed, conn.reason) == (
        "candidate",
        1.0,
        9.5,
        "the candidate left",
    )
    assert (channel.kind, channel.terminal, channel.closed, channel.exit_status) == (
        "shell",
        True,
        9.0,
        37,
    )


def test_the_terms_and_the_clock_reach_the_list(home: Home, engine: Engine) -> None:
    terms = SessionTerms(t=0.1, exercise="ghost", consent="elsewhere", gate="named")
    clock = [
        ClockExtended(t=0.2, by=60, length=3660),
        ClockStarted(t=5.5, length=3660),
        ClockExtended(t=6.0, by=300, length=3960),
    ]
    write(home, "abc", [terms, *clock, *BODY])
    (row,) = list_sessions(engine, home)
    assert (row.exercise, row.consent) == ("ghost", "elsewhere")
    assert (row.clock_started, row.clock_length) == (5.5, 3960)
    assert row.port is None


def test_copying_twice_changes_nothing(home: Home, engine: Engine) -> None:
    directory = write(home, "abc", BODY)
    sync_session(engine, directory)
    first = list_sessions(engine, home)
    sync_session(engine, directory)
    assert list_sessions(engine, home) == first


@pytest.mark.parametrize("cut", range(len(BODY) + 1))
def test_a_journal_that_grows_is_copied_line_by_line(home: Home, engine: Engine, cut: int) -> None:
    directory = write(home, "abc", BODY[:cut])
    sync = SessionSync(engine, directory)
    sync.update()
    with (directory / JOURNAL_NAME).open("ab") as file:
        rest = b"".join(map(encode_entry, BODY[cut:]))
        file.write(rest[:20])
        file.flush()
        sync.update()
        file.write(rest[20:])
        file.flush()
        sync.update()
    (row,) = list_sessions(engine, home)
    assert (row.state, row.duration) == ("closed", 10.0)


def test_a_lost_database_costs_nothing(home: Home, engine: Engine) -> None:
    write(home, "abc", BODY)
    before = list_sessions(engine, home)
    other = open_engine(f"sqlite:///{home.path}/other.db")
    prepare(other)
    assert list_sessions(other, home) == before
    other.dispose()


def test_a_deleted_recording_is_not_listed(home: Home, engine: Engine) -> None:
    directory = write(home, "abc", BODY)
    assert len(list_sessions(engine, home)) == 1
    (directory / JOURNAL_NAME).unlink()
    assert list_sessions(engine, home) == []


def test_live_sessions_come_first_then_the_youngest(home: Home, engine: Engine) -> None:
    write(home, "old", BODY, minute=1)
    write(home, "young", BODY, minute=3)
    live = write(home, "running", BODY[:2], minute=2)
    write(home, "killed", BODY[:2], minute=0)
    descriptor = os.open(live / JOURNAL_NAME, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        rows = [(row.id, row.state) for row in list_sessions(engine, home)]
    finally:
        os.close(descriptor)
    assert rows == [
        ("running", "live"),
        ("young", "closed"),
        ("old", "closed"),
        ("killed", "cut-off"),
    ]


def test_a_damaged_line_hides_no_other(home: Home, engine: Engine) -> None:
    directory = write(home, "abc", BODY)
    lines = (directory / JOURNAL_NAME).read_bytes().splitlines(keepends=True)
    lines.insert(3, b'{"event":"login-attempt","t":\n')
    (directory / JOURNAL_NAME).write_bytes(b"".join(lines))
    (row,) = list_sessions(engine, home)
    assert row.duration == 10.0


@pytest.mark.parametrize(
    "started", ["yesterday", "", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
def test_a_journal_that_does_not_say_when_it_started_is_told_and_hides_no_other(
    home: Home, engine: Engine, started: str
) -> None:
    write(home, "good", BODY)
    directory = write(home, "odd", BODY)
    journal = directory / JOURNAL_NAME
    journal.write_bytes(
        journal.read_bytes().replace(b"2026-03-04T10:00:00.000+00:00", started.encode())
    )
    with pytest.raises(RecordingError, match=r"session odd does not say when it started"):
        sync_session(engine, directory)
    catalogue = Catalogue(engine, home)
    assert [each.id for each in catalogue.list()] == ["good"]
    assert "does not say when it started" in catalogue.unreadable["odd"]
    assert find_session(home, "latest").name == "good"


@pytest.mark.parametrize(
    "entries",
    [
        [ConnectionOpened(t=1.0, connection=1 << 31, peer="p")],
        [ConnectionOpened(t=1.0, connection=1, peer="p"),
         ChannelOpened(t=1.0, connection=1, channel=1 << 64, kind="shell")],
        [*BODY[:3], ChannelClosed(t=9.0, connection=1, channel=1, exit_status=1 << 64)],
    ],
)  # fmt: skip
def test_a_line_with_a_number_that_no_column_holds_hides_no_other(
    home: Home, engine: Engine, entries: list[JournalEntry]
) -> None:
    write(home, "abc", BODY)
    write(home, "odd", [*entries, SessionClosed(t=11.0, reason="closed")])
    assert {each.id: each.duration for each in list_sessions(engine, home)} == {
        "abc": 10.0,
        "odd": 11.0,
    }


@pytest.mark.parametrize("number", ["Infinity", "-1e999", "NaN"])
def test_a_clock_of_no_finite_length_is_a_damaged_line(
    home: Home, engine: Engine, number: str
) -> None:
    directory = write(home, "abc", BODY[:-1])
    with (directory / JOURNAL_NAME).open("a") as journal:
        journal.write(f'{{"event": "clock-started", "t": 1.0, "length": {number}}}\n')
    (row,) = list_sessions(engine, home)
    assert (row.clock_started, row.clock_length) == (None, None)


@pytest.mark.parametrize(
    ("listen", "port"),
    [("127.0.0.1:2222", 2222), ("[::1]:65535", 65535), ("a:65536", None),
     ("a:99999999999999999999", None), ("a:", None), ("a:-1", None), (None, None)],
)  # fmt: skip
def test_only_a_port_is_kept_as_one(listen: str | None, port: int | None) -> None:
    assert port_of(listen) == port


def test_a_copy_of_a_recording_changes_nothing_of_the_session(home: Home, engine: Engine) -> None:
    original = write(home, "abc", BODY[:2])
    shutil.copytree(original, home.recording("abc-copy"))
    write(home, "abc", BODY)
    catalogue = Catalogue(engine, home)
    for _ in range(2):
        assert [(each.id, each.state) for each in catalogue.list()] == [("abc", "closed")]
        assert "is that of session 'abc'" in catalogue.unreadable["abc-copy"]


def test_a_start_in_another_zone_is_the_same_moment_in_the_list(home: Home, engine: Engine) -> None:
    directory = write(home, "abc", BODY)
    journal = directory / JOURNAL_NAME
    journal.write_bytes(journal.read_bytes().replace(b"10:00:00.000+00:00", b"12:00:00.000+02:00"))
    (row,) = list_sessions(engine, home)
    assert row.started.isoformat() == "2026-03-04T10:00:00+00:00"


def test_lines_that_the_store_refused_are_copied_by_the_next_call(
    home: Home, engine: Engine
) -> None:
    directory = write(home, "abc", BODY[:2])
    sync = SessionSync(engine, directory)
    sync.update()
    write(home, "abc", BODY)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE channels RENAME TO away"))
    with pytest.raises(StoreError):
        sync.update()
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO channels"))
    sync.update()
    with engine.connect() as connection:
        assert connection.execute(select(ChannelRow.exit_status)).all() == [(37,)]
        assert connection.execute(select(SessionRow.state)).all() == [("closed",)]


def test_who_was_overtaken_by_the_last_line_does_not_open_the_session_again(
    home: Home, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = write(home, "abc", BODY[:2])
    late = SessionSync(engine, directory)
    read = late._whole_lines

    def read_and_be_overtaken() -> bytes:
        lines = read()
        sync_session(engine, write(home, "abc", BODY))
        return lines

    monkeypatch.setattr(late, "_whole_lines", read_and_be_overtaken)
    late.update()
    with engine.connect() as connection:
        assert connection.execute(select(SessionRow.state)).all() == [("closed",)]


def test_channels_of_a_connection_whose_line_is_damaged_are_kept(
    home: Home, engine: Engine
) -> None:
    directory = write(home, "abc", BODY)
    lines = (directory / JOURNAL_NAME).read_bytes().splitlines(keepends=True)
    damaged = [b"{" + line if b'"connection-opened"' in line else line for line in lines]
    assert damaged != lines
    (directory / JOURNAL_NAME).write_bytes(b"".join(damaged))
    sync_session(engine, directory)
    with engine.connect() as connection:
        assert connection.execute(select(ChannelRow.kind)).all()
        peers = connection.execute(select(ConnectionRow.peer)).scalars().all()
    assert set(peers) == {UNKNOWN_PEER}


def test_sessions_are_found_by_id_prefix_and_latest(home: Home) -> None:
    first = write(home, "abc", BODY, minute=1)
    second = write(home, "abcd", BODY, minute=2)
    third = write(home, "xyz", BODY, minute=0)
    assert find_session(home, "abc") == first
    assert find_session(home, "abcd") == second
    assert find_session(home, "x") == third
    assert find_session(home, "latest") == second


@pytest.mark.parametrize("name", ["", "a", "q", "../abc", "abc/", ".", "abc\n"])
def test_other_names_find_nothing(home: Home, name: str) -> None:
    write(home, "abc", BODY)
    write(home, "abd", BODY)
    with pytest.raises(SessionNotFoundError) as caught:
        find_session(home, name)
    assert caught.value.remedy


def test_without_sessions_it_says_how_to_get_one(home: Home) -> None:
    with pytest.raises(SessionNotFoundError, match="no sessions") as caught:
        find_session(home, "latest")
    assert "jumpseat" in caught.value.remedy


def test_what_a_candidate_may_send_never_stops_the_copy(home: Home, engine: Engine) -> None:
    """NUL, halves of surrogate pairs, a status of 32 bits, a signal's name without end."""
    odd = "a\0b\ud800c"
    directory = home.recording("abc")
    directory.mkdir()
    entries: list[JournalEntry] = [
        opened("abc"),
        ConnectionOpened(t=1.0, connection=1, peer="203.0.113.9:50000"),
        LoginAttempt(t=2.0, connection=1, user="?", method="password", outcome="refused"),
        ChannelOpened(t=3.0, connection=1, channel=1, kind="exec", command="?"),
        ChannelClosed(
            t=9.0, connection=1, channel=1, exit_status=2**32 - 1, exit_signal="SIG" * 100
        ),
    ]
    lines = b"".join(map(encode_entry, entries)).replace(b'"?"', json.dumps(odd).encode())
    (directory / JOURNAL_NAME).write_bytes(lines)
    sync_session(engine, directory)
    with engine.connect() as connection:
        (user,) = connection.scalars(select(ConnectionRow.user))
        channel = connection.execute(select(ChannelRow.__table__)).one()
    assert user == channel.command == "a\ufffdb\ufffdc"
    assert channel.exit_status == 2**32 - 1
    assert channel.exit_signal == ("SIG" * 100)[:32]
