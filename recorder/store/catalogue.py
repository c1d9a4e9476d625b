"""The list of sessions: finding one by what a person typed, and rows made from journals.

The recordings' directory decides what exists; rows are copied from the journals, so a lost database
costs nothing here. Commands and tags are not known to this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.dialects import postgresql, sqlite

from recorder.errors import RecordingError, SessionNotFoundError
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
    SessionClosed,
    SessionOpened,
    SessionTerms,
    decode_entry,
)
from recorder.recording.reader import is_locked
from recorder.store.engine import store_errors
from recorder.store.tables import Base, ChannelRow, ConnectionRow, SessionRow

_KEYS: dict[type[Base], list[str]] = {
    SessionRow: ["id"],
    ConnectionRow: ["session", "number"],
    ChannelRow: ["session", "connection", "number"],
}


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


class SessionSync:
    """Copies one journal's lines into the store, each line once."""

    def __init__(self, engine: Engine, directory: Path) -> None:
        self._engine = engine
        self._path = directory / JOURNAL_NAME
        self._offset = 0
        self._session: str | None = None

    def update(self) -> None:
        """Copy what the journal got since the last call.

        Raises:
            StoreError: The database cannot be written.
            RecordingError: The journal cannot be read.

        """
        entries = list(self._new_entries())
        if not entries:
            return
        with store_errors(self._engine), self._engine.begin() as connection:
            for entry in entries:
                self._apply(connection, entry)

    def _new_entries(self) -> Iterable[JournalEntry]:
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                block = file.read()
        except OSError as error:
            raise RecordingError(f"cannot read {self._path} ({error.strerror})") from error
        whole = block[: block.rfind(b"\n") + 1]
        self._offset += len(whole)
        for line in whole.splitlines():
            try:
                entry = decode_entry(line)
            except RecordingError:
                continue  # the reader names damaged lines to whoever looks at the recording
            if entry is not None:
                yield entry

    def _apply(self, connection: Connection, entry: JournalEntry) -> None:
        if isinstance(entry, SessionOpened):
            self._session = entry.session
            upsert(connection, SessionRow, _session_values(entry))
        if self._session is None:
            return
        session = self._session
        match entry:
            case ConnectionOpened():
                values = {
                    "session": session,
                    "number": entry.connection,
                    "peer": entry.peer,
                    "opened": entry.t,
                }
                upsert(connection, ConnectionRow, values)
            case LoginAttempt():
                _set(connection, session, entry.connection, user=entry.user)
            case ConnectionClosed():
                _set(connection, session, entry.connection, closed=entry.t, reason=entry.reason)
            case ChannelOpened():
                values = {
                    "session": session,
                    "connection": entry.connection,
                    "number": entry.channel,
                    "kind": entry.kind,
                    "command": entry.command,
                    "terminal": entry.pty is not None,
                    "opened": entry.t,
                }
                upsert(connection, ChannelRow, values)
            case ChannelClosed():
                statement = (
                    update(ChannelRow)
                    .where(
                        ChannelRow.session == session,
                        ChannelRow.connection == entry.connection,
                        ChannelRow.number == entry.channel,
                    )
                    .values(
                        closed=entry.t,
                        exit_status=entry.exit_status,
                        exit_signal=entry.exit_signal,
                    )
                )
                connection.execute(statement)
            case _:
                values = _values_of(entry)
                if values:
                    connection.execute(
                        update(SessionRow).where(SessionRow.id == session).values(**values)
                    )


def _session_values(entry: SessionOpened) -> dict[str, Any]:
    return {
        "id": entry.session,
        "state": "open",
        "candidate": entry.candidate,
        "target": entry.target,
        "listen": entry.listen,
        "port": port_of(entry.listen),
        "started": datetime.fromisoformat(entry.started),
    }


def port_of(listen: str | None) -> int | None:
    """Return the port of ADDR:PORT, None where there is none."""
    _, _, port = (listen or "").rpartition(":")
    return int(port) if port.isascii() and port.isdigit() else None


def _values_of(entry: JournalEntry) -> dict[str, Any]:
    """Return what a line says of the session itself."""
    match entry:
        case SessionTerms():
            return {"exercise": entry.exercise, "consent": entry.consent}
        case ClockStarted():
            return {"clock_started": entry.t, "clock_length": entry.length}
        case ClockExtended():
            return {"clock_length": entry.length}
        case SessionClosed():
            return {"state": entry.reason, "duration": entry.t, "detail": entry.detail}
        case _:
            return {}


def _set(connection: Connection, session: str, number: int, **values: Any) -> None:
    connection.execute(
        update(ConnectionRow)
        .where(ConnectionRow.session == session, ConnectionRow.number == number)
        .values(**values)
    )


def upsert(connection: Connection, row: type[Base], values: dict[str, Any]) -> None:
    """Insert a row, or bring the one with the same key to these values."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    keys = _KEYS[row]
    changed = {name: value for name, value in values.items() if name not in keys}
    statement = insert(row).values(**values)
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))


def sync_session(engine: Engine, directory: Path) -> None:
    """Bring the rows of one session to what its journal says.

    Raises:
        StoreError: The database cannot be written.
        RecordingError: The journal cannot be read.

    """
    SessionSync(engine, directory).update()


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
            started=row.started,
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
        return max(directories.values(), key=_started)
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


def _started(directory: Path) -> str:
    try:
        with (directory / JOURNAL_NAME).open("rb") as file:
            entry = decode_entry(file.readline())
    except (OSError, RecordingError):
        return ""
    return entry.started if isinstance(entry, SessionOpened) else ""
