"""What a link makes of wishes for channels and of requests, whatever is in them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from types import SimpleNamespace
from typing import Any

import asyncssh
import pytest
from asyncssh.constants import (
    MSG_CHANNEL_OPEN,
    MSG_CHANNEL_OPEN_FAILURE,
    MSG_GLOBAL_REQUEST,
    MSG_REQUEST_FAILURE,
    MSG_REQUEST_SUCCESS,
    OPEN_ADMINISTRATIVELY_PROHIBITED,
    OPEN_CONNECT_FAILED,
)
from asyncssh.packet import Boolean, PacketDecodeError, SSHPacket, String, UInt32
from hypothesis import given
from hypothesis import strategies as st

from recorder.hop.adoption import adopt
from recorder.hop.link import (
    READ_LEAST,
    READ_MOST,
    REQUEST_LIMIT,
    TURN_PACKETS,
    UNREAD_LIMIT,
    Link,
)
from recorder.hop.relay import Opening

numbers = st.integers(0, 2**32 - 1)


class Alone(Link):
    """A link with nobody behind it, which remembers what was wanted and what it said."""

    error: Exception | None = None
    coming = 0

    def _recv_data(self) -> None:
        """Take what came for ``coming`` packets."""
        self._recv_seq += self.coming

    def peers(self) -> Collection[Link]:
        return ()

    def channel_wanted(self, opening: Opening) -> None:
        self.wanted.append(opening)
        if self.error is not None:
            raise self.error

    def peer_for(self, request: bytes) -> Link | None:
        self.requests.append(request)
        return None

    def send_packet(self, pkttype: int, *args: bytes, handler: Any = None) -> None:  # noqa: ARG002
        self.sent.append((pkttype, b"".join(args)))


def alone(error: Exception | None = None) -> Alone:
    # Nothing is sent, so that all that is needed is what a connection keeps of requests.
    link = adopt(object.__new__(asyncssh.SSHServerConnection), Alone)
    link.error = error
    link.wanted, link.requests, link.sent = [], [], []
    link._global_request_queue = []
    link._holders, link._inpbuf, link._transport = set(), b"", None
    return link


def hear(link: Alone, kind: int, said: bytes) -> bool:
    """Let a packet come in; return whether it could be read."""
    try:
        link.process_packet(kind, 0, SSHPacket(said))
    except (PacketDecodeError, asyncssh.ProtocolError):
        return False
    return True


@given(st.binary(max_size=30), numbers, numbers, numbers, st.binary(max_size=30))
def test_wish_for_a_channel_is_read_whole(
    kind: bytes, number: int, window: int, size: int, details: bytes
) -> None:
    link = alone()
    said = String(kind) + UInt32(number) + UInt32(window) + UInt32(size) + details
    assert hear(link, MSG_CHANNEL_OPEN, said) == (size > 0)
    wanted = Opening(kind=kind, number=number, window=window, packet_size=size, details=details)
    assert link.wanted == ([wanted] if size else [])
    assert link.sent == []


@given(
    st.sampled_from([
        (asyncssh.ChannelOpenError(OPEN_ADMINISTRATIVELY_PROHIBITED, "no"),
         OPEN_ADMINISTRATIVELY_PROHIBITED),
        (asyncssh.ConnectionLost("gone"), OPEN_CONNECT_FAILED),
        (OSError("broken"), OPEN_CONNECT_FAILED),
    ]),
    numbers,
)  # fmt: skip
def test_wish_that_cannot_be_granted_is_refused(found: tuple[Exception, int], number: int) -> None:
    error, code = found
    link = alone(error)
    said = String(b"session") + UInt32(number) + UInt32(1) + UInt32(1)
    assert hear(link, MSG_CHANNEL_OPEN, said)
    ((kind, answer),) = link.sent
    assert kind == MSG_CHANNEL_OPEN_FAILURE
    assert answer.startswith(UInt32(number) + UInt32(code))


@given(st.binary(max_size=30), st.booleans(), st.binary(max_size=30))
def test_request_that_nobody_answers_is_refused_where_an_answer_is_wanted(
    name: bytes, answer: bool, details: bytes
) -> None:
    link = alone()
    assert hear(link, MSG_GLOBAL_REQUEST, String(name) + Boolean(answer) + details)
    assert link.requests == [name]
    assert link.sent == ([(MSG_REQUEST_FAILURE, b"")] if answer else [])


@given(st.sampled_from([MSG_CHANNEL_OPEN, MSG_GLOBAL_REQUEST]), st.binary(max_size=60))
def test_noise_is_read_or_refused_by_the_declared_errors(kind: int, noise: bytes) -> None:
    link = alone()
    if not hear(link, kind, noise):
        assert (link.wanted, link.requests, link.sent) == ([], [], [])


def test_a_burst_of_requests_is_answered_however_many_wait_behind_one() -> None:
    link = alone()
    afar = _Afar()
    link.peer_for = lambda request: afar if request == b"far" else None
    assert hear(link, MSG_GLOBAL_REQUEST, String(b"far") + Boolean(True))
    for _ in range(5000):
        assert hear(link, MSG_GLOBAL_REQUEST, String(b"near") + Boolean(False))
    assert hear(link, MSG_GLOBAL_REQUEST, String(b"near") + Boolean(True))
    assert link.sent == []
    afar.take(b"")
    assert [kind for kind, _ in link.sent] == [MSG_REQUEST_SUCCESS, MSG_REQUEST_FAILURE]
    assert link._global_request_queue == []


class _Afar:
    """A peer that answers when the test says so."""

    def _ask(self, _name: bytes, _details: bytes, take: Callable[[bytes | None], None]) -> None:
        self.take = take


def test_who_asks_without_waiting_for_answers_is_held_up_until_they_come() -> None:
    link, wire, answers = alone(), _Wire(), []
    link._transport, link._kex_complete = wire, True
    link.peer_for = lambda _request: _Queue(answers)
    for _ in range(REQUEST_LIMIT + 1):
        assert hear(link, MSG_GLOBAL_REQUEST, String(b"keepalive@openssh.com") + Boolean(True))
    link._mind_backlog()
    assert not wire.reads
    answers.pop(0)(b"")
    assert wire.reads


class _Queue:
    """A peer that keeps who waits for it."""

    def __init__(self, waiting: list[Callable[[bytes | None], None]]) -> None:
        self._waiting = waiting

    def _ask(self, _name: bytes, _details: bytes, take: Callable[[bytes | None], None]) -> None:
        self._waiting.append(take)


@pytest.mark.parametrize("kex_complete", [True, False])
def test_who_sends_on_while_an_answer_is_awaited_is_held_up(kex_complete: bool) -> None:
    # Also who has begun a key exchange just before: a stranger may.
    link, wire = alone(), _Wire()
    link._transport, link._kex_complete = wire, kex_complete
    link._inpbuf = bytes(UNREAD_LIMIT + 1)
    link._mind_backlog()
    assert not wire.reads
    link._inpbuf = b""
    link._mind_backlog()
    assert wire.reads


def test_what_was_read_of_one_who_is_held_up_waits_until_they_are_released() -> None:
    link, other, soon = alone(), alone(), []
    link._transport, link._kex_complete = _Wire(), True
    link._loop = SimpleNamespace(call_soon=soon.append)
    link._inpbuf = b"a packet"
    link.hold(other)
    assert not link._recv_pkthdr()
    assert (link._inpbuf, soon) == (b"a packet", [])
    link.release(other)
    assert soon == [link._take_up]


class _Wire:
    """A transport as far as a link asks for less or more of it at once."""

    max_size = READ_MOST
    reads = True

    def pause_reading(self) -> None:
        self.reads = False

    def resume_reading(self) -> None:
        self.reads = True


def _told(link: Alone, wire: _Wire, reads: int, packets: int) -> int:
    """Let a link read so often what so many packets fill, and return what it reads then."""
    link._transport = wire
    for _ in range(reads):
        link.coming = packets
        link.data_received(bytes(wire.max_size))
    return wire.max_size


def test_who_sends_many_small_packets_is_read_in_small_pieces_and_a_file_in_large_ones() -> None:
    link, wire = alone(), _Wire()
    link._read_size, link._recv_seq = READ_MOST, 0
    assert _told(link, wire, 20, 2 * TURN_PACKETS) == READ_LEAST
    assert _told(link, wire, 3, 1) == 8 * READ_LEAST
    assert _told(link, wire, 20, TURN_PACKETS) == 8 * READ_LEAST
    assert _told(link, wire, 20, 1) == READ_MOST
