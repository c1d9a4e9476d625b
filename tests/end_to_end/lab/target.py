"""A target that boots: Debian's own systemd, sshd, sudo, apt and Apache in a container of its own.

systemd-nspawn starts the prepared tree under an overlay that is thrown away, in a network namespace
whose only neighbour is this machine. What an earlier run left behind is removed first.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.end_to_end.support.network import await_ssh
from tests.end_to_end.support.waiting import wait_for

_PREFIX = "jseat"
_BOOT = 60.0


class BootError(Exception):
    """The machine cannot boot a target."""


class Target:
    """One booted target; ``address`` is its end of a veth pair, ``outside`` this machine's."""

    def __init__(self, tree: Path, directory: Path) -> None:
        self.tree = tree
        self.log = directory / "boot.log"
        self.name = f"{_PREFIX}-{os.getpid()}-{secrets.token_hex(2)}"
        # A network interface's name has at most 15 characters.
        self._link = f"{_PREFIX}{secrets.token_hex(4)}"
        network = free_network()
        self.outside, self.address = f"{network}1", f"{network}2"
        self._process: subprocess.Popen[bytes] | None = None

    def boot(self) -> None:
        """Boot, and return when it is up.

        Raises:
            BootError: It does not come up.

        """
        try:
            self._connect()
            self._start()
        except (subprocess.CalledProcessError, AssertionError) as error:
            words = getattr(error, "stderr", None) or error
            log = self.log.read_text(errors="replace") if self.log.exists() else ""
            raise BootError(f"{words}\n{log}") from error

    def _connect(self) -> None:
        _ip("netns", "add", self.name)
        _ip("link", "add", self._link, "type", "veth", "peer", "name", "host0", "netns", self.name)
        _ip("address", "add", f"{self.outside}/24", "dev", self._link)
        _ip("link", "set", self._link, "up")
        _ip("-n", self.name, "address", "add", f"{self.address}/24", "dev", "host0")
        _ip("-n", self.name, "link", "set", "host0", "up")
        _ip("-n", self.name, "link", "set", "lo", "up")

    def _start(self) -> None:
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                # When the tests are killed, nspawn powers the target off.
                ["setpriv", "--pdeathsig", "TERM",
                 "systemd-nspawn", "--quiet", f"--directory={self.tree}", "--volatile=overlay",
                 "--boot", "--register=no", "--keep-unit", f"--machine={self.name}",
                 "--resolv-conf=off", "--console=pipe", "--capability=CAP_NET_ADMIN",
                 f"--network-namespace-path=/run/netns/{self.name}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        process = self._process

        def leader() -> int | None:
            assert process.poll() is None, f"systemd-nspawn ended with {process.returncode}"
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            return next((int(child) for child in children if _is_init(child)), None)

        self._leader = wait_for(leader, "init of the target", timeout=_BOOT)
        await_ssh(self.address, 22, timeout=_BOOT)
        wait_for(self._settled, "end of the boot", timeout=_BOOT)

    def _settled(self) -> bool:
        said = self.run("systemctl", "is-system-running", check=False).stdout.strip()
        return said in {"running", "degraded"}

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command inside, as root and unseen by the candidate."""
        enter = ["nsenter", "-t", str(self._leader), "-m", "-u", "-i", "-n", "-p", "--"]
        done = subprocess.run(
            [*enter, *command], check=False, capture_output=True, text=True,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"},
        )  # fmt: skip
        assert not check or done.returncode == 0, f"{command}: {done}"
        return done

    def add_neighbour(self) -> str:
        """Give this machine a second address on the target's network, and return it."""
        address = f"{self.outside.rpartition('.')[0]}.3"
        _ip("address", "add", f"{address}/24", "dev", self._link)
        return address

    def is_active(self, unit: str) -> bool:
        """Return whether a unit runs."""
        return self.run("systemctl", "is-active", "--quiet", unit, check=False).returncode == 0

    @contextlib.contextmanager
    def rereading_ssh(self) -> Iterator[None]:
        """Wait after the block, which has sshd read its settings anew, until it listens again.

        systemctl does not: it only sends the signal, and a login may meet the old sshd, or none.
        """
        before = self._times_listening()
        yield
        wait_for(lambda: self._times_listening() > before, "sshd listening anew", timeout=_BOOT)

    def _times_listening(self) -> int:
        said = self.run("journalctl", "-t", "sshd", "-o", "cat", "--quiet").stdout
        return said.count("Server listening on 0.0.0.0")

    def power_off(self) -> None:
        """End the target, and remove its network."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        _ip("netns", "delete", self.name, check=False)
        _ip("link", "delete", self._link, check=False)


def remove_stale_targets() -> None:
    """End what test runs left that are no longer there."""
    for line in _ip("netns", "list", check=False).stdout.splitlines():
        name = line.split()[0]
        owner = re.fullmatch(rf"{_PREFIX}-(\d+)-[0-9a-f]+", name)
        if owner and not Path("/proc", owner[1]).exists():
            for process in _processes_with(f"--machine={name}"):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            _ip("netns", "delete", name, check=False)


def free_network() -> str:
    """Return the first three bytes of a network that this machine does not use."""
    taken = _ip("-o", "-4", "address").stdout + _ip("-4", "route").stdout
    while True:
        network = f"10.203.{secrets.randbelow(256)}."
        if network not in taken:
            return network


def _is_init(process: str) -> bool:
    """Return whether it is the first of a process namespace; nspawn has helpers, too."""
    try:
        status = Path("/proc", process, "status").read_text()
    except OSError:
        return False
    return re.search(r"^NSpid:.*\t1$", status, re.MULTILINE) is not None


def _processes_with(argument: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
        except OSError:
            continue
        if argument.encode() in words:
            found.append(int(entry.name))
    return found


def _ip(*words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["ip", *words], check=check, capture_output=True, text=True)
