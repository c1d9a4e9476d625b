"""What both connections of a hop have in common, the candidate's and the one to the target.

A link hands channels and requests on to the other one instead of serving them. It holds the other
one up while its own side does not keep up, so that nothing piles up in memory; and as it closes
it still delivers what is on its way. asyncssh makes the connections and has no hooks for this, so
one of its own is made a link after it was made. Who is logged in does not matter here.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection
from functools import partial
from typing import Any, ClassVar, Literal

import asyncssh
from asyncssh.connection import SSHConnection
from asyncssh.constants import (
    MSG_CHANNEL_OPEN,
    MSG_GLOBAL_REQUEST,
    MSG_IGNORE,
    MSG_NEWKEYS,
    MSG_REQUEST_SUCCESS,
    OPEN_CONNECT_FAILED,
)
from asyncssh.packet import SSHPacket, String

from recorder.hop.inflating import BoundedInflate
from recorder.hop.relay import Opening

BUFFER_LIMIT = 128 * 1024
"""Bytes that may wait for a peer before the other one is held up; as OpenSSH's server does."""

TURN_PACKETS = 4
"""Packets, about, that a peer may have relayed before it is the others' turn."""

READ_LEAST, READ_MOST = 1024, 256 * 1024
"""Bytes that are read from a peer at once; the most is what asyncio reads."""

DEFERRED_LIMIT = 256
"""Packets that may wait for the end of a key exchange before the other peer is held up."""

UNREAD_LIMIT = 1 << 20
"""Bytes that a peer may send ahead of an answer that is awaited; more than any packet has."""

REQUEST_LIMIT = 64
"""Requests of a peer's that may await the other one's answer before it is held up itself."""

CLOSE_SECONDS = 5.0
"""How long what is on its way may still take when a connection is closed."""

_EMPTY = (String(b""),)

Reason = Literal["buffer", "key exchange"]


class _Waiter:
    """Takes an answer as it comes in; asyncssh takes it for a future.

    A future's own callbacks run after the next packets, such as the first connection to the port
    that the answer is about.
    """

    def __init__(self, take: Callable[[bytes | None], None]) -> None:
        self._take = take

    def cancelled(self) -> bool:
        return False

    def set_result(self, result: tuple[int, SSHPacket]) -> None:
        kind, packet = result
        self._take(packet.get_remaining_payload() if kind == MSG_REQUEST_SUCCESS else None)


class Link(SSHConnection):
    """A connection whose channels end on another connection."""

    _servicing = False
    _more_requests = False
    _stuffed = False

    def begin_relaying(self) -> None:
        """Set up what asyncssh's own constructor does not know of."""
        self._clogs: set[Reason] = set()
        self._holders: set[Link] = set()
        self._read_size = READ_MOST
        self.limit_buffer(BUFFER_LIMIT)

    # What the two kinds of links decide.

    @abstractmethod
    def peers(self) -> Collection[Link]:
        """Return the links that send to this one."""

    @abstractmethod
    def channel_wanted(self, opening: Opening) -> None:
        """Relay a channel that this side wants.

        Raises:
            asyncssh.ChannelOpenError: It gets none.

        """

    @abstractmethod
    def peer_for(self, request: bytes) -> Link | None:
        """Return who answers a request of this side's, None where the hop itself has."""

    def answered(self, request: bytes, details: bytes, answer: bytes | None) -> None:
        """Look at the answer to a request of this side's; None is a refusal, empty also no wish."""

    # Channels and requests.

    def take_packets_of(self, size: int) -> None:
        """Be ready for packets with so many bytes of data."""
        self._update_recv_pktlen(size)

    def _process_channel_open(self, _pkttype: int, _pktid: int, packet: SSHPacket) -> None:
        kind = packet.get_string()
        number, window, size = packet.get_uint32(), packet.get_uint32(), packet.get_uint32()
        if size == 0:
            raise asyncssh.ProtocolError("Invalid maximum packet size")
        opening = Opening(
            kind=kind,
            number=number,
            window=window,
            packet_size=size,
            details=packet.get_remaining_payload(),
        )
        try:
            self.channel_wanted(opening)
        except asyncssh.ChannelOpenError as error:
            self.send_channel_open_failure(number, error.code, error.reason, error.lang)
        except (asyncssh.Error, OSError) as error:
            self.send_channel_open_failure(number, OPEN_CONNECT_FAILED, str(error), "")

    def _process_global_request(self, _pkttype: int, _pktid: int, packet: SSHPacket) -> None:
        name = packet.get_string()
        wants_answer = packet.get_boolean()
        ask: Any = partial(self._relay_request, name, wants_answer)
        # asyncssh's queue keeps the answers in the order of the requests.
        self._global_request_queue.append((ask, packet, wants_answer))
        if len(self._global_request_queue) == 1:
            self._service_next_global_request()

    def _relay_request(self, name: bytes, wants_answer: bool, packet: SSHPacket) -> None:
        details = packet.get_remaining_payload()
        peer = self.peer_for(name)
        if peer is None:
            self._report_global_response(False)
        elif wants_answer:
            peer._ask(name, details, partial(self._take_answer, name, details))  # noqa: SLF001 (the other link)
        else:
            peer._send_global_request(name, details)  # noqa: SLF001 (likewise)
            self.answered(name, details, b"")
            self._report_global_response(False)

    def _ask(self, name: bytes, details: bytes, take: Callable[[bytes | None], None]) -> None:
        if self._transport is None:
            take(None)
            return
        waiter: Any = _Waiter(take)
        self._global_request_waiters.append(waiter)
        self._send_global_request(name, details, want_reply=True)

    def _take_answer(self, name: bytes, details: bytes, answer: bytes | None) -> None:
        self.answered(name, details, answer)
        self._report_global_response(False if answer is None else answer or True)

    def _service_next_global_request(self) -> None:
        # asyncssh calls itself for the next request, and again: a burst of them would be too deep.
        self._more_requests = True
        if self._servicing:
            return
        self._servicing = True
        try:
            while self._more_requests:
                self._more_requests = False
                super()._service_next_global_request()
        finally:
            self._servicing = False

    def _report_global_response(self, result: bool | bytes) -> None:
        super()._report_global_response(result)
        self._mind_backlog()

    def _process_newkeys(self, kind: int, number: int, packet: SSHPacket) -> None:
        super()._process_newkeys(kind, number, packet)
        if self._decompressor is not None:
            inflate: Any = BoundedInflate()
            self._decompressor = inflate

    own_packet_handlers: ClassVar = {
        MSG_CHANNEL_OPEN: _process_channel_open,
        MSG_GLOBAL_REQUEST: _process_global_request,
        MSG_NEWKEYS: _process_newkeys,
    }

    # Not more than its turn, and not more than the other side takes.

    @property
    def _is_held(self) -> bool:
        # A key exchange must go on: the end of one on either link may be what the other waits for.
        return bool(self._holders) and self._kex_complete

    def _recv_pkthdr(self) -> bool:
        """Take up the next packet, unless this side is held up: what was read with it waits.

        Reading no more is not enough: what was read at once may unpack to a thousand times of it.
        """
        return not self._is_held and super()._recv_pkthdr()

    def _take_up(self) -> None:
        if self._transport is not None:
            self._recv_data()

    def data_received(self, data: bytes, datatype: int | None = None) -> None:
        """Read less at once of a peer that sends many small packets.

        What is read at once is relayed at once. A terminal that floods sends hundreds of packets in
        what asyncio would read, and whoever types in the same session would wait for all of them.
        """
        before = self._recv_seq
        super().data_received(data, datatype)
        packets = self._recv_seq - before
        if packets > TURN_PACKETS:
            self._read_size = max(READ_LEAST, self._read_size // 2)
        elif len(data) == self._read_size < READ_MOST and packets <= TURN_PACKETS // 2:
            self._read_size *= 2
        else:
            return
        if self._transport is not None:
            # asyncio's socket transport looks at this before each read; others let it be.
            self._transport.max_size = self._read_size  # type: ignore[attr-defined]

    def _recv_data(self) -> None:
        super()._recv_data()
        self._mind_backlog()

    def _mind_backlog(self) -> None:
        """Read no more of a peer than can be answered: it may be nobody yet, and send for ever."""
        stuffed = len(self._inpbuf) > UNREAD_LIMIT
        if stuffed != self._stuffed:
            self._stuffed = stuffed
            self._decide_reading()
        asks = len(self._global_request_queue) > REQUEST_LIMIT
        if asks and self not in self._holders:
            self.hold(self)
        elif not asks and self in self._holders:
            self.release(self)

    def limit_buffer(self, size: int) -> None:
        """Hold the peers up once so many bytes wait for this side."""
        if self._transport is not None:
            self._transport.set_write_buffer_limits(high=size)

    def pause_writing(self) -> None:
        """Hold the peers up: this side does not keep up."""
        self._clog("buffer")

    def resume_writing(self) -> None:
        """Let the peers go on."""
        self._unclog("buffer")

    def _clog(self, reason: Reason) -> None:
        if reason not in self._clogs:
            self._clogs.add(reason)
            for peer in self.peers():
                peer.hold(self)

    def _unclog(self, reason: Reason) -> None:
        self._clogs.discard(reason)
        if not self._clogs:
            for peer in self.peers():
                peer.release(self)

    def hold(self, holder: Link) -> None:
        """Read nothing from this side until ``holder`` releases it."""
        self._holders.add(holder)
        self._decide_reading()

    def release(self, holder: Link) -> None:
        """Read again, unless somebody else still holds this side."""
        self._holders.discard(holder)
        self._decide_reading()

    def _decide_reading(self) -> None:
        if self._transport is None:
            return
        # Of one who stuffs us nothing would be looked at, a stranger's key exchange neither.
        if self._stuffed or self._is_held:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()
            if self._inpbuf:
                # Before what is read from now on, and not among what is just being taken up.
                self._loop.call_soon(self._take_up)

    def send_packet(self, pkttype: int, *args: bytes, handler: Any = None) -> None:
        """Send a packet, and hold the peers up where too many wait for a key exchange."""
        # asyncssh sends an empty packet before each, against an attack on CBC modes, which it
        # offers to nobody who does not ask for them (CVE-2008-5161); it doubles the work.
        if pkttype == MSG_IGNORE and args == _EMPTY:
            return
        super().send_packet(pkttype, *args, handler=handler)
        if len(self._deferred_packets) > DEFERRED_LIMIT:
            self._clog("key exchange")

    def _send_kexinit(self) -> None:
        super()._send_kexinit()
        self._decide_reading()

    def _send_deferred_packets(self) -> None:
        super()._send_deferred_packets()
        if not self._deferred_packets:
            self._unclog("key exchange")
        self._decide_reading()

    # The end.

    def end_like(self, exc: Exception | None) -> None:
        """End as the other link did: with the words of its peer, or with none."""
        if isinstance(exc, asyncssh.DisconnectError) and not isinstance(
            exc, asyncssh.ConnectionLost
        ):
            self._send_disconnect(exc.code, exc.reason, exc.lang)
        self._force_close(None)

    def abort(self) -> None:
        """Cut the connection off; nothing more is delivered."""
        if self._transport is not None:
            self._transport.abort()
        super().abort()

    def _force_close(self, exc: Exception | None) -> None:
        transport = self._transport
        if transport is None:
            return
        # asyncssh would throw away what waits to be sent, such as the last output before a reboot.
        transport.close()
        self._loop.call_later(CLOSE_SECONDS, transport.abort)
        self._transport = None
        self._loop.call_soon(self._cleanup, exc)
        self._clogs.clear()
        for peer in self.peers():
            peer.release(self)
