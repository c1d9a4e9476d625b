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
from asyncssh.packet import PacketDecodeError, SSHPacket

from recorder.hop.channel_recording import ChannelPlace, ChannelRecording, Kind
from recorder.recording.journal import ChannelRefused, PtyRequest
from recorder.recording.writer import RecordingWriter

_PROGRAMS: dict[bytes, Kind] = {b"shell": "shell", b"exec": "exec", b"subsystem": "subsystem"}
_SERVICES = frozenset({b"auth-agent-req@openssh.com", b"x11-req"})
_ENVIRONMENT_LIMIT = 64 * 1024
"""Bytes of names and values that are recorded; OpenSSH takes what the kernel takes."""

TYPED_LIMIT = 4 * 1024 * 1024
"""Bytes of input that may wait for the answer about a program: twice the window of any server."""


class Context(Protocol):
    """What is to be known of the connection."""

    number: int
    user: str
    writer: RecordingWriter

    def next_channel(self) -> int:
        """Return the number of a new channel, from 1."""


@dataclass(slots=True)
class _Wish:
    """A request of the client's: how it is answered decides what it comes to."""

    wants_answer: bool
    kind: Kind | None = None
    command: str | None = None
    pty: PtyRequest | None = None
    settled: bool = False


@dataclass(slots=True)
class _Before:
    """What is known before a program runs: what was asked for, and what was typed ahead of it."""

    pty: PtyRequest | None = None
    env: dict[str, str] = field(default_factory=dict)
    env_size: int = 0
    unanswered: deque[_Wish] = field(default_factory=deque)
    typed: bytearray = field(default_factory=bytearray)

    @property
    def awaits_program(self) -> bool:
        """Whether a program was asked for, and the target has yet to say whether it runs."""
        return any(wish.kind is not None and not wish.settled for wish in self.unanswered)


class SessionTap:
    """Records one session channel."""

    def __init__(self, context: Context, on_service: Callable[[], None]) -> None:
        self._context = context
        self._writer = context.writer
        self._on_service = on_service
        self._number = 0
        self._before = _Before()
        self._recording: ChannelRecording | None = None
        self._sure = False
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
        self._assume()
        self._ended = True
        if self._recording is not None:
            self._record_typed(self._recording)
            self._recording.close(self._status, self._signal)

    def _data(self, data: bytes, *, from_candidate: bool, is_error: bool) -> None:
        if self._ended:
            return
        if not from_candidate:
            self._assume()
        if from_candidate and (reader := self._reader()) is not None:
            reader.input(data)
        elif from_candidate:
            self._keep_typed(data)
        elif self._recording is not None:
            self._sure = self._sure or not self._before.awaits_program
            self._recording.output(data, is_error=is_error)

    def _reader(self) -> ChannelRecording | None:
        """Return what reads the candidate's input, None while an answer may tell otherwise."""
        return self._recording if self._sure or not self._before.awaits_program else None

    def _keep_typed(self, data: bytes) -> None:
        """Keep input until it is known what reads it: the target may be slow to say so."""
        if len(self._before.typed) + len(data) > TYPED_LIMIT:
            raise PacketDecodeError("too much data before a program")
        self._before.typed += data

    def _record_typed(self, reader: ChannelRecording) -> None:
        if self._before.typed:
            reader.input(bytes(self._before.typed))
            self._before.typed.clear()

    # What the client asks for. The target answers in the order of the requests, so what each came
    # to is known when its answer comes, and of one that wants none when those before it are known.

    def _asked(self, packet: SSHPacket) -> None:
        name = packet.get_string()
        wish = _Wish(wants_answer=packet.get_boolean())
        if name in _PROGRAMS:
            wish.kind = _PROGRAMS[name]
            wish.command = None if name == b"shell" else _text(packet.get_string())
        elif name == b"pty-req":
            wish.pty = _pty(packet)
        elif name == b"env":
            self._keep_variable(packet.get_string(), packet.get_string())
        elif name == b"window-change":
            self._resize(packet.get_uint32(), packet.get_uint32())
        elif name in _SERVICES:
            self._on_service()
        self._before.unanswered.append(wish)
        self._settle()

    def _keep_variable(self, name: bytes, value: bytes) -> None:
        self._before.env_size += len(name) + len(value)
        if self._before.env_size <= _ENVIRONMENT_LIMIT:
            self._before.env[_text(name)] = _text(value)

    def _resize(self, columns: int, lines: int) -> None:
        if self._recording is not None:
            self._recording.resize(columns, lines)
        size = {"columns": columns, "lines": lines}
        for wish in self._before.unanswered:
            if wish.pty is not None:
                wish.pty = wish.pty.model_copy(update=size)
        if self._before.pty is not None:
            self._before.pty = self._before.pty.model_copy(update=size)

    def _answered(self, *, granted: bool) -> None:
        if not self._before.unanswered:
            return
        wish = self._before.unanswered.popleft()
        if granted:
            self._grant(wish)
        elif wish.kind is not None and not wish.settled:
            self._refuse(wish.kind, wish.command, "the target refused it")
        self._settle()
        if (reader := self._reader()) is not None:
            # One that wanted no answer goes on: what was refused behind it reads nothing.
            self._record_typed(reader)

    def _settle(self) -> None:
        """Take what wants no answer, and nothing before it awaits one, for granted."""
        unanswered = self._before.unanswered
        while unanswered and not unanswered[0].wants_answer:
            self._grant(unanswered.popleft())

    def _assume(self) -> None:
        """Take the first program for granted: the target has said something or is gone."""
        if self._recording is not None:
            return
        for wish in self._before.unanswered:
            self._grant(wish)
            if wish.kind is not None:
                return

    def _grant(self, wish: _Wish) -> None:
        if wish.settled:
            return
        wish.settled = True
        if wish.pty is not None:
            self._before.pty = wish.pty
        if wish.kind is not None and not self._sure:
            self._begin(wish.kind, wish.command)
            self._sure = wish.wants_answer

    def _told(self, packet: SSHPacket) -> None:
        name = packet.get_string()
        packet.get_boolean()
        if name == b"exit-status":
            self._status = packet.get_uint32()
        elif name == b"exit-signal":
            self._signal = _text(packet.get_string())

    def _begin(self, kind: Kind, command: str | None) -> None:
        if self._recording is not None:
            # That one wanted no answer, and was refused: a channel runs a single program.
            self._recording.close(None, None)
            self._number = 0
        before = self._before
        place = ChannelPlace(
            self._writer, self._context.number, self._take_number(), self._context.user
        )
        self._recording = ChannelRecording(place, kind, command, before.pty, before.env)
        self._record_typed(self._recording)

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
