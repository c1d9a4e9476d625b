"""What a session channel's packets mean for the recording: terminal, program, data, how it ended.

It listens and decides nothing. Source of the requests: RFC 4254, section 6.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from asyncssh.constants import (
    EXTENDED_DATA_STDERR,
    MSG_CHANNEL_DATA,
    MSG_CHANNEL_EXTENDED_DATA,
    MSG_CHANNEL_FAILURE,
    MSG_CHANNEL_REQUEST,
    MSG_CHANNEL_SUCCESS,
)
from asyncssh.packet import SSHPacket

from recorder.hop.channel_recording import ChannelPlace, ChannelRecording, Kind
from recorder.recording.journal import ChannelRefused, PtyRequest
from recorder.recording.writer import RecordingWriter

_PROGRAMS: dict[bytes, Kind] = {b"shell": "shell", b"exec": "exec", b"subsystem": "subsystem"}
_SERVICES = frozenset({b"auth-agent-req@openssh.com", b"x11-req"})
_ENVIRONMENT_LIMIT = 64 * 1024
"""Bytes of names and values that are recorded; OpenSSH takes what the kernel takes."""


class Context(Protocol):
    """What is to be known of the connection."""

    number: int
    user: str
    writer: RecordingWriter

    def next_channel(self) -> int:
        """Return the number of a new channel, from 1."""


@dataclass(slots=True)
class _Program:
    kind: Kind
    command: str | None


@dataclass(slots=True)
class _Wishes:
    """What the client asked for before the program was started."""

    pty: PtyRequest | None = None
    env: dict[str, str] = field(default_factory=dict)
    env_size: int = 0
    program: _Program | None = None
    unanswered: deque[bytes] = field(default_factory=deque)


class SessionTap:
    """Records one session channel."""

    def __init__(self, context: Context, on_service: Callable[[], None]) -> None:
        self._context = context
        self._writer = context.writer
        self._on_service = on_service
        self._number = 0
        self._wishes = _Wishes()
        self._recording: ChannelRecording | None = None
        self._status: int | None = None
        self._signal: str | None = None
        self._ended = False

    @property
    def broken(self) -> bool:
        """Whether nothing can be recorded any more."""
        return self._writer.broken

    def opened(self) -> None:
        """Wait for the program: a session is not worth a line before."""

    def refused(self, reason: str) -> None:
        """Record that the target gives no session."""
        self._refuse("session", None, reason)

    def packet(self, kind: int, packet: SSHPacket, *, from_candidate: bool) -> None:
        """Record what a packet says."""
        if kind == MSG_CHANNEL_DATA:
            data = packet.get_string()
            packet.check_end()
            self._data(data, from_candidate=from_candidate, is_error=False)
        elif kind == MSG_CHANNEL_EXTENDED_DATA:
            sort = packet.get_uint32()
            data = packet.get_string()
            packet.check_end()
            self._data(data, from_candidate=from_candidate, is_error=sort == EXTENDED_DATA_STDERR)
        elif kind == MSG_CHANNEL_REQUEST and from_candidate:
            self._asked(packet)
        elif kind == MSG_CHANNEL_REQUEST:
            self._told(packet)
        elif kind in {MSG_CHANNEL_SUCCESS, MSG_CHANNEL_FAILURE} and not from_candidate:
            self._answered(granted=kind == MSG_CHANNEL_SUCCESS)

    def ended(self) -> None:
        """Close the recording."""
        if self._ended:
            return
        self._ended = True
        if self._wishes.program is not None:
            self._begin(self._wishes.program)
        if self._recording is not None:
            self._recording.close(self._status, self._signal)

    def _data(self, data: bytes, *, from_candidate: bool, is_error: bool) -> None:
        if self._ended:
            return
        if self._wishes.program is not None:
            # The answer is still to come, but nothing may be relayed that is not recorded.
            self._begin(self._wishes.program)
        if self._recording is None:
            return
        if from_candidate:
            self._recording.input(data)
        else:
            self._recording.output(data, is_error=is_error)

    def _asked(self, packet: SSHPacket) -> None:
        name = packet.get_string()
        wants_answer = packet.get_boolean()
        if name in _PROGRAMS:
            self._asked_for_program(name, packet)
        elif name == b"pty-req":
            self._wishes.pty = _pty(packet)
        elif name == b"env":
            self._keep_variable(packet.get_string(), packet.get_string())
        elif name == b"window-change" and self._recording is not None:
            self._recording.resize(packet.get_uint32(), packet.get_uint32())
        elif name == b"window-change" and self._wishes.pty is not None:
            size = {"columns": packet.get_uint32(), "lines": packet.get_uint32()}
            self._wishes.pty = self._wishes.pty.model_copy(update=size)
        elif name in _SERVICES:
            self._on_service()
        if wants_answer:
            self._wishes.unanswered.append(name)
        elif name in _PROGRAMS and self._wishes.program is not None:
            self._begin(self._wishes.program)

    def _asked_for_program(self, name: bytes, packet: SSHPacket) -> None:
        command = None if name == b"shell" else _text(packet.get_string())
        if self._recording is None:
            self._wishes.program = _Program(_PROGRAMS[name], command)

    def _keep_variable(self, name: bytes, value: bytes) -> None:
        self._wishes.env_size += len(name) + len(value)
        if self._wishes.env_size <= _ENVIRONMENT_LIMIT:
            self._wishes.env[_text(name)] = _text(value)

    def _answered(self, *, granted: bool) -> None:
        if not self._wishes.unanswered:
            return
        name = self._wishes.unanswered.popleft()
        if name == b"pty-req" and not granted and self._recording is None:
            self._wishes.pty = None
        if name not in _PROGRAMS or self._wishes.program is None:
            return
        program = self._wishes.program
        if granted:
            self._begin(program)
        else:
            self._wishes.program = None
            self._refuse(program.kind, program.command, "the target refused it")

    def _told(self, packet: SSHPacket) -> None:
        name = packet.get_string()
        packet.get_boolean()
        if name == b"exit-status":
            self._status = packet.get_uint32()
        elif name == b"exit-signal":
            self._signal = _text(packet.get_string())

    def _begin(self, program: _Program) -> None:
        self._wishes.program = None
        place = ChannelPlace(
            self._writer, self._context.number, self._take_number(), self._context.user
        )
        wishes = self._wishes
        self._recording = ChannelRecording(
            place, program.kind, program.command, wishes.pty, wishes.env
        )

    def _refuse(self, kind: Kind | Literal["session"], command: str | None, reason: str) -> None:
        self._writer.log(
            ChannelRefused(
                t=self._writer.now(),
                connection=self._context.number,
                channel=self._take_number(),
                kind=kind,
                command=command,
                reason=reason,
            )
        )

    def _take_number(self) -> int:
        self._number = self._number or self._context.next_channel()
        return self._number


def _pty(packet: SSHPacket) -> PtyRequest:
    term = _text(packet.get_string())
    return PtyRequest(term=term, columns=packet.get_uint32(), lines=packet.get_uint32())


def _text(said: bytes) -> str:
    """Return what can be written: what was not UTF-8 shows as U+FFFD."""
    return said.decode("utf-8", "replace")
