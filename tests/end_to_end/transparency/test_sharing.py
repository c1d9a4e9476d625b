"""Two connections of a candidate's on one connection to the target do not get in each other's way.

The links are those of the product, the clients and the target stock; only the logins are left out.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import asyncssh
import pytest

from recorder.hop.candidate_link import CandidateLink
from recorder.recording.writer import RecordingWriter
from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.network import LOOPBACK, free_port
from tests.end_to_end.support.peers import GREETING, dial, peer, talk
from tests.end_to_end.support.routes import TARGET, Routes, make_routes
from tests.end_to_end.support.sshd import StockSshd
from tests.end_to_end.support.waiting import wait_for


class Sharing(asyncssh.SSHServer):
    """Lets everybody in, onto the same connection to the target."""

    def __init__(
        self, number: int, writer: RecordingWriter, upstream: asyncssh.SSHClientConnection
    ) -> None:
        self.number = number
        self.user = "candidate"
        self.writer = writer
        self.upstream = upstream
        self._channels = 0

    def next_channel(self) -> int:
        self._channels += 1
        return self._channels

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        CandidateLink.adopt(conn, self)

    def begin_auth(self, username: str) -> bool:  # noqa: ARG002 (asyncssh gives it)
        return False


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[RecordingWriter]:
    made = RecordingWriter(
        tmp_path / "recording",
        session="abcd2345", program="test", target="t", listen=None, candidate=None,
        content_key=bytes(32),
    )  # fmt: skip
    yield made
    made.close()


@pytest.fixture
async def routes(
    stock_sshd: StockSshd, account: Account, writer: RecordingWriter, tmp_path: Path
) -> AsyncIterator[Routes]:
    """Two clients of the same hop."""
    upstream = await asyncssh.connect(
        LOOPBACK, stock_sshd.port, username=account.name, password=account.password,
        known_hosts=None, config=None, client_keys=None, agent_path=None,
    )  # fmt: skip
    count = iter(range(1, 100))
    listener = await asyncssh.listen(
        LOOPBACK, 0, server_factory=lambda: Sharing(next(count), writer, upstream),
        server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")], config=None,
    )  # fmt: skip
    clients = []
    for name in ("one", "two"):
        place = tmp_path / name
        place.mkdir()
        port = listener.get_port()
        clients.append(SshClient(directory=place, port=port, user=account.name))
    yield make_routes(*clients)
    listener.close()
    await listener.wait_closed()
    upstream.close()
    await upstream.wait_closed()


async def test_each_gets_its_own_forwards_and_one_outlives_the_other(
    routes: Routes, stock_sshd: StockSshd
) -> None:
    def act() -> None:
        with ExitStack() as stack:
            ports = [free_port(), free_port()]
            services = [stack.enter_context(peer()), stack.enter_context(peer())]
            clients = []
            for route, port, service in zip(routes.both, ports, services, strict=True):
                forward = f"{port}:{LOOPBACK}:{service.port}"
                clients.append(stack.enter_context(route.started("-N", "-R", forward, TARGET)))
            for port in ports:
                with dial(port) as connection:
                    assert talk(connection, b"who") == GREETING + b"WHO"
            assert [len(service.uids) for service in services] == [1, 1]
            clients[0].kill()
            wait_for(lambda: not answers(ports[0]), "end of the first one's listener")
            with dial(ports[1]) as connection:
                assert talk(connection, b"still") == GREETING + b"STILL"
            # One connection to the target carried both.
            assert len(stock_sshd.session_processes()) == 2

    await asyncio.to_thread(act)


def answers(port: int) -> bool:
    """Tell whether somebody listens on a loopback port."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(f":{port:04X}") and fields[3] == "0A":
            return True
    return False


async def test_each_runs_commands_while_the_other_stalls(routes: Routes) -> None:
    def act() -> None:
        with routes.direct.started(TARGET, "head -c 50000000 /dev/zero") as stalled:
            assert stalled.stdout is not None
            assert stalled.stdout.read(1) == b"\0"
            done = routes.hop.run_ssh(TARGET, "echo moves; exit 4")
            assert done == (4, b"moves\n", b"")
            assert len(stalled.stdout.read()) == 50_000_000 - 1

    await asyncio.to_thread(act)


async def test_end_of_the_target_ends_both(routes: Routes, stock_sshd: StockSshd) -> None:
    def act() -> None:
        with (
            routes.direct.started(TARGET, "echo up; sleep 1000") as first,
            routes.hop.started(TARGET, "echo up; sleep 1000") as second,
        ):
            for client in (first, second):
                assert client.stdout is not None
                assert client.stdout.readline() == b"up\n"
            for process in stock_sshd.session_processes():
                os.kill(process, 9)
            assert [client.wait(timeout=60) for client in (first, second)] == [255, 255]

    await asyncio.to_thread(act)
