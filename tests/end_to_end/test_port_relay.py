"""`serve --relay`: the target's ports at the session's address, for the candidate's browser."""

from __future__ import annotations

import contextlib
import re
import socket
import urllib.request

import pytest

from tests.end_to_end.conftest import StartHop
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.network import LOOPBACK, free_port
from tests.end_to_end.support.peers import GREETING, dial, peer, talk
from tests.end_to_end.support.recordings import await_event
from tests.end_to_end.support.sshd import StockSshd
from tests.end_to_end.support.waiting import wait_for

WORDS = b"get page\n" * 100_000


def relayed_port(hop: Hop) -> int:
    """Return the port that it said it passes on."""
    found = wait_for(
        lambda: re.search(r"^relaying \S+:(\d+) to port", hop.out.read_text(), re.MULTILINE),
        "line `relaying`", detail=hop.out.read_text,
    )  # fmt: skip
    return int(found[1])


def test_port_is_passed_on_and_its_sizes_are_recorded(
    start_hop: StartHop, stock_sshd: StockSshd
) -> None:
    with peer() as service:
        hop = start_hop(stock_sshd.address, "--relay", f"0:{service.port}")
        with dial(relayed_port(hop)) as connection:
            assert talk(connection, WORDS) == GREETING + WORDS.upper()
        opened = await_event(hop.session, "port-relay-opened")
        assert opened["port"] == service.port
        assert opened["peer"].startswith(f"{LOOPBACK}:")
        closed = await_event(hop.session, "port-relay-closed", relay=opened["relay"])
    sizes = {flow["stream"]: flow["size"] for flow in closed["flows"]}
    assert sizes == {"in": len(WORDS), "out": len(GREETING + WORDS)}
    assert "refused" not in closed


def test_pages_of_several_ports_are_fetched(start_hop: StartHop, stock_sshd: StockSshd) -> None:
    with peer() as first, peer() as second:
        hop = start_hop(stock_sshd.address, "--relay", f"0:{first.port},0:{second.port}")
        relayed_port(hop)
        ports = [int(port) for port in re.findall(r"relaying \S+:(\d+) ", hop.out.read_text())]
        assert len(ports) == 2
        for port in ports:
            # A greeting in place of HTTP is an error to every browser, but it has arrived.
            with pytest.raises(Exception, match="220 speaks first"):
                urllib.request.urlopen(f"http://{LOOPBACK}:{port}/", timeout=60)


def test_port_that_nobody_serves_on_the_target_closes_and_says_so_in_the_recording(
    start_hop: StartHop, stock_sshd: StockSshd
) -> None:
    hop = start_hop(stock_sshd.address, "--relay", f"0:{free_port()}")
    with dial(relayed_port(hop)) as connection, contextlib.suppress(ConnectionResetError):
        assert connection.recv(10) == b""
    assert "refused" in await_event(hop.session, "port-relay-closed")["refused"].lower()


def test_open_connections_end_with_serve(start_hop: StartHop, stock_sshd: StockSshd) -> None:
    with peer() as service:
        hop = start_hop(stock_sshd.address, "--relay", f"0:{service.port}")
        session = hop.session
        with dial(relayed_port(hop)) as connection:
            assert connection.recv(len(GREETING), socket.MSG_WAITALL) == GREETING
            hop.stop()
            assert connection.recv(1) == b""
        assert await_event(session, "port-relay-closed")["flows"][0]["size"] == len(GREETING)


@pytest.mark.parametrize("words", ["80,x", "0", "70000", "80:0", "", "80,80"])
def test_what_is_no_list_of_ports_is_a_wrong_usage(
    start_hop: StartHop, words: str, stock_sshd: StockSshd
) -> None:
    with pytest.raises(AssertionError, match=r"serve ended: .*(ports|port 80 is named twice)"):
        start_hop(stock_sshd.address, "--relay", words)


def test_port_that_is_taken_is_told(start_hop: StartHop, stock_sshd: StockSshd) -> None:
    with peer() as service, pytest.raises(AssertionError, match=r"cannot listen on .*--relay"):
        start_hop(stock_sshd.address, "--relay", f"{service.port}:80")
