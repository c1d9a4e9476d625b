"""Programs on terminals of the bench's own, all read by one loop: what was drawn, and when.

One loop reads every terminal, so that the moments of two of them can be compared. What is measured
is no matter of this file.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Self

from analyzer.terminal import Terminal
from tests.support.on_pty import start_on_pty

_BLOCK = 1 << 16
PATIENCE = 60.0
"""Seconds after which something that was awaited counts as missing."""


class NotSeenError(Exception):
    """What was awaited was not drawn in time; the words say what, and what was on the screen."""


class Program:
    """A program on a terminal that is emulated.

    Attributes:
        started: When it was started; moments are seconds of the monotonic clock.
        read_at: When the last block of its output was read.
        drawn: Bytes that it wrote so far.
        listen: What is done with its output: it is drawn.

    """

    def __init__(
        self, argv: Sequence[str], environment: Mapping[str, str], columns: int, lines: int
    ) -> None:
        self.terminal = Terminal(columns, lines)
        self.started = self.read_at = time.monotonic()
        self.drawn = 0
        self.listen: Callable[[bytes], object] = self.terminal.feed
        self.process, self.master = start_on_pty(argv, environment, columns, lines)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def text(self) -> str:
        """What its screen shows."""
        return "\n".join(self.terminal.display)

    @property
    def row(self) -> str:
        """The row of its cursor, up to the cursor."""
        cursor = self.terminal.cursor
        return self.terminal.display[cursor.y][: cursor.x]

    def type(self, text: str) -> None:
        """Send keys."""
        os.write(self.master, text.encode())

    def take(self) -> bool:
        """Read what it wrote; return whether it goes on."""
        try:
            data = os.read(self.master, _BLOCK)
        except OSError:
            return False
        self.read_at = time.monotonic()
        self.drawn += len(data)
        self.listen(data)
        return bool(data)

    def close(self) -> None:
        """End it, and whatever it left in its session."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGHUP)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        os.close(self.master)


def run_until(programs: Iterable[Program], true: Callable[[], object], what: str) -> float:
    """Read the programs until something is so; return when that was seen.

    Raises:
        NotSeenError: It was not so in time, or a program ended.

    """
    programs = tuple(programs)
    end = time.monotonic() + PATIENCE
    with selectors.DefaultSelector() as selector:
        for each in programs:
            selector.register(each.master, selectors.EVENT_READ, each)
        while not true():
            ready = selector.select(max(0.0, end - time.monotonic()))
            ended = [key.data for key, _ in ready if not key.data.take()]
            if (not ready or ended) and not true():
                shown = "\n\n".join(each.text for each in programs)
                raise NotSeenError(f"{what} was not seen:\n{shown}")
    return time.monotonic()


def run_for(programs: Iterable[Program], seconds: float) -> None:
    """Read the programs for some time."""
    end = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        for each in programs:
            selector.register(each.master, selectors.EVENT_READ, each)
        while (rest := end - time.monotonic()) > 0:
            for key, _ in selector.select(rest):
                key.data.take()


def processor_seconds(process: int) -> float:
    """Return the seconds that a process and its threads have used of a processor."""
    text = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
