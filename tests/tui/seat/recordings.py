"""Writes small recordings with the recorder's own codecs, for tests and the README's picture."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Self

from recorder.recording.cast import CastEncoder, CastEvent, CastHeader, Utf8Splitter, encode_header
from recorder.recording.journal import (
    JOURNAL_NAME,
    ChannelClosed,
    ChannelOpened,
    ConnectionOpened,
    JournalEntry,
    LoginAttempt,
    PtyRequest,
    SessionClosed,
    SessionOpened,
    encode_entry,
)


class _Cast:
    def __init__(self, path: Path, started: float, columns: int, lines: int) -> None:
        self.started = started
        self.encoder = CastEncoder()
        self.splitter = Utf8Splitter()
        self.path = path
        path.write_bytes(
            encode_header(CastHeader(columns=columns, lines=lines, term="xterm-256color"))
        )

    def write(self, t: float, code: str, data: str) -> None:
        event = CastEvent(t=t - self.started, code=code, data=data)
        with self.path.open("ab") as file:
            file.write(self.encoder.encode(event))


class RecordingBuilder:
    """One session; live while the builder is entered and `close` was not called.

    Like a recorder it holds a lock on the journal as long as it may write.
    """

    def __init__(
        self, directory: Path, *, candidate: str = "Ada Example", monotonic: float = 0.0
    ) -> None:
        directory.mkdir(parents=True)
        self.directory = directory
        self._journal = (directory / JOURNAL_NAME).open("ab", buffering=0)
        self._casts: dict[tuple[int, int], _Cast] = {}
        self.write(
            SessionOpened(
                t=0.0,
                program="jumpseat 0.1.0",
                session=directory.name,
                started="2026-11-20T13:00:00+00:00",
                monotonic=monotonic,
                boot="test",
                target="web-1.marketing.example:22",
                candidate=candidate,
            )
        )

    def __enter__(self) -> Self:
        fcntl.flock(self._journal, fcntl.LOCK_EX)
        return self

    def __exit__(self, *_: object) -> None:
        if not self._journal.closed:
            self._journal.close()

    def write(self, entry: JournalEntry) -> None:
        os.write(self._journal.fileno(), encode_entry(entry))

    def terminal(
        self, t: float, connection: int = 1, *, columns: int = 80, lines: int = 24
    ) -> None:
        """Let the candidate connect and open a shell."""
        name = f"c{connection}-1.cast"
        self.write(ConnectionOpened(t=t, connection=connection, peer="192.0.2.7:50000"))
        self.write(
            LoginAttempt(
                t=t, connection=connection, user="candidate", method="password", outcome="accepted"
            )
        )
        self._casts[connection, 1] = _Cast(self.directory / name, t, columns, lines)
        self.write(
            ChannelOpened(
                t=t,
                connection=connection,
                channel=1,
                kind="shell",
                user="candidate",
                pty=PtyRequest(term="xterm-256color", columns=columns, lines=lines),
                file=name,
            )
        )

    def output(self, t: float, data: bytes, connection: int = 1) -> None:
        cast = self._casts[connection, 1]
        text, _ = cast.splitter.feed(data)
        if text:
            cast.write(t, "o", text)

    def input(self, t: float, text: str, connection: int = 1) -> None:
        self._casts[connection, 1].write(t, "i", text)

    def resize(self, t: float, columns: int, lines: int, connection: int = 1) -> None:
        self._casts[connection, 1].write(t, "r", f"{columns}x{lines}")

    def close(self, t: float) -> None:
        """End the session in order."""
        for connection, channel in self._casts:
            self.write(ChannelClosed(t=t, connection=connection, channel=channel, exit_status=0))
        self.write(SessionClosed(t=t, reason="closed"))
        self._journal.close()
