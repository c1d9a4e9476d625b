"""Who holds the other end of a loopback connection."""

from __future__ import annotations

import ipaddress
import os
import socket
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.hop.peer import loopback_peer_uid, normal_address, parse_socket_table

NOBODY = 54321


def as_field(address: str, port: int) -> str:
    packed = ipaddress.ip_address(address).packed
    words = [packed[i : i + 4] for i in range(0, len(packed), 4)]
    if sys.byteorder == "little":
        words = [word[::-1] for word in words]
    return b"".join(words).hex().upper() + f":{port:04X}"


def as_line(local: tuple[str, int], peer: tuple[str, int], uid: int, state: str = "01") -> str:
    return f"   0: {as_field(*local)} {as_field(*peer)} {state} 0:0 00:0 0 {uid} 0 4242 1 0"


@pytest.mark.parametrize(
    ("family", "listen", "call"),
    [
        (socket.AF_INET, "127.0.0.1", "127.0.0.1"),
        (socket.AF_INET6, "::1", "::1"),
        (socket.AF_INET6, "::", "127.0.0.1"),  # arrives v4-mapped
    ],
)
def test_the_uid_of_a_real_connection_is_told(
    family: socket.AddressFamily, listen: str, call: str
) -> None:
    with (
        socket.create_server((listen, 0), family=family, dualstack_ipv6=listen == "::") as server,
        socket.create_connection((call, server.getsockname()[1])),
    ):
        accepted, _ = server.accept()
        with accepted:
            ends = accepted.getsockname()[:2], accepted.getpeername()[:2]
            assert loopback_peer_uid(*ends) == os.getuid()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can call as another user")
def test_another_users_connection_is_told_apart() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        caller = subprocess.Popen(
            ["bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{port}; read -r _ <&3"], user=NOBODY
        )
        accepted, _ = server.accept()
        with accepted:
            assert loopback_peer_uid(accepted.getsockname(), accepted.getpeername()) == NOBODY
        caller.wait(timeout=60)


def test_a_closed_or_foreign_connection_has_no_owner() -> None:
    assert loopback_peer_uid(("127.0.0.1", 1), ("127.0.0.1", 2)) is None
    assert loopback_peer_uid(("192.0.2.1", 22), ("192.0.2.2", 50000)) is None
    assert loopback_peer_uid(("nonsense", 22), ("127.0.0.1", 50000)) is None


def test_a_socket_that_nobody_holds_is_not_taken_for_roots() -> None:
    line = as_line(("127.0.0.1", 5), ("127.0.0.1", 6), 0, state="06")
    assert list(parse_socket_table(line)) == []


addresses = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).map(str)
ports = st.integers(0, 65535)


@given(
    local=st.tuples(addresses, ports), peer=st.tuples(addresses, ports), uid=st.integers(0, 2**32)
)
def test_every_line_of_the_kernels_form_is_read(
    local: tuple[str, int], peer: tuple[str, int], uid: int
) -> None:
    (entry,) = parse_socket_table("  sl  local_address rem_address\n" + as_line(local, peer, uid))
    assert (entry.local, entry.peer) == (
        (normal_address(local[0]), local[1]),
        (normal_address(peer[0]), peer[1]),
    )
    assert entry.uid == uid


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    list(parse_socket_table(text))
