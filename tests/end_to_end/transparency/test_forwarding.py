"""Ports and sockets forwarded through the hop, in every direction, as without it."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.network import LOOPBACK, free_port
from tests.end_to_end.support.peers import GREETING, Peer, dial, peer, talk
from tests.end_to_end.support.recordings import await_event, journal
from tests.end_to_end.support.routes import TARGET, Result, Route, Routes
from tests.end_to_end.support.sshd import StockSshd
from tests.end_to_end.support.waiting import wait_for

WORDS = b"blog\n" * 20_000
ANSWER = GREETING + WORDS.upper()


@pytest.fixture
def service() -> Iterator[Peer]:
    """A service on the target's loopback address, such as Ghost on 2368."""
    with peer() as found:
        yield found


def listening_uid(port: int) -> int | None:
    """Return who listens on a loopback port (proc_pid_net(5))."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(f":{port:04X}") and fields[3] == "0A":
            return int(fields[7])
    return None


def test_local_forward_reaches_a_service_of_the_target_from_the_target(
    routes: Routes, hop: Hop, service: Peer, account: Account
) -> None:
    def act(route: Route) -> bytes:
        port = free_port()
        with (
            route.started("-N", "-L", f"{port}:{LOOPBACK}:{service.port}", TARGET),
            dial(port) as connection,
        ):
            return talk(connection, WORDS)

    assert routes.same(act) == ANSWER
    # The target's sshd connected, as the user that is logged in there.
    assert service.uids == [account.uid, account.uid]
    opened = await_event(hop.session, "forward-opened")
    assert (opened["kind"], opened["address"]) == ("local", f"{LOOPBACK}:{service.port}")
    closed = await_event(hop.session, "forward-closed", channel=opened["channel"])
    sizes = {flow["stream"]: flow["size"] for flow in closed["flows"]}
    assert sizes == {"in": len(WORDS), "out": len(ANSWER)}


def test_refused_port_gives_the_same_error(routes: Routes, hop: Hop) -> None:
    routes.verbose()
    closed = free_port()
    status, _, errors = routes.same_ssh("-W", f"{LOOPBACK}:{closed}", TARGET)
    assert status == 255
    assert b"Connection refused" in errors
    assert "Connection refused" in await_event(hop.session, "forward-closed")["refused"]


@pytest.mark.shares_a_hop
def test_name_that_the_target_does_not_know_gives_the_same_error(routes: Routes) -> None:
    routes.verbose()
    _, _, errors = routes.same_ssh("-W", "no-such-name.invalid:80", TARGET)
    assert b"open failed" in errors


def test_forward_that_the_target_forbids_gives_the_same_error(
    routes: Routes, stock_sshd: StockSshd, service: Peer
) -> None:
    stock_sshd.configure(AllowTcpForwarding="no")
    stock_sshd.reload()
    routes.verbose()
    _, _, errors = routes.same_ssh("-W", f"{LOOPBACK}:{service.port}", TARGET)
    assert b"administratively prohibited" in errors

    def ask(route: Route) -> Result:
        options = ("-o", "ExitOnForwardFailure=yes", "-N", "-R", f"0:{LOOPBACK}:{service.port}")
        return route.run_ssh(*options, TARGET)

    status, _, errors = routes.same(ask)
    assert status == 255
    assert b"remote port forwarding failed" in errors
    assert service.uids == []


@pytest.mark.shares_a_hop
def test_standard_streams_reach_a_peer_that_speaks_first(routes: Routes, service: Peer) -> None:
    def act(route: Route) -> bytes:
        with route.started("-W", f"{LOOPBACK}:{service.port}", TARGET) as client:
            assert client.stdin is not None
            assert client.stdout is not None
            greeting = client.stdout.read(len(GREETING))
            client.stdin.write(WORDS)
            client.stdin.close()
            return greeting + client.stdout.read()

    assert routes.same(act) == ANSWER


@pytest.mark.shares_a_hop
def test_dynamic_forward_takes_names_and_addresses(routes: Routes, service: Peer) -> None:
    def act(route: Route) -> list[bytes]:
        port = free_port()
        answers = []
        with route.started("-N", "-D", str(port), TARGET):
            for host in ("localhost", LOOPBACK):
                with dial(port) as connection:
                    answers.append(socks(connection, host, service.port) + talk(connection, WORDS))
        return answers

    assert routes.same(act) == [b"\x05\x00" + ANSWER] * 2


def socks(connection: socket.socket, host: str, port: int) -> bytes:
    """Ask a SOCKS5 proxy for a connection (RFC 1928); return version and outcome."""
    connection.sendall(b"\x05\x01\x00")
    assert connection.recv(2) == b"\x05\x00"
    name = host.encode()
    connection.sendall(b"\x05\x01\x00\x03" + bytes([len(name)]) + name + struct.pack(">H", port))
    return connection.recv(10)[:2]


def test_remote_forward_listens_on_the_target_and_reaches_the_candidate(
    routes: Routes, hop: Hop, service: Peer, account: Account
) -> None:
    def act(route: Route) -> tuple[bytes, int | None]:
        port = free_port()
        with (
            route.started("-N", "-R", f"{port}:{LOOPBACK}:{service.port}", TARGET),
            dial(port) as connection,
        ):
            return talk(connection, WORDS), listening_uid(port)

    assert routes.same(act) == (ANSWER, account.uid)
    opened = await_event(hop.session, "forward-opened")
    assert opened["kind"] == "remote"
    listening = await_event(hop.session, "remote-forward", state="listening")
    assert listening["address"].endswith(opened["address"].rpartition(":")[2])
    await_event(hop.session, "forward-closed", channel=opened["channel"])


def test_remote_forward_of_any_port_reports_which(routes: Routes, hop: Hop, service: Peer) -> None:
    def act(route: Route) -> bytes:
        with route.started("-N", "-R", f"0:{LOOPBACK}:{service.port}", TARGET) as client:
            assert client.stderr is not None
            said = b""
            while b"Allocated port" not in said:
                said = client.stderr.readline()
                assert said
            found = re.search(rb"Allocated port (\d+)", said)
            assert found is not None
            with dial(int(found[1])) as connection:
                assert talk(connection, WORDS) == ANSWER
            return said.replace(found[1], b"PORT")

    routes.verbose()
    routes.same(act)
    assert await_event(hop.session, "remote-forward")["state"] == "listening"


@pytest.mark.shares_a_hop
def test_remote_forward_ends_with_the_client(routes: Routes, service: Peer) -> None:
    port = free_port()
    with routes.hop.started("-N", "-R", f"{port}:{LOOPBACK}:{service.port}", TARGET):
        dial(port).close()
    wait_for(lambda: listening_uid(port) is None, "end of the listener on the target")


def test_remote_forward_can_be_cancelled_by_a_master(
    routes: Routes, hop: Hop, service: Peer
) -> None:
    def act(route: Route) -> Result:
        port = free_port()
        master = str(route.place / "master")
        forward = f"{port}:{LOOPBACK}:{service.port}"
        with route.started("-M", "-S", master, "-N", "-R", forward, TARGET):
            dial(port).close()
            done = route.run_ssh("-S", master, "-O", "cancel", "-R", forward, TARGET)
            wait_for(lambda: listening_uid(port) is None, "end of the listener on the target")
            return done

    assert routes.same(act)[0] == 0
    await_event(hop.session, "remote-forward", state="cancelled")


def test_local_socket_reaches_a_socket_of_the_target(
    routes: Routes, hop: Hop, account: Account
) -> None:
    path = account.scratch / "service.sock"
    with peer(path) as service:
        path.chmod(0o777)

        def act(route: Route) -> bytes:
            near = route.place / "near.sock"
            with route.started("-N", "-L", f"{near}:{path}", TARGET), dial(near) as connection:
                return talk(connection, WORDS)

        assert routes.same(act) == ANSWER
        assert len(service.uids) == 2
    opened = await_event(hop.session, "forward-opened")
    assert (opened["kind"], opened["address"]) == ("local-socket", str(path))


def test_remote_socket_reaches_the_candidate(
    routes: Routes, hop: Hop, service: Peer, account: Account
) -> None:
    def act(route: Route) -> tuple[bytes, int]:
        path = account.home / f"{route.name}.sock"
        with (
            route.started("-N", "-R", f"{path}:{LOOPBACK}:{service.port}", TARGET),
            dial(path) as connection,
        ):
            return talk(connection, WORDS), path.stat().st_uid

    assert routes.same(act) == (ANSWER, account.uid)
    assert await_event(hop.session, "forward-opened")["kind"] == "remote-socket"


def test_jump_through_reaches_another_server(
    routes: Routes, stock_sshd: StockSshd, account: Account, hop: Hop
) -> None:
    """`ssh -J hop server`: the server behind is reached from the target, end to end encrypted."""

    def act(route: Route) -> Result:
        config = route.place / "behind"
        options = "".join(f"{each.replace('=', ' ', 1)}\n" for each in route.client.standard)
        behind = f"Host behind\nHostName {LOOPBACK}\nPort {stock_sshd.port}\n"
        proxy = f"User {account.name}\nProxyJump {TARGET}\nHostKeyAlias behind\n"
        config.write_text(behind + proxy + options + route.config.read_text())
        return route.run("ssh", "-F", str(config), "behind", "echo there; exit 5")

    assert routes.same(act) == (5, b"there\n", b"")
    opened = await_event(hop.session, "forward-opened")
    assert opened["address"] == f"{LOOPBACK}:{stock_sshd.port}"
    assert journal(hop.session, "channel-opened") == []


@pytest.mark.shares_a_hop
def test_many_connections_share_one_forward(routes: Routes, service: Peer) -> None:
    port = free_port()
    with routes.hop.started("-N", "-L", f"{port}:{LOOPBACK}:{service.port}", TARGET):
        connections = [dial(port) for _ in range(20)]
        for number, connection in enumerate(connections):
            with connection:
                assert talk(connection, b"%d ab" % number) == GREETING + b"%d AB" % number


@pytest.mark.shares_a_hop
def test_unread_forward_does_not_stop_a_shell_beside_it(routes: Routes, service: Peer) -> None:
    """A browser that stalls must not stall the candidate's terminal in the same connection."""
    port = free_port()
    master = str(routes.hop.place / "master")
    forward = f"{port}:{LOOPBACK}:{service.port}"
    with (
        routes.hop.started("-M", "-S", master, "-N", "-L", forward, TARGET),
        dial(port) as connection,
    ):
        connection.settimeout(0.5)
        with pytest.raises(TimeoutError):
            connection.sendall(bytes(100 << 20))
        done = routes.hop.run_ssh("-S", master, TARGET, "echo alive")
        assert done == (0, b"alive\n", b"")
