"""Killing what records while output runs, and telling from outside what was lost.

Times are the kernel's monotonic clock, in seconds, as the journal's own `monotonic` is.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.end_to_end.support.client import SshClient

SAMPLE = 0.01
"""Seconds between two looks at how long a process waited for a processor."""

STARVED_OVER = 1.0
"""Seconds before a kill in which such waiting counts: a flush that is late by it lies in there."""


@dataclass
class Received:
    """What a client got, and when."""

    data: bytearray = field(default_factory=bytearray)
    times: list[tuple[float, int]] = field(default_factory=list)

    def until(self, moment: float) -> int:
        """Return how many bytes had come by then."""
        return max((size for t, size in self.times if t <= moment), default=0)

    def since(self, size: int) -> float | None:
        """Return when the first byte beyond ``size`` came, None where none did."""
        return next((t for t, total in self.times if total > size), None)


@contextmanager
def receiving(client: SshClient, command: str) -> Iterator[Received]:
    """Run a command on a terminal through ssh, and note all that it shows."""
    got = Received()
    with client.started(command, flags=["-tt"]) as process:
        assert process.stdout is not None
        stream = process.stdout.fileno()

        def read() -> None:
            while block := os.read(stream, 1 << 16):
                got.data += block
                got.times.append((time.monotonic(), len(got.data)))

        thread = threading.Thread(target=read)
        thread.start()
        try:
            yield got
            assert process.wait(timeout=60) != 0
        finally:
            process.kill()
            thread.join(timeout=60)


def writer_of(session: Path) -> int:
    """Return the process that writes a recording."""
    journal = str(session / "session.jsonl")
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            for link in (entry / "fd").iterdir():
                flags = (entry / "fdinfo" / link.name).read_text().split("flags:\t")[1]
                if str(link.readlink()) == journal and int(flags.split()[0], 8) & os.O_WRONLY:
                    return int(entry.name)
        except OSError:
            continue
    raise AssertionError(f"nobody writes {journal}")


def with_descendants(process: int) -> list[int]:
    """Return a process and all that it started, and they."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    family = [process]
    for one in family:
        family += [child for child, parent in parents.items() if parent == one]
    return family


def kill_all(processes: list[int]) -> None:
    """Kill as the kernel does when memory is out."""
    for process in processes:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            continue


class Starvation:
    """How long a process that could run was not given a processor: this machine's, not its own."""

    def __init__(self, process: int) -> None:
        self._place = Path(f"/proc/{process}/schedstat")
        self._samples: list[tuple[float, float]] = [(time.monotonic(), self._waited())]

    def sleep(self, seconds: float) -> None:
        """Let time pass, and look."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            time.sleep(min(SAMPLE, left))
            self._samples.append((time.monotonic(), self._waited()))

    def before(self, moment: float) -> float:
        """Return the seconds that it waited in the last second before a moment."""
        counted = [waited for t, waited in self._samples if t >= moment - STARVED_OVER]
        return counted[-1] - counted[0]

    def so_far(self) -> float:
        """Return the seconds that it has waited since this began."""
        return self._waited() - self._samples[0][1]

    def _waited(self) -> float:
        # Nanoseconds on the run queue; Documentation/scheduler/sched-stats in the kernel's sources.
        return int(self._place.read_text().split()[1]) / 1e9
