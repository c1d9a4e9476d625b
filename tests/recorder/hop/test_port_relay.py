"""The list of ports that are passed on."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import ListenError, UsageError
from recorder.hop.port_relay import PortRelay, RelayedPort, parse_relay
from recorder.hop.target import TcpTarget

ports = st.integers(1, 65535)


def test_ports_and_pairs_of_ports_are_read() -> None:
    assert parse_relay("80, 443,8080:80,0:2368") == (
        RelayedPort(80, 80), RelayedPort(443, 443), RelayedPort(8080, 80), RelayedPort(0, 2368),
    )  # fmt: skip


@given(st.lists(st.tuples(ports, ports), min_size=1, max_size=5, unique_by=lambda each: each[0]))
def test_what_is_written_is_read(pairs: list[tuple[int, int]]) -> None:
    text = ",".join(f"{listen}:{target}" for listen, target in pairs)
    assert parse_relay(text) == tuple(RelayedPort(*pair) for pair in pairs)


@given(st.text(max_size=20))
def test_only_the_declared_error_escapes(text: str) -> None:
    try:
        found = parse_relay(text)
    except UsageError:
        return
    assert all(0 <= each.listen <= 65535 and 1 <= each.target <= 65535 for each in found)


def test_no_port_stays_bound_where_one_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
        probe.close()
        wanted = [RelayedPort(free, 80), RelayedPort(taken.getsockname()[1], 443)]
        with pytest.raises(ListenError, match="--relay"):
            PortRelay("127.0.0.1", wanted, TcpTarget("127.0.0.1", 22))
        socket.create_server(("127.0.0.1", free)).close()
