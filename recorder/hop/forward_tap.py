"""What the packets around forwarding mean for the recording: who talks to whom, how much, when.

Covers forwarded ports and sockets in both directions, X11 and the agent. It listens and decides
nothing. Sources: RFC 4254, sections 6.3 and 7; OpenSSH's PROTOCOL, section 2.4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from asyncssh.constants import MSG_CHANNEL_DATA, MSG_CHANNEL_EXTENDED_DATA
from asyncssh.packet import PacketDecodeError, SSHPacket, String, UInt32

from recorder.hop.relay import Opening
from recorder.hop.target import format_address
from recorder.recording.forward import ForwardCount
from recorder.recording.journal import ForwardClosed, ForwardKind, ForwardOpened
from recorder.recording.writer import RecordingWriter

State = Literal["listening", "refused", "cancelled"]

_KINDS: dict[bytes, ForwardKind] = {
    b"direct-tcpip": "local",
    b"direct-streamlocal@openssh.com": "local-socket",
    b"forwarded-tcpip": "remote",
    b"forwarded-streamlocal@openssh.com": "remote-socket",
    b"auth-agent@openssh.com": "agent",
    b"x11": "x11",
}
_TCPIP_FORWARD = b"tcpip-forward"
_CANCEL_TCPIP = b"cancel-tcpip-forward"
_STREAMLOCAL_FORWARD = b"streamlocal-forward@openssh.com"
_CANCEL_STREAMLOCAL = b"cancel-streamlocal-forward@openssh.com"
_ANSWERED_PORT = 4
"""Bytes of the answer to a request for any free port."""


@dataclass(frozen=True, slots=True)
class RemoteAddress:
    """An address that the target listens on: a host and a port, or the path of a socket."""

    host: bytes
    port: int | None

    @property
    def shown(self) -> str:
        """The address for people to read."""
        text = self.host.decode("utf-8", "replace")
        return text if self.port is None else format_address(text, self.port)

    @property
    def encoded(self) -> bytes:
        """The address as the requests spell it."""
        return String(self.host) + (b"" if self.port is None else UInt32(self.port))

    @property
    def cancel_request(self) -> bytes:
        """The name of the request that ends the listening."""
        return _CANCEL_STREAMLOCAL if self.port is None else _CANCEL_TCPIP


def forwards_of(
    request: bytes, details: bytes, answer: bytes | None
) -> tuple[RemoteAddress, State] | None:
    """Tell what an answered request did to what the target listens on; None if it did nothing.

    ``answer`` is what came with the target's consent, None where it refused.
    """
    packet = SSHPacket(details)
    try:
        if request in {_TCPIP_FORWARD, _CANCEL_TCPIP}:
            address = RemoteAddress(packet.get_string(), packet.get_uint32())
        elif request in {_STREAMLOCAL_FORWARD, _CANCEL_STREAMLOCAL}:
            address = RemoteAddress(packet.get_string(), None)
        else:
            return None
    except PacketDecodeError:
        return None
    if request in {_CANCEL_TCPIP, _CANCEL_STREAMLOCAL}:
        return None if answer is None else (address, "cancelled")
    if answer is None:
        return address, "refused"
    if address.port == 0 and len(answer) == _ANSWERED_PORT:
        address = RemoteAddress(address.host, int.from_bytes(answer, "big"))
    return address, "listening"


def listening_address(opening: Opening) -> RemoteAddress | None:
    """Tell which address of the target's somebody has connected to, None where to none."""
    packet = SSHPacket(opening.details)
    try:
        if opening.kind == b"forwarded-tcpip":
            return RemoteAddress(packet.get_string(), packet.get_uint32())
        if opening.kind == b"forwarded-streamlocal@openssh.com":
            return RemoteAddress(packet.get_string(), None)
    except PacketDecodeError:
        pass
    return None


def describe(opening: Opening) -> tuple[ForwardKind, str | None, str | None]:
    """Return a forward's kind, where it goes to and where it comes from, where that is said."""
    kind = _KINDS.get(opening.kind, "other")
    packet = SSHPacket(opening.details)
    address: str | None = None
    origin: str | None = None
    try:
        if kind in {"local", "remote"}:
            address = RemoteAddress(packet.get_string(), packet.get_uint32()).shown
            origin = RemoteAddress(packet.get_string(), packet.get_uint32()).shown
        elif kind in {"local-socket", "remote-socket"}:
            address = RemoteAddress(packet.get_string(), None).shown
        elif kind == "x11":
            origin = RemoteAddress(packet.get_string(), packet.get_uint32()).shown
        elif kind == "other":
            address = opening.kind.decode("utf-8", "replace")
    except PacketDecodeError:
        pass  # whoever is asked for the channel refuses it
    return kind, address, origin


class ForwardTap:
    """Records one forwarded connection."""

    def __init__(
        self,
        writer: RecordingWriter,
        connection: int,
        next_channel: Callable[[], int],
        opening: Opening,
    ) -> None:
        self._writer = writer
        self._connection = connection
        self._channel = next_channel()
        self._count = ForwardCount(writer)
        self._ended = False
        kind, address, origin = describe(opening)
        writer.log(
            ForwardOpened(
                t=writer.now(),
                connection=connection,
                channel=self._channel,
                kind=kind,
                address=address,
                origin=origin,
            )
        )

    @property
    def broken(self) -> bool:
        """Whether nothing can be recorded any more."""
        return self._writer.broken

    def opened(self) -> None:
        """Count from here on."""

    def refused(self, reason: str) -> None:
        """Record why there is no connection."""
        self._close(reason)

    def packet(self, kind: int, packet: SSHPacket, *, from_candidate: bool) -> None:
        """Count data."""
        if kind == MSG_CHANNEL_EXTENDED_DATA:
            packet.get_uint32()
        elif kind != MSG_CHANNEL_DATA:
            return
        data = packet.get_string()
        packet.check_end()
        self._count.feed("in" if from_candidate else "out", data)

    def ended(self) -> None:
        """Record how much went through."""
        self._close(None)

    def _close(self, refused: str | None) -> None:
        if self._ended:
            return
        self._ended = True
        self._writer.log(
            ForwardClosed(
                t=self._writer.now(),
                connection=self._connection,
                channel=self._channel,
                refused=refused,
                flows=self._count.flows(),
            )
        )
