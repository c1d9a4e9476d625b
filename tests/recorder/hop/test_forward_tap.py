"""What is read out of the packets around forwarding."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from asyncssh.constants import (
    MSG_CHANNEL_DATA,
    MSG_CHANNEL_EXTENDED_DATA,
    MSG_CHANNEL_WINDOW_ADJUST,
)
from asyncssh.packet import PacketDecodeError, SSHPacket, String, UInt32
from hypothesis import given
from hypothesis import strategies as st

from recorder.hop.forward_tap import (
    ForwardTap,
    RemoteAddress,
    describe,
    forwards_of,
    listening_address,
)
from recorder.hop.relay import Opening
from recorder.recording.journal import ForwardClosed, ForwardOpened

KINDS = [
    b"direct-tcpip", b"forwarded-tcpip", b"direct-streamlocal@openssh.com", b"x11", b"tun@x",
    b"forwarded-streamlocal@openssh.com", b"auth-agent@openssh.com", b"\xff",
]  # fmt: skip
REQUESTS = [
    b"tcpip-forward", b"cancel-tcpip-forward", b"streamlocal-forward@openssh.com",
    b"cancel-streamlocal-forward@openssh.com", b"keepalive@openssh.com", b"\xff",
]  # fmt: skip


def opening(kind: bytes, details: bytes) -> Opening:
    return Opening(kind=kind, number=0, window=1, packet_size=1, details=details)


@given(st.sampled_from(KINDS), st.binary(max_size=60))
def test_any_opening_is_described(kind: bytes, details: bytes) -> None:
    describe(opening(kind, details))
    listening_address(opening(kind, details))


@given(st.sampled_from(REQUESTS), st.binary(max_size=60), st.none() | st.binary(max_size=8))
def test_any_request_is_understood_or_passed_over(
    request_name: bytes, details: bytes, answer: bytes | None
) -> None:
    forwards_of(request_name, details, answer)


@given(st.binary(max_size=30), st.integers(0, 2**32 - 1))
def test_the_address_of_a_forward_is_found_again_in_its_connections(host: bytes, port: int) -> None:
    address = RemoteAddress(host, port)
    asked = forwards_of(b"tcpip-forward", address.encoded, b"")
    assert asked == (address, "listening")
    details = address.encoded + String(b"peer") + UInt32(4)
    assert listening_address(opening(b"forwarded-tcpip", details)) == address


@given(st.binary(max_size=60))
def test_the_path_of_a_forward_is_found_again_in_its_connections(path: bytes) -> None:
    address = RemoteAddress(path, None)
    asked = forwards_of(b"streamlocal-forward@openssh.com", address.encoded, b"")
    assert asked == (address, "listening")
    details = address.encoded + String(b"")
    assert listening_address(opening(b"forwarded-streamlocal@openssh.com", details)) == address
    assert describe(opening(b"direct-streamlocal@openssh.com", details))[1] == address.shown


def test_a_port_that_the_target_chose_is_the_one_that_it_names() -> None:
    asked = RemoteAddress(b"localhost", 0)
    found = forwards_of(b"tcpip-forward", asked.encoded, UInt32(40123))
    assert found == (RemoteAddress(b"localhost", 40123), "listening")
    assert found[0].shown == "localhost:40123"


def test_refusals_and_cancellations_are_told_apart() -> None:
    path = RemoteAddress(b"/run/s", None)
    listen = b"streamlocal-forward@openssh.com"
    assert forwards_of(listen, path.encoded, None) == (path, "refused")
    assert forwards_of(path.cancel_request, path.encoded, b"") == (path, "cancelled")
    assert forwards_of(path.cancel_request, path.encoded, None) is None


def test_a_forward_is_counted_and_its_content_kept_nowhere(context) -> None:
    details = String("db.internal") + UInt32(5432) + String("127.0.0.1") + UInt32(50000)
    tap = ForwardTap(context.writer, 1, context.next_channel, opening(b"direct-tcpip", details))
    tap.opened()
    for data, candidate in ((b"secret word", True), (b"answer", False), (b"more", True)):
        tap.packet(MSG_CHANNEL_DATA, SSHPacket(String(data)), from_candidate=candidate)
    tap.packet(MSG_CHANNEL_WINDOW_ADJUST, SSHPacket(UInt32(7)), from_candidate=True)
    tap.ended()
    tap.ended()
    opened = next(each for each in context.entries if isinstance(each, ForwardOpened))
    assert (opened.kind, opened.address, opened.origin) == (
        "local", "db.internal:5432", "127.0.0.1:50000",
    )  # fmt: skip
    (closed,) = [each for each in context.entries if isinstance(each, ForwardClosed)]
    assert {flow.stream: flow.size for flow in closed.flows} == {"in": 15, "out": 6}
    digest = hmac.new(bytes(32), b"secret wordmore", hashlib.sha256).hexdigest()
    assert closed.flows[0].digest == digest
    context.writer.flush()
    kept = b"".join(path.read_bytes() for path in context.writer.directory.iterdir())
    assert b"secret word" not in kept


@given(st.sampled_from([MSG_CHANNEL_DATA, MSG_CHANNEL_EXTENDED_DATA]), st.binary(max_size=20))
def test_a_malformed_packet_is_the_only_error(kind: int, data: bytes) -> None:
    packet = SSHPacket(data)
    try:
        if kind == MSG_CHANNEL_EXTENDED_DATA:
            packet.get_uint32()
        assert len(packet.get_string()) <= len(data)
        packet.check_end()
    except PacketDecodeError:
        with pytest.raises(PacketDecodeError):
            _tap_without_recording().packet(kind, SSHPacket(data), from_candidate=True)


def _tap_without_recording() -> ForwardTap:
    # Nothing is counted or written before the packet is read.
    return ForwardTap.__new__(ForwardTap)
