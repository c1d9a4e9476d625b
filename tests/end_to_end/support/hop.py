"""`jumpseat` as a real process: the jump host, and every other verb against the same home."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any

from tests.end_to_end.support.waiting import wait_for
from tests.support.empty_store import put_empty_store
from tui.main import run

JUMPSEAT = Path(sys.executable).parent / "jumpseat"
"""The console script of the environment that runs the tests."""

_LISTENING = re.compile(r"^listening on (\S+):(\d+)$", re.MULTILINE)


def environment(directory: Path) -> dict[str, str]:
    """Return variables that keep a process of ours away from this machine's own settings."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(directory),
        "XDG_DATA_HOME": str(directory / "share"),
        "LANG": "C.UTF-8",
    }


class Hop:
    """One `jumpseat serve`; its home and what it printed lie in ``directory``.

    It shows no words of consent unless it is asked to: most tests compare with a direct connection.
    """

    def __init__(self, directory: Path, target: str, *words: str) -> None:
        self.directory = directory
        self.home = directory / "home"
        consent = () if "--consent" in words else ("--consent", "elsewhere")
        self.argv = [
            str(JUMPSEAT), "serve", "--home", str(self.home), "--target", target,
            "--listen", "127.0.0.1:0", *consent, *words,
        ]  # fmt: skip
        self.out = directory / "serve.out"
        self.err = directory / "serve.err"
        self.port = 0
        self.variables: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None
        directory.mkdir(parents=True, exist_ok=True)

    def start(self) -> None:
        """Start it, and return when it says that it is ready."""
        if "--db" not in self.argv:
            # `Host` starts in homes where there is nothing.
            put_empty_store(self.home)
        with self.out.open("wb") as out, self.err.open("ab") as err:
            self._process = subprocess.Popen(
                self.argv, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                env=environment(self.directory) | self.variables, cwd=self.directory,
            )  # fmt: skip

        def ready() -> re.Match[str] | None:
            if not self.running:
                self._process = None
                raise AssertionError(f"serve ended: {self.err.read_text()}")
            return _LISTENING.search(self.out.read_text())

        said = wait_for(ready, "line `listening on`", detail=self.err.read_text)
        assert said[1] == "127.0.0.1"
        self.port = int(said[2])

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process, which must have been started."""
        assert self._process is not None
        return self._process

    @property
    def session_process(self) -> int:
        """The id of the process that holds the only session: it relays and records."""
        (found,) = session_processes(self.process.pid)
        return found

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end, and check that it did so in order."""
        if self._process is None:
            return
        process, self._process = self._process, None
        if process.poll() is None:
            process.send_signal(how)
        try:
            status = process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        assert status == 0, self.err.read_text()
        self.assert_no_traceback()

    def assert_no_traceback(self) -> None:
        """Check that no process of ours stumbled, by what they said and what they logged."""
        for place in [self.out, self.err, *(self.home / "logs").glob("*")]:
            assert "Traceback" not in place.read_text(), f"{place}:\n{place.read_text()}"

    def kill(self) -> None:
        """End it as the kernel's out-of-memory killer would."""
        process, self._process = self.process, None
        process.kill()
        process.wait(timeout=60)

    def jumpseat(self, *words: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
        """Run another verb against the same home."""
        return run_jumpseat(
            *words, "--home", str(self.home), directory=self.directory, timeout=timeout
        )

    def json(self, *words: str) -> Any:  # what JSON holds is for the test to check
        """Run a verb with --json and return what it printed; what it says beside that is dropped.

        In this process, as to start another takes longer than the verb; `jumpseat` starts one.
        """
        printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        with redirect_stdout(printed), redirect_stderr(said := io.StringIO()):
            status = run([*words, "--json", "--home", str(self.home)])
        assert status == 0, said.getvalue()
        printed.seek(0)
        return json.load(printed)

    @property
    def session(self) -> Path:
        """The directory of the youngest recording."""
        # Ids are not promised to sort by time, the journal's first write is.
        found = list((self.home / "recordings").iterdir())
        assert found, "no recording"
        return max(found, key=lambda each: (each / "session.jsonl").stat().st_ctime_ns)


def session_processes(host: int) -> list[int]:
    """Return the ids of the processes in which a host keeps its sessions."""
    return children_with(host, b"recorder.session_process")


def children_with(parent: int, word: bytes) -> list[int]:
    """Return the ids of a process's children that have a word in their command line."""
    found = []
    for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        # It may end while it is looked at.
        with suppress(FileNotFoundError, ProcessLookupError):
            if word in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(int(child))
    return found


def is_gone(process: int) -> bool:
    """Return whether a process has ended; what nobody has waited for yet has ended, too."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


def run_jumpseat(
    *words: str, directory: Path, timeout: float = 60, powerless: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run `jumpseat` to its end; ``powerless`` takes root's right to pass over permissions."""
    # The environment of the tests may lie where no other user can enter, so root stays root.
    bound = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if powerless else []
    return subprocess.run(
        [*bound, str(JUMPSEAT), *words], env=environment(directory), cwd=directory,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, check=False,
    )  # fmt: skip
