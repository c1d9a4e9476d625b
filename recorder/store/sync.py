"""Rows made from journals: a lost database costs nothing, for the recordings are the truth.

Finding and listing sessions is `recorder.store.catalogue`'s; commands and tags are not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, case, update
from sqlalchemy.dialects import sqlite

from recorder.errors import RecordingError
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
from recorder.recording.moments import moment_of
from recorder.store.base import Base
from recorder.store.engine import store_errors
from recorder.store.tables import ChannelRow, ConnectionRow, SessionRow

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

UNKNOWN_PEER = "unknown"
"""Where a connection came from whose own line in the journal is damaged."""

_MOST_NUMBER, _MOST_STATUS = (1 << 31) - 1, (1 << 63) - 1
"""What the columns hold of connections and channels, and of exit statuses."""

_MOST_PORT = 65535

_SHOWN = 40
"""Characters of what is no moment that an error repeats."""

_ENDED = ("closed", "cut-off", "failed")
"""States of a session that is over."""

_KEYS: dict[type[Base], list[str]] = {
    SessionRow: ["id"],
    ConnectionRow: ["session", "number"],
    ChannelRow: ["session", "connection", "number"],
}


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
            StoreError: The database cannot be written; the next call copies the same again.
            RecordingError: The journal cannot be read, or does not say when the session started.

        """
        whole = self._whole_lines()
        entries = list(_entries(whole))
        if entries:
            with store_errors(self._engine), self._engine.begin() as connection:
                for entry in entries:
                    self._apply(connection, entry)
                if not self._path.exists():
                    # Purged since it was read; its rows go after its files, and must stay away.
                    raise RecordingError(f"{self._path} is not there any more")
        # Not before they are safe in the store: what it refused is copied by the next call.
        self._offset += len(whole)

    def _whole_lines(self) -> bytes:
        """Return what the journal got since, up to its last line's end."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                block = file.read()
        except OSError as error:
            raise RecordingError(f"cannot read {self._path} ({error.strerror})") from error
        return block[: block.rfind(b"\n") + 1]

    def _apply(self, connection: Connection, entry: JournalEntry) -> None:
        if isinstance(entry, SessionOpened):
            self._session = self._own(entry)
            upsert(connection, SessionRow, _session_values(entry))
        if self._session is not None:
            _copy(connection, self._session, entry)

    def _own(self, entry: SessionOpened) -> str:
        """Return whose journal it is: in a copy of a directory lies another session's."""
        name = self._path.parent.name
        if entry.session != name:
            raise RecordingError(
                f"the journal in {name} is that of session {entry.session[:_SHOWN]!r}",
                "a copy of a recording belongs outside the home",
            )
        return name


def _copy(connection: Connection, session: str, entry: JournalEntry) -> None:
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
            _open_channel(connection, session, entry)
        case ChannelClosed():
            _close_channel(connection, session, entry)
        case _:
            values = _values_of(entry)
            if values:
                connection.execute(
                    update(SessionRow).where(SessionRow.id == session).values(**values)
                )


def _open_channel(connection: Connection, session: str, entry: ChannelOpened) -> None:
    values = {
        "session": session,
        "connection": entry.connection,
        "number": entry.channel,
        "kind": entry.kind,
        "command": entry.command,
        "terminal": entry.pty is not None,
        "opened": entry.t,
    }
    _have_connection(connection, session, entry)
    upsert(connection, ChannelRow, values)


def _close_channel(connection: Connection, session: str, entry: ChannelClosed) -> None:
    connection.execute(
        update(ChannelRow)
        .where(
            ChannelRow.session == session,
            ChannelRow.connection == entry.connection,
            ChannelRow.number == entry.channel,
        )
        .values(closed=entry.t, exit_status=entry.exit_status, exit_signal=entry.exit_signal)
    )


def _entries(lines: bytes) -> Iterator[JournalEntry]:
    """Yield what lines say; the reader names damaged ones to whoever looks at the recording."""
    for line in lines.splitlines():
        try:
            entry = decode_entry(line)
        except RecordingError:
            continue
        if entry is not None and _fits(entry):
            yield entry


def _fits(entry: JournalEntry) -> bool:
    """Whether the tables' columns hold the numbers of a line; one of others counts as damaged."""
    status = getattr(entry, "exit_status", None) or 0
    numbers = (getattr(entry, name, 0) for name in ("connection", "channel"))
    return all(abs(each) <= _MOST_NUMBER for each in numbers) and abs(status) <= _MOST_STATUS


def _session_values(entry: SessionOpened) -> dict[str, Any]:
    started = moment_of(entry.started)
    if started is None:
        raise RecordingError(
            f"the journal of session {entry.session} does not say when it started"
            f" ({entry.started[:_SHOWN]!r} is no moment)",
            "`jumpseat session verify` tells whether it was altered since it was recorded",
        )
    return {
        "id": entry.session,
        "state": "open",
        "candidate": entry.candidate,
        "target": entry.target,
        "listen": entry.listen,
        "port": port_of(entry.listen),
        "started": started,
    }


def port_of(listen: str | None) -> int | None:
    """Return the port of ADDR:PORT, None where there is none."""
    _, _, port = (listen or "").rpartition(":")
    if not (port.isascii() and port.isdigit() and len(port) <= len(str(_MOST_PORT))):
        return None
    return int(port) if int(port) <= _MOST_PORT else None


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


def _have_connection(connection: Connection, session: str, entry: ChannelOpened) -> None:
    """Insert a channel's connection where the line that tells of it is damaged."""
    values = {
        "session": session,
        "number": entry.connection,
        "peer": UNKNOWN_PEER,
        "user": entry.user,
        "opened": entry.t,
    }
    connection.execute(_insert(connection, ConnectionRow, values).on_conflict_do_nothing())


def _set(connection: Connection, session: str, number: int, **values: Any) -> None:
    connection.execute(
        update(ConnectionRow)
        .where(ConnectionRow.session == session, ConnectionRow.number == number)
        .values(**values)
    )


def upsert(connection: Connection, row: type[Base], values: dict[str, Any]) -> None:
    """Insert a row, or bring the one with the same key to these values; no session opens again."""
    keys = _KEYS[row]
    changed = {name: value for name, value in values.items() if name not in keys}
    if row is SessionRow:
        # Another program may have copied the last line already, after this one had read the
        # journal. Any other state came from elsewhere: what an import holds is not signed.
        ended = (SessionRow.state.in_(_ENDED), SessionRow.state)
        changed["state"] = case(ended, else_=values["state"])
    statement = _insert(connection, row, values)
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))


def _insert(
    connection: Connection, row: type[Base], values: dict[str, Any]
) -> postgresql.Insert | sqlite.Insert:
    # Importing a dialect that is not used takes a moment that whoever opens a seat waits for.
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415

        return postgresql.insert(row).values(**values)
    return sqlite.insert(row).values(**values)


def sync_session(engine: Engine, directory: Path) -> None:
    """Bring the rows of one session to what its journal says.

    Raises:
        StoreError: The database cannot be written.
        RecordingError: The journal cannot be read, or does not say when the session started.

    """
    SessionSync(engine, directory).update()
