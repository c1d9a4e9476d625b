"""A `jumpseat serve` that keeps sessions, and the sessions that are opened in it."""

from __future__ import annotations

import json
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.end_to_end.support.hop import JUMPSEAT, environment, run_jumpseat, session_processes
from tests.end_to_end.support.waiting import wait_for


@dataclass(frozen=True, slots=True)
class Opened:
    """A session as `session new --json` told of it."""

    id: str
    port: int
    directory: Path
    process: int


class Host:
    """One `jumpseat serve` without a target; its home and what it printed lie in ``directory``."""

    def __init__(self, directory: Path, *words: str) -> None:
        self.directory = directory
        self.home = directory / "home"
        self.argv = [
            str(JUMPSEAT), "serve", "--home", str(self.home), "--listen", "127.0.0.1:0", *words,
        ]  # fmt: skip
        self.out = directory / "serve.out"
        self.err = directory / "serve.err"
        self._process: subprocess.Popen[bytes] | None = None
        directory.mkdir(parents=True, exist_ok=True)

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process, which must have been started."""
        assert self._process is not None
        return self._process

    @property
    def session_processes(self) -> list[int]:
        """The processes that hold sessions."""
        return session_processes(self.process.pid)

    def start(self) -> None:
        """Start it, and return when it takes orders."""
        with self.out.open("wb") as out, self.err.open("ab") as err:
            self._process = subprocess.Popen(
                self.argv, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                env=environment(self.directory), cwd=self.directory,
            )  # fmt: skip
        wait_for(
            lambda: "ready for sessions" in self.out.read_text(), "line `ready for sessions`",
            detail=self.err.read_text,
        )  # fmt: skip

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end, and check that it did so in order."""
        if self._process is None:
            return
        process, self._process = self._process, None
        process.send_signal(how)
        try:
            status = process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        assert status == 0, self.err.read_text()
        for place in [self.out, self.err, *(self.home / "logs").glob("*")]:
            assert "Traceback" not in place.read_text(), f"{place}:\n{place.read_text()}"

    def kill(self) -> None:
        """End it as the kernel's out-of-memory killer would."""
        process, self._process = self.process, None
        process.kill()
        process.wait(timeout=60)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another verb against the same home."""
        return run_jumpseat(*words, "--home", str(self.home), directory=self.directory)

    def json(self, *words: str) -> Any:  # what JSON holds is for the test to check
        """Run a verb with --json and return what it printed."""
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def new(self, target: str, *words: str, consent: bool = False) -> Opened:
        """Open a session; without words of consent, as most tests compare."""
        quiet = () if consent else ("--consent", "elsewhere")
        told = self.json("session", "new", "--target", target, *quiet, *words)
        directory = self.home / "recordings" / told["id"]
        return Opened(told["id"], told["port"], directory, told["process"])

    def admit(self, session: Opened, address: str = "127.0.0.1") -> None:
        """Let the tests' own address in, which is no candidate's."""
        done = self.run("session", "allow", session.id, address, "--force")
        assert done.returncode == 0, done.stderr
