"""Much data through the hop: the same bytes, no more memory, and no wait for who does not read.

1 GiB each way in soak; here a quarter of it.
"""

from __future__ import annotations

import hashlib
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import pytest

from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.memory import growth, peak_memory
from tests.end_to_end.support.network import LOOPBACK, free_port
from tests.end_to_end.support.peers import dial
from tests.end_to_end.support.recordings import await_event
from tests.end_to_end.support.routes import TARGET, Route, Routes
from tests.end_to_end.support.waiting import wait_for

GIB = 1 << 30
SIZES = [GIB // 4, pytest.param(GIB, marks=pytest.mark.soak)]
BOUND = 32 << 20
"""Bytes by which no process may grow, however much goes through."""

_BLOCK = 1 << 20
_RANDOM = hashlib.shake_256(b"jumpseat").digest(8 * _BLOCK + 1)


def blocks(size: int) -> Iterator[bytes]:
    """Yield bytes that do not compress, the same each time."""
    for start in range(0, size, 8 * _BLOCK):
        yield _RANDOM[: min(8 * _BLOCK, size - start)]


def pour(sink: IO[bytes], size: int) -> str:
    digest = hashlib.sha256()
    with sink:
        for block in blocks(size):
            digest.update(block)
            sink.write(block)
    return digest.hexdigest()


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("size", SIZES)
def test_bytes_come_back_as_they_went_and_memory_stays(
    routes: Routes, hop: Hop, size: int, record_property: pytest.RecordProperty
) -> None:
    assert routes.hop.run_ssh(TARGET, "true")[0] == 0
    seconds = {}

    def act(route: Route) -> bool:
        started = time.monotonic()
        with ThreadPoolExecutor(1) as pourer, route.started(TARGET, "cat") as client:
            assert client.stdin is not None
            assert client.stdout is not None
            poured = pourer.submit(pour, client.stdin, size)
            digest = hashlib.sha256()
            while block := client.stdout.read(_BLOCK):
                digest.update(block)
            assert client.wait(timeout=60) == 0
        seconds[route.name] = time.monotonic() - started
        return digest.hexdigest() == poured.result()

    before = peak_memory(hop.process.pid)
    assert routes.same(act)
    grown = growth(before, peak_memory(hop.process.pid))
    record_property("seconds", seconds)
    record_property("grown_bytes", grown)
    print(f"{size} bytes each way: {seconds}, the hop grew by {grown} bytes")  # noqa: T201 (a figure)
    assert grown < BOUND


def unread(client: subprocess.Popen[bytes]) -> int:
    """Wait until a client that nobody reads takes no more; return the bytes that it took."""
    seen: list[int] = []

    def quiet() -> bool:
        seen.append(int(Path(f"/proc/{client.pid}/io").read_text().split()[1]))
        return len(seen) > 25 and seen[-25] == seen[-1]

    wait_for(quiet, "standstill of a client that nobody reads")
    return seen[-1]


@pytest.mark.timeout(600)
def test_reader_that_stops_costs_no_memory(routes: Routes, hop: Hop) -> None:
    assert routes.hop.run_ssh(TARGET, "true")[0] == 0
    before = peak_memory(hop.process.pid)

    def act(route: Route) -> tuple[bool, str]:
        with route.started(TARGET, f"head -c {GIB // 4} /dev/zero") as client:
            assert client.stdout is not None
            first = client.stdout.read(1)
            taken = unread(client)
            digest = hashlib.sha256(first)
            while block := client.stdout.read(_BLOCK):
                digest.update(block)
            return taken < 16 << 20, digest.hexdigest()

    assert routes.same(act) == (True, hashlib.sha256(bytes(GIB // 4)).hexdigest())
    assert growth(before, peak_memory(hop.process.pid)) < BOUND


@pytest.mark.timeout(600)
def test_writer_to_a_program_that_does_not_read_is_held_up(
    routes: Routes, hop: Hop, account: Account
) -> None:
    go = account.home / "go"
    assert routes.hop.run_ssh(TARGET, "true")[0] == 0
    before = peak_memory(hop.process.pid)

    def act(route: Route) -> tuple[bool, bytes]:
        wait = "while ! test -e go; do sleep 0.1; done; sha256sum"
        with route.started(TARGET, wait) as client, ThreadPoolExecutor(1) as pourer:
            assert client.stdin is not None
            assert client.stdout is not None
            poured = pourer.submit(pour, client.stdin, GIB // 4)
            taken = unread(client)
            go.touch()
            found = client.stdout.read()
            assert found.decode().split()[0] == poured.result()
            go.unlink()
            return taken < 64 << 20, found

    assert routes.same(act)[0]
    assert growth(before, peak_memory(hop.process.pid)) < BOUND


@pytest.mark.timeout(600)
def test_client_that_takes_nothing_off_the_wire_costs_no_memory(routes: Routes, hop: Hop) -> None:
    """Forty channels of a stopped client: their windows alone would be 80 MiB."""
    route = routes.hop
    assert route.run_ssh(TARGET, "true")[0] == 0
    with socket.create_server((LOOPBACK, 0), backlog=64) as server:
        port = free_port()
        forward = f"{port}:{LOOPBACK}:{server.getsockname()[1]}"
        with route.started("-N", "-L", forward, TARGET) as client:
            near, far = [], []
            for _ in range(40):
                near.append(dial(port))
                far.append(server.accept()[0])
            before = peak_memory(hop.process.pid)
            client.send_signal(19)  # SIGSTOP
            for connection in far:
                connection.settimeout(0.2)
                try:
                    connection.sendall(bytes(8 << 20))
                except TimeoutError:
                    continue
            assert growth(before, peak_memory(hop.process.pid)) < BOUND
            client.send_signal(18)  # SIGCONT
            for connection in (*near, *far):
                connection.close()
    await_event(hop.session, "forward-closed", channel=40)


@pytest.mark.shares_a_hop
@pytest.mark.timeout(300)
def test_early_end_of_a_reader_ends_the_writer(routes: Routes) -> None:
    def act(route: Route) -> tuple[bytes, bool]:
        done = subprocess.run(
            ["sh", "-c", f"ssh -F {route.config} {TARGET} yes | head -1"],
            env=route.client.environment(), capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        return done.stdout, done.returncode == 0

    assert routes.same(act) == (b"y\n", True)


@pytest.mark.shares_a_hop
@pytest.mark.parametrize(
    ("command", "stdin"),
    [
        ("sort", b"b\na\n"),
        ("exec 0<&-; sleep 0.2; echo closed", b"x" * 3_000_000),
        ("head -c 5; echo; exec >&-; cat >/dev/null", b"y" * 3_000_000),
        ("echo out; echo err >&2; exit 3", b""),
        ("kill -SEGV $$", b""),
        ("seq 1 20000; exit 9", b""),
        ("cat /dev/null; exit 255", b"unread"),
    ],
)
def test_commands_end_as_they_do_directly(routes: Routes, command: str, stdin: bytes) -> None:
    routes.same_ssh(TARGET, command, stdin=stdin)


@pytest.mark.shares_a_hop
def test_command_with_bytes_that_are_no_text(routes: Routes) -> None:
    def act(route: Route) -> bytes:
        done = subprocess.run(
            ["ssh", "-F", str(route.config), TARGET, b"printf '%s' '\xff\xfe\xc3' | od -An -tx1"],
            env=route.client.environment(), capture_output=True, timeout=60, check=True,
        )  # fmt: skip
        return done.stdout

    assert routes.same(act).split() == [b"ff", b"fe", b"c3"]
