"""Relays one channel by giving its packets another number, and nothing else.

What one side says after a channel is open (data, window, requests and their answers, end of data,
close) is said to the other in the same order and the same words. So the hop has no buffers or
windows of its own: flow control, half-closed channels, exit statuses and requests that nobody here
has heard of work as they do between the two ends. A tap is shown each packet: the target's data
just after they went on, all else before. What a packet means is the taps' business, which channels
may be opened the links'.
Source of the format: RFC 4254, section 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import asyncssh
from asyncssh.constants import (
    MSG_CHANNEL_CLOSE,
    MSG_CHANNEL_DATA,
    MSG_CHANNEL_EOF,
    MSG_CHANNEL_EXTENDED_DATA,
    MSG_CHANNEL_FAILURE,
    MSG_CHANNEL_OPEN,
    MSG_CHANNEL_REQUEST,
    MSG_CHANNEL_SUCCESS,
    MSG_CHANNEL_WINDOW_ADJUST,
    OPEN_CONNECT_FAILED,
)
from asyncssh.packet import SSHPacket, SSHPacketHandler, String, UInt32

if TYPE_CHECKING:
    from recorder.hop.link import Link

PACKET_LIMIT = 128 * 1024
"""Bytes of data in one packet, at most, whatever an end offers; OpenSSH offers 32 KiB."""

_RELAYED = frozenset(
    {
        MSG_CHANNEL_CLOSE,
        MSG_CHANNEL_DATA,
        MSG_CHANNEL_EOF,
        MSG_CHANNEL_EXTENDED_DATA,
        MSG_CHANNEL_FAILURE,
        MSG_CHANNEL_REQUEST,
        MSG_CHANNEL_SUCCESS,
        MSG_CHANNEL_WINDOW_ADJUST,
    }
)
_LOST = "the connection was lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What an end says that wants a channel.

    Attributes:
        kind: Such as ``session``.
        number: How that end calls the channel.
        window: Bytes that may be sent to it at first.
        packet_size: Bytes in one packet to it, at most.
        details: The rest of the packet, which depends on the kind.

    """

    kind: bytes
    number: int
    window: int
    packet_size: int
    details: bytes


class Tap(Protocol):
    """Sees what goes through a channel, and must never wait."""

    @property
    def broken(self) -> bool:
        """Whether nothing can be recorded any more, so that nothing may be relayed either."""

    def opened(self) -> None:
        """Note that both ends have agreed to the channel."""

    def refused(self, reason: str) -> None:
        """Note that there will be no channel."""

    def packet(self, kind: int, packet: SSHPacket, *, from_candidate: bool) -> None:
        """Look at a packet, from behind the channel's number.

        Raises:
            asyncssh.packet.PacketDecodeError: It is malformed; the connection ends.

        """

    def ended(self) -> None:
        """Note that the target says nothing more. May be called twice."""


class End(SSHPacketHandler):
    """One end of a relayed channel; asyncssh takes it for a channel of its own.

    Attributes:
        local: What the hop calls the channel on this link.
        remote: What the other side of the link calls it, None until it said so.

    """

    other: End

    def __init__(self, link: Link, tap: Tap, *, of_candidate: bool) -> None:
        self._link = link
        self._tap = tap
        self._of_candidate = of_candidate
        self._sent_close = False
        self._received_close = False
        self._gone = False
        self.remote: int | None = None
        self.local = link.add_channel(self)  # type: ignore[arg-type] # all that it calls is here

    def _log_packet(self, *_: object) -> None:
        """Spare the time: asyncssh would format each packet."""

    # While it is opened.

    def request(self, opening: Opening) -> None:
        """Ask this side for the channel that the other side wants."""
        size = min(opening.packet_size, PACKET_LIMIT)
        self._link.take_packets_of(size)
        self._link.send_packet(
            MSG_CHANNEL_OPEN,
            String(opening.kind),
            UInt32(self.local),
            UInt32(opening.window),
            UInt32(size),
            opening.details,
            handler=self,
        )

    def process_open_confirmation(
        self, number: int, window: int, packet_size: int, packet: SSHPacket
    ) -> None:
        """Tell the other side that it has its channel."""
        self._demand(self.remote is None and self.other.remote is not None)
        self.remote = number
        opener = self.other
        if opener._gone:  # noqa: SLF001 (the other half of this)
            self.send(MSG_CHANNEL_CLOSE)
            return
        size = min(packet_size, PACKET_LIMIT)
        opener._link.take_packets_of(size)  # noqa: SLF001 (likewise)
        self._tap.opened()
        opener._confirm(window, size, packet.get_remaining_payload())  # noqa: SLF001 (likewise)

    def process_open_failure(self, code: int, reason: str, language: str) -> None:
        """Tell the other side that it gets no channel, in the same words."""
        self._demand(self.remote is None and self.other.remote is not None)
        self._forget()
        self.other._refuse(code, reason, language)  # noqa: SLF001 (likewise)

    def _confirm(self, window: int, size: int, details: bytes) -> None:
        assert self.remote is not None  # noqa: S101 (the opener's number came with its wish)
        self._link.send_channel_open_confirmation(self.remote, self.local, window, size, details)

    def _refuse(self, code: int, reason: str, language: str) -> None:
        self._tap.refused(reason)
        if not self._gone and self.remote is not None:
            self._link.send_channel_open_failure(self.remote, code, reason, language)
            self._forget()

    # While it is open.

    def process_packet(self, pkttype: int, pktid: int, packet: SSHPacket) -> bool:  # noqa: ARG002
        """Show a packet to the tap, and say it to the other side."""
        if pkttype not in _RELAYED:
            return False
        self._demand(self.other.remote is not None and not self._received_close)
        if self._tap.broken:
            return True
        said = packet.get_remaining_payload()
        if pkttype == MSG_CHANNEL_DATA and not self._of_candidate:
            # Who waits for an echo need not wait for its recording. What the candidate does, on
            # the other hand, reaches the target only when it has been appended.
            self.other.send(pkttype, said)
            self._tap.packet(pkttype, packet, from_candidate=False)
            return True
        self._tap.packet(pkttype, packet, from_candidate=self._of_candidate)
        if pkttype == MSG_CHANNEL_CLOSE:
            self._received_close = True
        self.other.send(pkttype, said)
        self._settle()
        return True

    def send(self, pkttype: int, said: bytes = b"") -> None:
        """Say something to this side, unless its connection or the channel is closed."""
        if self._gone or self._sent_close or self.remote is None:
            return
        self._sent_close = pkttype == MSG_CHANNEL_CLOSE
        self._link.send_packet(pkttype, UInt32(self.remote), said, handler=self)
        self._settle()

    def close(self) -> None:
        """Close the channel, as the connection is about to be."""
        self.send(MSG_CHANNEL_CLOSE)

    def process_connection_close(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Close the other side: this one has lost its connection."""
        self._forget()
        other = self.other
        if self.remote is None:
            other._refuse(OPEN_CONNECT_FAILED, _LOST, "")  # noqa: SLF001 (the other half)
        else:
            other.send(MSG_CHANNEL_CLOSE)
        if other._gone or not self._of_candidate:  # noqa: SLF001 (likewise)
            self._tap.ended()

    def _settle(self) -> None:
        if self._received_close and not self._of_candidate:
            self._tap.ended()
        if self._received_close and self._sent_close and not self._gone:
            self._forget()

    def _forget(self) -> None:
        if not self._gone:
            self._gone = True
            self._link.remove_channel(self.local)

    @staticmethod
    def _demand(in_order: bool) -> None:
        if not in_order:
            raise asyncssh.ProtocolError("Channel not open")


def relay_channel(
    opening: Opening, opener: Link, accepter: Link, tap: Tap, *, from_candidate: bool
) -> None:
    """Ask ``accepter`` for the channel that somebody wants on ``opener``, and relay it."""
    try:
        far = End(accepter, tap, of_candidate=not from_candidate)
    except asyncssh.ChannelOpenError as error:
        tap.refused(error.reason)
        opener.send_channel_open_failure(opening.number, error.code, error.reason, error.lang)
        return
    near = End(opener, tap, of_candidate=from_candidate)
    near.other, far.other = far, near
    near.remote = opening.number
    far.request(opening)
