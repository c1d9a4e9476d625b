"""The list of ports that are passed on, how many at once, and until when."""

from __future__ import annotations

import resource
import socket
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import ListenError, UsageError
from recorder.hop.port_relay import (
    CONNECTION_LIMIT,
    PortRelay,
    RelayedPort,
    connection_limit,
    parse_relay,
)
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


@pytest.mark.parametrize(
    ("files", "expected"),
    [(1024, 256), (1 << 20, CONNECTION_LIMIT), (resource.RLIM_INFINITY, CONNECTION_LIMIT), (2, 1)],
)
def test_half_of_the_files_are_left_for_the_candidates(
    monkeypatch: pytest.MonkeyPatch, files: int, expected: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (files, files))
    assert connection_limit() == expected


async def test_who_is_accepted_as_it_closes_is_not_passed_on_unrecorded(context) -> None:
    relay = PortRelay("127.0.0.1", [RelayedPort(0, 80)], TcpTarget("127.0.0.1", 22))
    await relay.start(context.writer, lambda _local, _peer: True)
    await relay.close()
    # The loop hands a connection over a turn or two after it was accepted.
    late = Mock()
    late.get_extra_info.return_value = ("127.0.0.1", 50_522)
    relay._accepter(80, context.writer, lambda _local, _peer: True)(Mock(), late)
    late.transport.abort.assert_called_once_with()
    assert relay._tasks == set()
