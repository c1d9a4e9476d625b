"""A seat's port in this process' hands, with small programs in the place of the seat."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh
import pytest

from recorder.home import Home
from recorder.seats.port import SeatPort
from recorder.seats.spec import SeatLimits, SeatOptions

BEGIN = "from recorder.seats.entry import take_terminal; take_terminal(); import os, sys, time; "
ALL = "open(os.environ['SCRAP'] + f'/{os.getpid()}', 'w').close(); "
"""Leaves the process id where the test finds it."""

WAIT = BEGIN + ALL + "print('seated', flush=True); sys.stdin.read()"
FLOOD = BEGIN + ALL + "\nwhile True: os.write(1, b'x' * 4096)"
STUBBORN = (
    BEGIN + "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); " + ALL
    + "print('seated', flush=True)\nwhile True: time.sleep(60)"
)  # fmt: skip
TELL = (
    BEGIN + "import json; size = os.get_terminal_size(0); "
    "print(json.dumps({'argv': sys.argv[1:], 'env': dict(os.environ), 'size': [*size]}))"
)
DEAF = BEGIN + ALL + "print('seated', flush=True)\nwhile True: time.sleep(60)"


@dataclass
class Team:
    """The keys of some people, and the file that lists them."""

    file: Path
    keys: dict[str, asyncssh.SSHKey] = field(default_factory=dict)

    def write(self, *names: str) -> None:
        """List these, each as NAME or NAME:ROLE."""
        lines = []
        for name in names:
            owner = name.partition(":")[0]
            key = self.keys.setdefault(owner, asyncssh.generate_private_key("ssh-ed25519"))
            lines.append(f"{name} {key.export_public_key('openssh').decode().strip()}\n")
        part = self.file.with_suffix(".part")
        part.write_text("".join(lines))
        part.chmod(0o600)
        part.replace(self.file)


@dataclass
class Seats:
    """A port, and who may log in."""

    port: SeatPort
    number: int
    team: Team
    home: Home
    scrap: Path

    def connect(
        self, name: str, key: str = "", source: str = ""
    ) -> AbstractAsyncContextManager[asyncssh.SSHClientConnection]:
        return asyncssh.connect(
            "127.0.0.1",
            self.number,
            config=None,
            known_hosts=None,
            username=name,
            client_keys=[self.team.keys[key or name]],
            agent_path=None,
            local_addr=(source, 0) if source else None,
        )

    def running(self) -> list[int]:
        """The seats' processes that are there now, zombies too."""
        found = [int(each.name) for each in self.scrap.iterdir()]
        return [each for each in found if Path(f"/proc/{each}").exists()]

    def log(self) -> str:
        return (self.home.logs / "seats.log").read_text()


Start = Callable[..., Awaitable[Seats]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    async with contextlib.AsyncExitStack() as stack:

        async def begin(program: str, **limits: float) -> Seats:
            home = Home(tmp_path / "home").ensure()
            team = Team(tmp_path / "team")
            team.write("alice", "bob")
            scrap = tmp_path / "scrap"
            scrap.mkdir()
            said: list[str] = []
            options = SeatOptions(
                interviewers=team.file,
                listen="127.0.0.1:0",
                argv=(sys.executable, "-c", program),
                variables={"PATH": os.environ["PATH"], "SCRAP": str(scrap)},
                limits=SeatLimits.model_validate(limits),
            )
            port = await stack.enter_async_context(SeatPort(home, options, said.append))
            found = re.fullmatch(r"seat listening on 127\.0\.0\.1:(\d+)", said[0])
            assert found
            return Seats(port, int(found[1]), team, home, scrap)

        yield begin
    log = tmp_path / "home" / "logs" / "seats.log"
    assert not log.exists() or "Traceback" not in log.read_text(), log.read_text()


async def until(look: Callable[[], bool], what: str) -> None:
    """Wait until something is so."""
    for _ in range(1500):
        if look():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"no {what} within 30 s")


@asynccontextmanager
async def seated(
    seats: Seats, name: str = "alice", command: str = "watch"
) -> AsyncIterator[asyncssh.SSHClientProcess[str]]:
    """A seat whose program has said so."""
    async with (
        seats.connect(name) as connection,
        connection.create_process(command, term_type="xterm") as process,
    ):
        assert "seated" in await process.stdout.readline()
        yield process
