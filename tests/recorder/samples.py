"""Small recordings that were really written, closed and signed, for what handles whole sessions."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path

from recorder.home import Home
from recorder.keys import load_keys
from recorder.recording.journal import (
    JOURNAL_NAME,
    ChannelClosed,
    ChannelOpened,
    ConnectionClosed,
    ConnectionOpened,
    LoginAttempt,
    PtyRequest,
    SessionClosed,
)
from recorder.recording.manifest import write_manifest
from recorder.recording.stream import StreamRecording
from recorder.recording.terminal import TerminalRecording
from recorder.recording.writer import RecordingWriter

SESSION = "abcd2345"
PTY = PtyRequest(term="xterm", columns=80, lines=24)


def begin_recording(
    home: Home, session: str = SESSION, *, candidate: str = "A. Example", shows: str = ""
) -> RecordingWriter:
    """Record a shell and a file transfer, flushed and not closed; ``shows`` is on the screen."""
    writer = RecordingWriter(
        home.recording(session),
        session=session,
        program="jumpseat test",
        target="203.0.113.7:22",
        listen=None,
        candidate=candidate,
        content_key=b"k" * 32,
    )
    writer.log(ConnectionOpened(t=writer.now(), connection=1, peer="203.0.113.9:50000"))
    writer.log(
        LoginAttempt(
            t=writer.now(), connection=1, user="candidate", method="password", outcome="accepted"
        )
    )
    opened = writer.now()
    writer.log(
        ChannelOpened(
            t=opened, connection=1, channel=1, kind="shell", user="candidate", pty=PTY,
            file="c1-1.cast",
        )
    )  # fmt: skip
    terminal = TerminalRecording(writer, 1, 1, PTY, opened)
    terminal.output(f"candidate@web01:~$ {shows}\r\n".encode())
    for number in range(40):
        terminal.output(f"line {number} of output\r\n".encode())
    command = f"scp -f {shows}"
    writer.log(ChannelOpened(t=writer.now(), connection=1, channel=2, kind="exec", command=command))
    stream = StreamRecording(writer, 1, 2, command)
    stream.feed("out", random.Random(1).randbytes(10_000))
    flows = stream.close()
    writer.log(ChannelClosed(t=writer.now(), connection=1, channel=2, exit_status=0, flows=flows))
    writer.flush()
    return writer


def end_recording(home: Home, writer: RecordingWriter) -> Path:
    """Close and sign a recording."""
    writer.log(ConnectionClosed(t=writer.now(), connection=1, reason="the candidate left"))
    writer.log(SessionClosed(t=writer.now(), reason="closed"))
    writer.close()
    write_manifest(writer.directory, writer.session, load_keys(home).sign)
    return writer.directory


def record_session(home: Home, session: str = SESSION, *, shows: str = "") -> Path:
    """Record a whole session, signed by the home's own key."""
    return end_recording(home, begin_recording(home, session, shows=shows))


def make_older(home: Home, directory: Path, started: datetime) -> None:
    """Let a session have started at another time, and sign it again."""
    path = directory / JOURNAL_NAME
    first, rest = path.read_text().split("\n", 1)
    before = first.partition('"started":"')[2].partition('"')[0]
    path.write_text(first.replace(before, started.isoformat(timespec="milliseconds")) + "\n" + rest)
    write_manifest(directory, directory.name, load_keys(home).sign)
