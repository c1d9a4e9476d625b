"""Bulk through the hop: nothing lost, nothing altered, everything accounted for."""

from __future__ import annotations

import hashlib
import hmac
import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.recordings import Line, await_event
from tests.end_to_end.support.waiting import wait_for

SIZE = 200 * 1000 * 1000
KEPT = 256 * 1024
_BLOCK = 1 << 20


class _Random:
    """Random bytes that are not kept, and two hashes of them."""

    def __init__(self, key: bytes) -> None:
        self.plain = hashlib.sha256()
        self.keyed = hmac.new(key, digestmod=hashlib.sha256)

    def blocks(self) -> Iterator[bytes]:
        left = SIZE
        while left:
            block = os.urandom(min(left, _BLOCK))
            left -= len(block)
            self.plain.update(block)
            self.keyed.update(block)
            yield block

    def pour(self, sink: IO[bytes]) -> None:
        with sink:
            for block in self.blocks():
                sink.write(block)


def _source(hop: Hop) -> _Random:
    return _Random((hop.home / "keys" / "content.key").read_bytes())


def _flows(hop: Hop) -> dict[str, Line]:
    return {flow["stream"]: flow for flow in await_event(hop.session, "channel-closed")["flows"]}


def _hash_of(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := stream.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()


def test_200_mb_come_back_from_cat_as_they_went(hop: Hop, ssh: SshClient) -> None:
    source = _source(hop)
    with ThreadPoolExecutor(1) as pourer, ssh.started("cat") as client:
        assert client.stdin is not None
        assert client.stdout is not None
        poured = pourer.submit(source.pour, client.stdin)
        received = _hash_of(client.stdout)
        poured.result()
        assert client.wait(timeout=60) == 0
    assert received == source.plain.hexdigest()
    flows = _flows(hop)
    for stream in ("in", "out"):
        assert flows[stream]["size"] == SIZE
        assert flows[stream]["digest"] == source.keyed.hexdigest()
        assert flows[stream]["kept"] == KEPT
        assert (hop.session / flows[stream]["file"]).stat().st_size == KEPT


def test_200_mb_arrive_in_a_file_as_they_went(hop: Hop, ssh: SshClient, account: Account) -> None:
    source = _source(hop)
    with ssh.started("cat > f") as client:
        assert client.stdin is not None
        source.pour(client.stdin)
        assert client.wait(timeout=60) == 0
    with (account.home / "f").open("rb") as file:
        assert _hash_of(file) == source.plain.hexdigest()
    assert _flows(hop)["in"]["digest"] == source.keyed.hexdigest()


def test_fifty_outputs_over_one_master_are_whole(ssh: SshClient, tmp_path: Path) -> None:
    expected = "".join(f"{number}\n" for number in range(1, 20001)).encode()
    socket = tmp_path / "master"
    shared = ssh.with_options(f"ControlPath={socket}")
    with ssh.started(flags=["-M", "-N", "-S", str(socket)]) as master:
        try:
            wait_for(socket.exists, "socket of the master")
            run = shared.run
            with ThreadPoolExecutor(2) as clients:
                done = list(clients.map(lambda _: run("seq 1 20000"), range(50)))
        finally:
            master.terminate()
    found = {(each.returncode, len(each.stdout), each.stderr) for each in done}
    assert found == {(0, len(expected), b"")}
    assert {each.stdout for each in done} == {expected}


def test_slow_reader_does_not_make_the_hop_grow(hop: Hop, ssh: SshClient) -> None:
    with ssh.started("head -c 300000000 /dev/zero") as client:
        assert client.stdin is not None
        assert client.stdout is not None
        client.stdin.close()
        client.stdout.read(1)
        before = _resident(hop.session_process)
        settled = _settle(client)
        assert settled < 100_000_000
        grown = _resident(hop.session_process) - before
        rest = 0
        while block := client.stdout.read(_BLOCK):
            rest += len(block)
        assert rest == 300_000_000 - 1
    assert grown < 50_000_000


def _settle(client: subprocess.Popen[bytes]) -> int:
    """Wait until the client's process reads nothing more; return the bytes that it has read."""
    seen: list[int] = []

    def quiet() -> bool:
        io = Path(f"/proc/{client.pid}/io").read_text()
        seen.append(int(io.split()[1]))
        return len(seen) > 10 and seen[-10] == seen[-1]

    wait_for(quiet, "standstill of a client that nobody reads")
    return seen[-1]


def _resident(process: int) -> int:
    """Return the bytes of memory that a process occupies."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
