"""A stock OpenSSH server on a free loopback port, with keys and settings of its own."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

from tests.end_to_end.support.network import LOOPBACK, await_ssh, free_port
from tests.end_to_end.support.waiting import wait_for

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/sbin:/usr/bin")
"""sshd wants to be called by its full path; None where there is none."""

_BASE = {
    "UsePAM": "no",
    "KbdInteractiveAuthentication": "no",
    "PasswordAuthentication": "yes",
    "PermitRootLogin": "no",
    "AcceptEnv": "LANG LC_*",
    "MaxStartups": "100",
    "MaxSessions": "100",
    "PrintLastLog": "no",
    "Subsystem": "sftp internal-sftp",
    "LogLevel": "VERBOSE",
}


class StockSshd:
    """Starts, restarts and ends one sshd; ``settings`` win over those that all tests share."""

    def __init__(self, directory: Path, settings: dict[str, str] | None = None) -> None:
        self.directory = directory
        self.settings = _BASE | (settings or {})
        self.port = free_port()
        self.log = directory / "sshd.log"
        self.program = SSHD
        self._process: subprocess.Popen[bytes] | None = None
        directory.mkdir(mode=0o755, parents=True, exist_ok=True)
        self.make_host_key()

    @property
    def address(self) -> str:
        """HOST:PORT as `jumpseat serve --target` takes it."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def _host_key(self) -> Path:
        return self.directory / "host_key"

    def make_host_key(self) -> None:
        """Make a new host key in place of the old one; a running server keeps the old one."""
        self._host_key.unlink(missing_ok=True)
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self._host_key)],
            check=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def configure(self, **settings: str) -> None:
        """Change settings and write the file; the server reads it when it is started again."""
        self.settings |= settings
        fixed = {
            "Port": str(self.port),
            "ListenAddress": LOOPBACK,
            "HostKey": str(self._host_key),
            "PidFile": str(self.directory / "sshd.pid"),
        }
        lines = [f"{name} {value}\n" for name, value in (fixed | self.settings).items()]
        (self.directory / "sshd_config").write_text("".join(lines))

    def start(self) -> None:
        """Start the server, and return when it answers."""
        assert self.program is not None
        # Where Debian's service is not running nobody has made the directory that sshd demands.
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        self.configure()
        self._process = subprocess.Popen(
            [self.program, "-D", "-f", str(self.directory / "sshd_config"), "-E", str(self.log)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        await_ssh(LOOPBACK, self.port)

    def reload(self) -> None:
        """Let the running server read its settings again, and return when it has."""
        assert self._process is not None
        starts = self._starts()
        self._process.send_signal(signal.SIGHUP)
        wait_for(lambda: self._starts() > starts, "restart of sshd", detail=self.log.read_text)
        await_ssh(LOOPBACK, self.port)

    def _starts(self) -> int:
        return self.log.read_text().count("Server listening on")

    def stop(self) -> None:
        """End the listener; sessions that are open live on, as with Debian's service."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=60)
            self._process = None

    def session_processes(self) -> list[int]:
        """Return the ids of sshd's own processes that serve connections, two for each login."""
        found: list[int] = []
        waiting = _children(self._process.pid) if self._process is not None else []
        while waiting:
            process = waiting.pop()
            if _read(Path(f"/proc/{process}/comm")).startswith("sshd"):
                found.append(process)
                waiting += _children(process)
        return found


def _children(process: int) -> list[int]:
    return [int(word) for word in _read(Path(f"/proc/{process}/task/{process}/children")).split()]


def _read(path: Path) -> str:
    """Return what the kernel says of a process, nothing when that has just ended."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
