"""The demo's processes: the jump host and the candidate, started, awaited and ended.

What starts here ends here, whatever happens in between. Nothing is drawn or judged.
"""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from recorder.exercise.loader import shipped_directory
from recorder.home import PRIVATE_FILE, Home
from tui.cli.errors import DemoError
from tui.cli.settings import CONFIG, DATABASE_URL, Settings

_READY = 30.0
_END = 20.0
_PREFIX = "listening on "


class Stage:
    """A running jump host on a practice server, and a candidate on it.

    Attributes:
        address: Where the jump host listens, ADDR:PORT.

    """

    def __init__(
        self, host: subprocess.Popen[bytes], candidate: subprocess.Popen[bytes], address: str
    ) -> None:
        self.address = address
        self._host = host
        self._candidate = candidate
        self._closing = threading.Lock()

    @property
    def is_over(self) -> bool:
        """Whether the candidate types no more: at the script's end, or stuck in it."""
        return self._candidate.poll() is not None

    def play(self) -> None:
        """Wait for the candidate, then end the session in order.

        Raises:
            DemoError: The candidate got stuck, or the jump host did not end well.

        """
        status = self._candidate.wait()
        self.close()
        if status != 0:
            raise DemoError("the scripted candidate did not get to the end of its script")
        if self._host.returncode != 0:
            raise DemoError(f"the jump host ended with status {self._host.returncode}")

    def close(self) -> None:
        """End both processes: the candidate first, so that the session ends in order."""
        with self._closing:
            for process in (self._candidate, self._host):
                _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def staged(settings: Settings, *, unconfined: bool, watched: bool) -> Iterator[Stage]:
    """Start the jump host and the candidate; both are gone when the block ends.

    Args:
        settings: Home and store of the demo.
        unconfined: Let the practice server run where it cannot be walled off.
        watched: Somebody looks on: the candidate types as slowly as a person, and what the
            processes have to say goes to the log instead of stderr.

    Raises:
        DemoError: The jump host did not start; the cause is what it said.

    """
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jumpseat-demo-")))
        log = stack.enter_context(_open_log(settings.home))
        host = _start_host(settings, log, unconfined=unconfined)
        stack.callback(_close_pipe, host)
        stack.callback(_end, host)
        address = _await_address(host, settings.home)
        candidate = subprocess.Popen(
            [
                *(sys.executable, "-P", "-m", "tui.demo.candidate"),
                *(address.rpartition(":")[2], str(directory), "watched" if watched else "brisk"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log if watched else None,
            start_new_session=True,
        )
        stage = Stage(host, candidate, address)
        stack.callback(stage.close)
        yield stage


def log_path(home: Home) -> Path:
    """Return where the demo's processes leave what they have to say."""
    return home.logs / "demo.log"


def _open_log(home: Home) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    return os.fdopen(os.open(log_path(home), flags, PRIVATE_FILE), "wb")


def _start_host(settings: Settings, log: BinaryIO, *, unconfined: bool) -> subprocess.Popen[bytes]:
    # Its settings are complete on its command line and in its environment: a settings file for
    # real interviews must not reach into the demo.
    environment = os.environ | {DATABASE_URL: settings.database_url, CONFIG: os.devnull}
    arguments = [
        *("--home", str(settings.home.path), "serve", "--target", "practice"),
        *("--listen", "127.0.0.1:0", "--candidate", "the demo's script"),
        # The shipped file itself: a team's own of the same name is for their interviews.
        *("--exercise", str(shipped_directory() / "ghost.toml")),
        *(("--unconfined",) if unconfined else ()),
    ]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "tui.main", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        env=environment,
        start_new_session=True,
    )


def _await_address(host: subprocess.Popen[bytes], home: Home) -> str:
    """Return the address that the jump host says it listens on."""
    for line in _lines(host):
        if line.startswith(_PREFIX):
            return line.removeprefix(_PREFIX)
    _end(host)
    said = log_path(home).read_text(errors="replace").strip().splitlines()
    cause = said[-1].removeprefix("jumpseat: ") if said else "it said nothing"
    raise DemoError(f"the jump host did not start: {cause}")


def _lines(host: subprocess.Popen[bytes]) -> Iterator[str]:
    """Yield lines of the jump host's output until it ends or is too late."""
    if host.stdout is None:
        raise ValueError("the jump host was started without a pipe")
    deadline = time.monotonic() + _READY
    with selectors.DefaultSelector() as selector:
        selector.register(host.stdout, selectors.EVENT_READ)
        pending = b""
        while selector.select(max(0.0, deadline - time.monotonic())):
            block = os.read(host.stdout.fileno(), 4096)
            if not block:
                return
            *lines, pending = (pending + block).split(b"\n")
            yield from (line.decode(errors="replace") for line in lines)


def _close_pipe(host: subprocess.Popen[bytes]) -> None:
    if host.stdout is not None:
        host.stdout.close()
