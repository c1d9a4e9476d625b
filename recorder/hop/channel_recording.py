"""What is recorded of one channel: as a terminal or as streams, and its lines in the journal.

It is called with every byte that is relayed and must never wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from recorder.recording.journal import ChannelClosed, ChannelOpened, PtyRequest
from recorder.recording.redaction import Redaction
from recorder.recording.stream import StreamRecording
from recorder.recording.terminal import TerminalRecording
from recorder.recording.writer import RecordingWriter

Kind = Literal["shell", "exec", "subsystem"]


@dataclass(frozen=True, slots=True)
class ChannelPlace:
    """Which channel of which connection, who is logged in there, and where it is recorded."""

    writer: RecordingWriter
    connection: int
    channel: int
    user: str


class ChannelRecording:
    """What is recorded of one channel, with a terminal or without."""

    def __init__(
        self,
        place: ChannelPlace,
        kind: Kind,
        command: str | None,
        pty: PtyRequest | None,
        env: dict[str, str],
    ) -> None:
        self._writer = place.writer
        self._connection = place.connection
        self._channel = place.channel
        self._closed = False
        self._terminal: TerminalRecording | None = None
        self._streams: StreamRecording | None = None
        t = self._writer.now()
        hide = self._writer.redaction
        if pty is not None:
            self._terminal = TerminalRecording(
                self._writer, self._connection, self._channel, pty, t
            )
        else:
            self._streams = StreamRecording(self._writer, self._connection, self._channel, command)
        self._writer.log(
            ChannelOpened(
                t=t,
                connection=self._connection,
                channel=self._channel,
                kind=kind,
                command=None if command is None else hide(command),
                user=place.user,
                pty=pty,
                env=_hidden(env, hide),
                file=self._terminal.name if self._terminal else None,
            )
        )

    def input(self, data: bytes) -> None:
        """Record what the candidate sent."""
        if self._terminal is not None:
            self._terminal.input(data)
        elif self._streams is not None:
            self._streams.feed("in", data)

    def output(self, data: bytes, *, is_error: bool) -> None:
        """Record what the target sent."""
        if self._terminal is not None:
            self._terminal.output(data)
        elif self._streams is not None:
            self._streams.feed("err" if is_error else "out", data)

    def resize(self, columns: int, lines: int) -> None:
        """Record a new size of the terminal, in cells."""
        if self._terminal is not None:
            self._terminal.resize(columns, lines)

    def close(self, status: int | None, signal: str | None) -> None:
        """Record how it ended. May be called twice."""
        if self._closed:
            return
        self._closed = True
        flows = self._streams.close() if self._streams is not None else ()
        if self._terminal is not None:
            if status is not None:
                self._terminal.exit(str(status))
            self._terminal.close()
        self._writer.log(
            ChannelClosed(
                t=self._writer.now(),
                connection=self._connection,
                channel=self._channel,
                exit_status=status,
                exit_signal=signal,
                flows=flows,
            )
        )


def _hidden(env: dict[str, str], hide: Redaction) -> dict[str, str]:
    """Return variables with the secrets in them hidden: some have them in their values only."""
    return {name: hide(f"{name}={value}").partition("=")[2] for name, value in env.items()}
