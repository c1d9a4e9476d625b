"""The ways to one and the same stock sshd that are measured side by side.

All processes are started here, on free loopback ports, and ended with the block. What is measured
is no matter of this file.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.end_to_end.support.accounts import Account, processes_of, throw_away_account
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.host import Host, Opened
from tests.end_to_end.support.sshd import SSHD, StockSshd

DIRECT, TWO_LEGS, SCRIPT, HOP = "direct", "two legs", "script", "hop"

# With a terminal and without one a forced command relays in different words.
_PLAIN = """#!/bin/sh
[ -t 0 ] && exec {ssh} -tt {to} "$SSH_ORIGINAL_COMMAND"
exec {ssh} {to} "$SSH_ORIGINAL_COMMAND"
"""
# `script` needs a terminal; what a jump host of this kind can do for data without one is tee.
_RECORDED = """#!/bin/sh
log=$(mktemp -d {logs}/XXXXXXXX)
[ -t 0 ] && exec script -q -f -T "$log/times" -B "$log/both" \\
  -c '{ssh} -tt {to} "$SSH_ORIGINAL_COMMAND"'
tee "$log/in" | {ssh} {to} "$SSH_ORIGINAL_COMMAND" | tee "$log/out"
"""

OTHERS = 4
"""Sessions of the hop beside the one that is measured."""

_CLOSE_SECONDS = 120.0
_TOOLS = ("ssh", "ssh-keygen", "script", "useradd", "userdel", "chpasswd")


class CannotMeasureError(Exception):
    """Something is missing without which there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to the target: what it is called, clients for it, the process that serves it.

    The first client is the one who is measured; others are candidates of other sessions, where the
    way knows of sessions.
    """

    name: str
    clients: tuple[SshClient, ...]
    server: int

    def start(
        self,
        command: str,
        *flags: str,
        stdin: int = subprocess.PIPE,
        stdout: int = subprocess.PIPE,
        client: SshClient | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start ssh with a command; its streams are pipes unless others are named."""
        client = client or self.clients[0]
        argv = client.argv(command)
        argv[1:1] = flags
        return subprocess.Popen(
            argv, env=client.environment(), bufsize=0,
            stdin=stdin, stdout=stdout, stderr=subprocess.DEVNULL,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ways:
    """All of them, in the order in which they are measured; the account at their end.

    Attributes:
        session_process: The process of the hop that relays and records for who is measured.

    """

    all: tuple[Way, ...]
    account: Account
    session_process: int

    def quiet(self) -> None:
        """End what still runs on the target: `script` goes on when its client is gone."""
        while left := processes_of(self.account.uid):
            for process in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            time.sleep(0.05)


def handle(stream: IO[bytes] | None) -> int:
    """Return the descriptor of a stream that was started as a pipe."""
    if stream is None:
        raise TypeError("not a pipe")
    return stream.fileno()


@contextmanager
def open_ways() -> Iterator[Ways]:
    """Start the target and what stands before it.

    Raises:
        CannotMeasureError: A tool or a right is missing.

    """
    _demand_tools()
    with ExitStack() as stack:
        account = stack.enter_context(throw_away_account())
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jumpseat-bench-")))
        target = stack.enter_context(_running(StockSshd(account.scratch / "target")))
        inner = _inner_ssh(account, target.port)
        two = stack.enter_context(_running(_forced(account, "plain", _PLAIN.format(**inner))))
        recorded = _RECORDED.format(logs=_own_directory(account, "logs"), **inner)
        script = stack.enter_context(_running(_forced(account, "script", recorded)))
        host = Host(place / "hop")
        stack.callback(_stop, host)
        host.start()
        sessions = [_session(host, target.address) for _ in range(1 + OTHERS)]
        servers = {
            DIRECT: (target.port, _listener(target)),
            TWO_LEGS: (two.port, _listener(two)),
            SCRIPT: (script.port, _listener(script)),
        }
        clients = place / "clients"
        found = [
            Way(name, (_client(clients / name.replace(" ", "-"), port, account),), server)
            for name, (port, server) in servers.items()
        ]
        of_hop = tuple(_client(clients / each.id, each.port, account) for each in sessions)
        found.append(Way(HOP, of_hop, host.process.pid))
        yield Ways(tuple(found), account, sessions[0].process)


def _session(host: Host, target: str) -> Opened:
    session = host.new(target)
    host.admit(session)
    return session


def _demand_tools() -> None:
    if os.geteuid() != 0:
        raise CannotMeasureError("needs root: only then sshd lets in another user")
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None] + ["sshd"] * (SSHD is None)
    if missing:
        raise CannotMeasureError(f"not installed: {', '.join(missing)}")


@contextmanager
def _running(server: StockSshd) -> Iterator[StockSshd]:
    server.start()
    try:
        yield server
    finally:
        for process in server.session_processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        server.stop()


def _stop(host: Host) -> None:
    """End the hop in order; what it analyses after a flood takes it longer than any test."""
    host.process.terminate()
    host.process.wait(_CLOSE_SECONDS)


def _listener(server: StockSshd) -> int:
    return int((server.directory / "sshd.pid").read_text())


def _client(directory: Path, port: int, account: Account) -> SshClient:
    directory.mkdir(parents=True)
    # From 9.5 on ssh hides when keys are pressed by waiting for the next of its own 20 ms.
    options = ("IgnoreUnknown=ObscureKeystrokeTiming", "ObscureKeystrokeTiming=no")
    return SshClient(
        directory=directory, port=port, user=account.name, passwords=(account.password,),
        options=options,
    )  # fmt: skip


def _own_directory(account: Account, name: str) -> Path:
    made = account.scratch / name
    made.mkdir(mode=0o700)
    os.chown(made, account.uid, -1)
    return made


def _inner_ssh(account: Account, port: int) -> dict[str, str]:
    """Give the user a key for the target; return how a forced command goes on from there."""
    place = _own_directory(account, "inner")
    key = place / "key"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    home = account.home / ".ssh"
    home.mkdir(mode=0o700)
    (home / "authorized_keys").write_bytes(key.with_suffix(".pub").read_bytes())
    for path in (key, home, home / "authorized_keys"):
        os.chown(path, account.uid, -1)
    options = (
        f"UserKnownHostsFile={place / 'known_hosts'}", "StrictHostKeyChecking=accept-new",
        "LogLevel=ERROR", "IdentityAgent=none",
    )  # fmt: skip
    words = ["ssh", "-F", "none", "-i", str(key), "-p", str(port)]
    words += [word for option in options for word in ("-o", option)]
    return {"ssh": shlex.join(words), "to": f"{account.name}@127.0.0.1"}


def _forced(account: Account, name: str, text: str) -> StockSshd:
    command = account.scratch / f"forced-{name}"
    command.write_text(text)
    command.chmod(0o755)
    return StockSshd(account.scratch / name, {"ForceCommand": str(command)})
