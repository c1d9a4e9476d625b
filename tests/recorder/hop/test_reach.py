"""Why a target cannot be talked to: it is down, it is full, or somebody shuts the hop out."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from recorder.hop import reach as reaching
from recorder.hop.reach import UnreachedError, reach
from recorder.hop.target import TcpTarget

_PORT = 2299
_LOOK = f"""
import asyncio
from recorder.hop.reach import UnreachedError, reach
from recorder.hop.target import TcpTarget
try:
    asyncio.run(reach(TcpTarget("127.0.0.1", {_PORT})))
except UnreachedError as error:
    print(error.cause)
"""


@asynccontextmanager
async def _server(words: bytes | None) -> AsyncIterator[TcpTarget]:
    """Run a server that says this to each connection and closes it; None leaves it open."""
    done = asyncio.Event()

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if words is None:
            await done.wait()
        else:
            writer.write(words)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield TcpTarget("127.0.0.1", server.sockets[0].getsockname()[1])
    done.set()
    server.close()
    await server.wait_closed()


async def test_words_of_a_server_are_left_on_the_socket() -> None:
    async with _server(b"SSH-2.0-Something\r\n") as target:
        with await reach(target) as sock:
            assert sock.recv(100) == b"SSH-2.0-Something\r\n"


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (b"", "banned"),
        (b"Not allowed at this time\r\n", "banned"),
        (b"Exceeded MaxStartups\r\n", "unreachable"),
    ],
)
async def test_server_that_does_not_want_to_talk(words: bytes, cause: str) -> None:
    async with _server(words) as target:
        with pytest.raises(UnreachedError) as caught:
            await reach(target)
    assert caught.value.cause == cause


async def test_server_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "ANSWER_SECONDS", 0.05)
    async with _server(None) as target:
        with pytest.raises(UnreachedError) as caught:
            await reach(target)
    assert caught.value.cause == "unreachable"


async def test_port_on_which_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(UnreachedError) as caught:
            await reach(TcpTarget("127.0.0.1", free.getsockname()[1]))
    assert (caught.value.cause, caught.value.silent) == ("unreachable", False)


@pytest.fixture
def namespace() -> Iterator[list[str]]:
    """A network of its own; what is returned begins a command that runs in it."""
    if os.geteuid() != 0 or not all(shutil.which(tool) for tool in ("ip", "iptables")):
        pytest.skip("needs root, ip and iptables: a firewall of its own")
    name = f"jseat-reach-{secrets.token_hex(3)}"
    subprocess.run(["ip", "netns", "add", name], check=True)
    subprocess.run(["ip", "-n", name, "link", "set", "lo", "up"], check=True)
    yield ["ip", "netns", "exec", name]
    subprocess.run(["ip", "netns", "delete", name], check=True)


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ("icmp-port-unreachable", "banned"),
        ("icmp-admin-prohibited", "banned"),
        ("icmp-host-unreachable", "unreachable"),
        ("tcp-reset", "unreachable"),
    ],
)
def test_refusal_by_a_firewall_is_told_from_the_server_s(
    namespace: list[str], answer: str, cause: str
) -> None:
    rule = ["-p", "tcp", "--dport", str(_PORT), "-j", "REJECT", "--reject-with", answer]
    subprocess.run([*namespace, "iptables", "-A", "INPUT", *rule], check=True)
    done = subprocess.run(
        [*namespace, sys.executable, "-c", _LOOK], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == cause
