"""The list of sessions, and finding one by what a person typed.

The recordings' directory decides what exists; rows are copied from the journals (`sync`), so a lost
database costs nothing here. Commands and tags are not known to this module.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, true

from recorder.errors import RecordingError, SessionNotFoundError
from recorder.home import Home
from recorder.recording.journal import (
    JOURNAL_NAME,
    SessionOpened,
    decode_entry,
)
from recorder.recording.reader import is_locked
from recorder.store.engine import store_errors
from recorder.store.sync import SessionSync
from recorder.store.tables import SessionRow


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
            directories = {name: path for name, path in paths.items() if _has_journal(path)}
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


def in_utc(moment: datetime) -> datetime:
    """Return a moment out of the store in UTC: SQLite keeps no zone, PostgreSQL the server's."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _state(stored: str, directory: Path) -> str:
    if stored != "open":
        return stored
    return "live" if is_locked(directory) else "cut-off"


def session_directories(home: Home) -> dict[str, Path]:
    """Return the recordings' directories by session id."""
    if not home.recordings.is_dir():
        return {}
    return {path.name: path for path in sorted(home.recordings.iterdir()) if _has_journal(path)}


def _has_journal(directory: Path) -> bool:
    """Return whether there is a journal; one that nobody may look at counts as one."""
    try:
        return (directory / JOURNAL_NAME).is_file()
    except OSError:
        return True


def find_session(home: Home, name: str) -> Path:
    """Return the directory of the session that an id, a unique prefix, or ``latest`` names.

    Raises:
        SessionNotFoundError: None, or more than one, answers to it.

    """
    directories = session_directories(home)
    if not directories:
        raise SessionNotFoundError(
            f"there are no sessions under {home.path}",
            "`jumpseat serve` records one, `jumpseat demo` shows how",
        )
    if name == "latest":
        return max(directories.values(), key=started_of)
    if name in directories:
        return directories[name]
    matches = [directory for key, directory in directories.items() if key.startswith(name)]
    if len(matches) == 1 and name:
        return matches[0]
    if matches:
        names = ", ".join(directory.name for directory in matches[:5])
        raise SessionNotFoundError(f"{name!r} may be any of {names}", "write more of the id")
    raise SessionNotFoundError(
        f"no session {name!r}", "`jumpseat session list` shows what there is; `latest` is the last"
    )


def find_directory(home: Home, name: str) -> Path:
    """Return the directory of a session as `find_session` does, also where its journal is missing.

    Raises:
        SessionNotFoundError: None, or more than one, answers to the name.

    """
    try:
        return find_session(home, name)
    except SessionNotFoundError:
        bare = [
            path
            for path in (home.recordings.iterdir() if home.recordings.is_dir() else ())
            if path.is_dir() and not (path / JOURNAL_NAME).is_file() and path.name.startswith(name)
        ]
        if name and len(bare) == 1:
            return bare[0]
        raise


def started_of(directory: Path) -> str:
    """Return when a recording began, ISO 8601; empty where its first line cannot be read."""
    try:
        with (directory / JOURNAL_NAME).open("rb") as file:
            entry = decode_entry(file.readline())
    except (OSError, RecordingError):
        return ""
    return entry.started if isinstance(entry, SessionOpened) else ""
