"""The list of sessions; finding one by what a person typed is `directories`'s, and in here too.

The recordings' directory decides what exists; rows are copied from the journals (`sync`), so a lost
database costs nothing here. Commands and tags are not known to this module.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, true

from recorder.errors import RecordingError
from recorder.home import Home
from recorder.recording.reader import is_locked
from recorder.store.directories import (
    find_directory,
    find_session,
    has_journal,
    session_directories,
    started_of,
)
from recorder.store.engine import store_errors
from recorder.store.rows import in_utc
from recorder.store.sync import SessionSync
from recorder.store.tables import SessionRow

__all__ = [
    "Catalogue",
    "SessionSummary",
    "find_directory",
    "find_session",
    "in_utc",
    "list_sessions",
    "session_directories",
    "started_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSummary:
    """One line of the list; ``state`` is live, closed, cut-off or failed, lengths are seconds.

    ``clock_started`` is seconds since the session's opening, None while its clock does not run.
    """

    id: str
    state: str
    candidate: str | None
    target: str
    listen: str | None
    started: datetime
    duration: float | None
    directory: Path
    exercise: str | None = None
    port: int | None = None
    consent: str | None = None
    clock_started: float | None = None
    clock_length: float | None = None


class Catalogue:
    """The list of sessions, for whoever asks again and again: each line of a journal is read once.

    Attributes:
        unreadable: Why a session could not be read the last time, by the recording's name; such a
            session is not listed, and hides no other.

    """

    def __init__(self, engine: Engine, home: Home) -> None:
        self.unreadable: dict[str, str] = {}
        self._engine = engine
        self._home = home
        self._open: dict[str, SessionSync] = {}

    def list(self, names: Collection[str] | None = None) -> list[SessionSummary]:
        """Return all sessions, or those of these names, live ones first, then the latest.

        Raises:
            StoreError: The database cannot be used.

        """
        if names is None:
            directories = session_directories(self._home)
        else:
            paths = {name: self._home.recording(name) for name in names}
            directories = {name: path for name, path in paths.items() if has_journal(path)}
        wanted = true() if names is None else SessionRow.id.in_(list(names))
        with store_errors(self._engine), self._engine.connect() as connection:
            found = connection.execute(select(SessionRow.id, SessionRow.state).where(wanted)).all()
        states: dict[str, str] = {row.id: row.state for row in found}
        self._copy(directories, states)
        with store_errors(self._engine), self._engine.connect() as connection:
            rows = connection.execute(select(SessionRow.__table__).where(wanted)).all()
        summaries = _summaries(rows, directories)
        listed = {each.id for each in summaries}
        for name in directories.keys() - listed - self.unreadable.keys():
            self.unreadable[name] = "the first line of its journal cannot be read"
        return summaries

    def _copy(self, directories: Mapping[str, Path], states: Mapping[str, str]) -> None:
        self.unreadable = {}
        for name, directory in directories.items():
            if states.get(name, "open") != "open":
                self._open.pop(name, None)
                continue
            # One that the store does not know any more is read from its beginning again.
            sync = self._open.get(name) if name in states else None
            sync = sync or SessionSync(self._engine, directory)
            self._open[name] = sync
            try:
                sync.update()
            except RecordingError as error:
                self.unreadable[name] = error.cause


def list_sessions(engine: Engine, home: Home) -> list[SessionSummary]:
    """Return all sessions that can be read, live ones first, then the latest.

    Raises:
        StoreError: The database cannot be used.

    """
    return Catalogue(engine, home).list()


def _summaries(rows: Iterable[Any], directories: Mapping[str, Path]) -> list[SessionSummary]:
    summaries = [
        SessionSummary(
            id=row.id,
            state=_state(row.state, directories[row.id]),
            candidate=row.candidate,
            target=row.target,
            listen=row.listen,
            started=in_utc(row.started),
            duration=row.duration,
            directory=directories[row.id],
            exercise=row.exercise,
            port=row.port,
            consent=row.consent,
            clock_started=row.clock_started,
            clock_length=row.clock_length,
        )
        for row in rows
        if row.id in directories
    ]
    summaries.sort(key=lambda each: each.started, reverse=True)
    summaries.sort(key=lambda each: each.state != "live")
    return summaries


def _state(stored: str, directory: Path) -> str:
    if stored != "open":
        return stored
    return "live" if is_locked(directory) else "cut-off"
