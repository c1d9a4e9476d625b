"""Relays one channel: two sessions that mirror each other, and a recording that sees both ways.

Data, end of data, flow control, window sizes, signals and breaks cross as they come; what the
candidate sends before the target's channel is open waits in order. The exit status crosses last,
when the target's side has delivered everything. No authentication and no files belong here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import asyncssh
from asyncssh.constants import EXTENDED_DATA_STDERR

from recorder.hop.channel import CandidateChannel, takes_requests, tell_enough
from recorder.hop.channel_recording import ChannelPlace, ChannelRecording, Kind
from recorder.recording.journal import PtyRequest
from recorder.recording.writer import RecordingWriter

_log = logging.getLogger(__name__)

ExitSignal = tuple[str, bool, str, str]


class ConnectionContext(Protocol):
    """What a channel needs to know of its connection."""

    number: int
    user: str
    writer: RecordingWriter

    @property
    def upstream(self) -> asyncssh.SSHClientConnection:
        """The connection to the target, logged in."""

    def next_channel(self) -> int:
        """Return the number of a new channel, from 1."""

    def own(self, work: Any, name: str) -> None:
        """Run a coroutine as a task that the connection owns."""


class CandidateSession(asyncssh.SSHServerSession[bytes]):
    """The candidate's end of a channel."""

    def __init__(self, context: ConnectionContext) -> None:
        self._context = context
        self._channel: CandidateChannel
        self._upstream: asyncssh.SSHClientChannel[bytes] | None = None
        self._early: list[Callable[[asyncssh.SSHClientChannel[bytes]], None]] = []
        self._kind: Kind = "shell"
        self._command: str | None = None
        self._pty = False
        self._recording: ChannelRecording | None = None
        self._paused = False
        self._output_ended = False
        self._ended = False

    # What the candidate's side says.

    def connection_made(self, chan: CandidateChannel) -> None:  # type: ignore[override]
        """Keep the channel, which is the one that the connection made for this session."""
        self._channel = chan
        chan.on_enough = lambda: self._forward(tell_enough)
        # Once all output has come the exit status is on its way, and worth waiting for.
        chan.may_close = lambda: self._ended or not self._output_ended

    def pty_requested(
        self,
        term_type: str,  # noqa: ARG002
        term_size: tuple[int, int, int, int],  # noqa: ARG002
        term_modes: Mapping[int, int],  # noqa: ARG002
    ) -> bool:
        """Remember that a terminal is wanted; its details are asked of the channel later."""
        self._pty = True
        return True

    def shell_requested(self) -> bool:
        """Relay a shell."""
        return True

    def exec_requested(self, command: str) -> bool:
        """Relay a command."""
        self._kind, self._command = "exec", command
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        """Relay a subsystem."""
        self._kind, self._command = "subsystem", subsystem
        return True

    def session_started(self) -> None:
        """Open the other side and start to record."""
        env = self._channel.get_environment()
        context = self._context
        number = context.next_channel()
        place = ChannelPlace(context.writer, context.number, number, context.user)
        self._recording = ChannelRecording(
            place, self._kind, _shown(self._command), self._terminal(), dict(env)
        )
        context.own(self._open(), f"channel {number}")

    def data_received(self, data: bytes, datatype: int | None) -> None:  # noqa: ARG002
        """Relay input."""
        if self._recording is not None:
            self._recording.input(data)
        self._forward(lambda upstream: upstream.write(data))

    def eof_received(self) -> bool:
        """Relay the end of input; output may still come."""
        self._forward(lambda upstream: upstream.write_eof())
        return True

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        """Relay a new size."""
        if self._recording is not None:
            self._recording.resize(width, height)
        self._forward(
            lambda upstream: upstream.change_terminal_size(width, height, pixwidth, pixheight)
        )

    def signal_received(self, signal: str) -> None:
        """Relay a signal."""
        self._forward(lambda upstream: upstream.send_signal(signal))

    def break_received(self, msec: int) -> bool:
        """Relay a break."""
        self._forward(lambda upstream: upstream.send_break(msec))
        return True

    def pause_writing(self) -> None:
        """Stop reading from the target: the candidate does not keep up."""
        self._paused = True
        if self._upstream is not None:
            self._upstream.pause_reading()

    def resume_writing(self) -> None:
        """Read from the target again."""
        self._paused = False
        if self._upstream is not None:
            self._upstream.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Close the target's side with the candidate's."""
        self._ended = True
        self._early.clear()
        if self._upstream is not None:
            self._upstream.close()
        elif self._recording is not None:
            self._recording.close(None, None)

    # What the target's side says.

    def upstream_data(self, data: bytes, datatype: int | None) -> None:
        """Relay output."""
        if self._recording is not None:
            self._recording.output(data, is_error=datatype == EXTENDED_DATA_STDERR)
        if not self._ended and not self._context.writer.broken:
            self._channel.write(data, datatype)

    def upstream_eof(self) -> None:
        """Relay the end of output."""
        self._output_ended = True
        if not self._ended:
            self._channel.write_eof()

    def upstream_paused(self, *, paused: bool) -> None:
        """Pass on that the target does not keep up, or does again."""
        if self._ended:
            return
        if paused:
            self._channel.pause_reading()
        else:
            self._channel.resume_reading()

    def upstream_closed(self, status: int | None, signal: ExitSignal | None) -> None:
        """Relay how it ended: everything before it has been delivered."""
        if self._recording is not None:
            self._recording.close(status, signal[0] if signal else None)
        if self._ended:
            return
        self._ended = True
        if signal is not None:
            self._channel.exit_with_signal(*signal)
        elif status is not None:
            self._channel.exit(status)
        else:
            self._channel.close()
        self._channel.finish()

    # Between them.

    def _terminal(self) -> PtyRequest | None:
        if not self._pty:
            return None
        columns, lines, _, _ = self._channel.get_terminal_size()
        term = self._channel.get_terminal_type() or ""
        return PtyRequest(term=term, columns=columns, lines=lines)

    def _forward(self, action: Callable[[asyncssh.SSHClientChannel[bytes]], None]) -> None:
        if self._context.writer.broken:
            return
        if self._upstream is None:
            self._early.append(action)
        elif takes_requests(self._upstream):
            action(self._upstream)

    async def _open(self) -> None:
        try:
            upstream = await self._create()
        except (asyncssh.Error, OSError) as error:
            _log.warning(
                "connection %d: the target opens no %s (%s)",
                self._context.number,
                self._kind,
                error,
            )
            self.upstream_closed(None, None)
            return
        if self._ended:
            upstream.close()
            return
        self._upstream = upstream
        if self._paused:
            upstream.pause_reading()
        early, self._early = self._early, []
        for action in early:
            # A short command may have ended meanwhile, and closed its side.
            self._forward(action)

    async def _create(self) -> asyncssh.SSHClientChannel[bytes]:
        channel = self._channel
        upstream, _ = await self._context.upstream.create_session(
            lambda: TargetSession(self),
            _exact(self._command) if self._kind == "exec" else None,
            subsystem=self._command if self._kind == "subsystem" else None,
            env=[b"%b=%b" % pair for pair in channel.get_environment_bytes().items()],
            send_env=None,
            request_pty="force" if self._pty else False,
            term_type=channel.get_terminal_type(),
            term_size=channel.get_terminal_size(),
            term_modes=dict(channel.get_terminal_modes()),
            encoding=None,
        )
        return upstream


def _shown(command: str | None) -> str | None:
    """Return a command as text that can be written: what was not UTF-8 shows as U+FFFD."""
    if command is None:
        return None
    return command.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _exact(command: str | None) -> Any:
    """Return a command as its bytes, which asyncssh sends as they are, though it declares a str."""
    return None if command is None else command.encode("utf-8", "surrogateescape")


class TargetSession(asyncssh.SSHClientSession[bytes]):
    """The target's end of a channel: tells the candidate's end, and decides nothing."""

    def __init__(self, candidate: CandidateSession) -> None:
        self._candidate = candidate
        self._status: int | None = None
        self._signal: ExitSignal | None = None

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Pass output on."""
        self._candidate.upstream_data(data, datatype)

    def eof_received(self) -> bool:
        """Pass the end of output on; input may still go."""
        self._candidate.upstream_eof()
        return True

    def pause_writing(self) -> None:
        """Pass on that the target does not keep up."""
        self._candidate.upstream_paused(paused=True)

    def resume_writing(self) -> None:
        """Pass on that it does again."""
        self._candidate.upstream_paused(paused=False)

    def exit_status_received(self, status: int) -> None:
        """Keep the status: it may arrive before the last data."""
        self._status = status

    def exit_signal_received(self, signal: str, core_dumped: bool, msg: str, lang: str) -> None:
        """Keep the signal: it may arrive before the last data."""
        self._signal = (signal, core_dumped, msg, lang)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Pass the end on, now that everything has arrived."""
        self._candidate.upstream_closed(self._status, self._signal)
