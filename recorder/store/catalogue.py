"""The list of sessions, and finding one by what a person typed.

The recordings' directory decides what exists; rows are copied from the journals (`sync`), so a lost
database costs nothing here. Commands and tags are not known to this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, select

from recorder.errors import RecordingError, SessionNotFoundError
from recorder.home import Home
from recorder.recording.journal import (
    JOURNAL_NAME,
    SessionOpened,
    decode_entry,
)
from recorder.recording.reader import is_locked
from recorder.store.engine import store_errors
from recorder.store.sync import sync_session
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


def list_sessions(engine: Engine, home: Home) -> list[SessionSummary]:
    """Return all sessions, live ones first, then the latest.

    Raises:
        StoreError: The database cannot be used.

    """
    directories = session_directories(home)
    with store_errors(engine), engine.connect() as connection:
        known = set(connection.scalars(select(SessionRow.id)))
        unfinished = set(
            connection.scalars(select(SessionRow.id).where(SessionRow.state == "open"))
        )
    for name, directory in directories.items():
        if name not in known or name in unfinished:
            sync_session(engine, directory)
    with store_errors(engine), engine.connect() as connection:
        rows = connection.execute(select(SessionRow.__table__)).all()
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
    return {
        path.name: path
        for path in sorted(home.recordings.iterdir())
        if (path / JOURNAL_NAME).is_file()
    }


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
