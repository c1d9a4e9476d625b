"""Recordings made from journal lines, and the command line run in this process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from recorder.home import Home
from recorder.recording.journal import (
    JOURNAL_NAME,
    ConnectionClosed,
    ConnectionOpened,
    JournalEntry,
    LoginAttempt,
    SessionClosed,
    SessionOpened,
    encode_entry,
)
from tui.main import run

Record = Callable[..., Path]


def opened(session: str, minute: int = 0) -> SessionOpened:
    return SessionOpened(
        t=0.0,
        program="jumpseat test",
        session=session,
        started=f"2026-03-04T10:{minute:02}:00.000+00:00",
        monotonic=0.0,
        boot="none",
        target="203.0.113.7:22",
        listen="127.0.0.1:2222",
        candidate="A. Example",
    )


ENTRIES: tuple[JournalEntry, ...] = (
    ConnectionOpened(t=1.0, connection=1, peer="203.0.113.9:50000", client="SSH-2.0-OpenSSH_9.2"),
    LoginAttempt(
        t=2.0,
        connection=1,
        user="candidate",
        method="password",
        methods=("publickey", "password"),
        outcome="refused",
    ),
    ConnectionClosed(t=3.5, connection=1, reason="the candidate left"),
)


@pytest.fixture
def store(engine: Engine) -> Engine:
    """The store of the home that the command line is called with."""
    return engine


@pytest.fixture
def record(home: Home) -> Iterator[Record]:
    locked: list[int] = []

    def make(session: str, *, minute: int = 0, live: bool = False, closed: bool = True) -> Path:
        directory = home.recording(session)
        directory.mkdir()
        entries = [opened(session, minute), *ENTRIES]
        if closed and not live:
            entries.append(SessionClosed(t=62.04, reason="closed"))
        (directory / JOURNAL_NAME).write_bytes(b"".join(map(encode_entry, entries)))
        if live:
            descriptor = os.open(directory / JOURNAL_NAME, os.O_RDONLY)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            locked.append(descriptor)
        return directory

    yield make
    for descriptor in locked:
        os.close(descriptor)


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str


@pytest.fixture
def jumpseat(home: Home, capfd: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    def call(*args: str, at_home: bool = True) -> Outcome:
        capfd.readouterr()
        status = run([*(("--home", str(home.path)) if at_home else ()), *args])
        captured = capfd.readouterr()
        return Outcome(status, captured.out, captured.err)

    return call
