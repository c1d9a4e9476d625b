"""A jump host on a practice server, a candidate on it through the stock ssh, and the seat.

Only starts and ends things; what is typed and measured is the benches'.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.support.seat_pty import Program, run_until
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import Hop

PASSWORD = "CHANGE_ME!"  # noqa: S105 - the practice server's, and no secret
SEAT = (200, 50)
"""Columns and rows of the viewer's terminal."""

CANDIDATE = (120, 40)


@dataclass(frozen=True, slots=True)
class Played:
    """What runs: the host, and the candidate at a prompt."""

    hop: Hop
    candidate: Program

    @property
    def home(self) -> Path:
        """The home of the host."""
        return self.hop.home


def seat(home: Path, *words: str, size: tuple[int, int] = SEAT) -> Program:
    """Start `jumpseat` with a verb on a terminal of its own."""
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm-256color",
        "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    program = str(Path(sys.executable).parent / "jumpseat")
    return Program([program, *words, "--home", str(home)], environment, *size)


@contextmanager
def played(directory: Path) -> Iterator[Played]:
    """Start a host and a candidate, and log the candidate in."""
    with ExitStack() as stack:
        hop = Hop(directory / "hop", "practice")
        hop.start()
        stack.callback(hop.stop)
        place = directory / "candidate"
        place.mkdir()
        client = SshClient(directory=place, port=hop.port, user="candidate", passwords=(PASSWORD,))
        candidate = stack.enter_context(
            Program(client.argv(), _with_terminal(client.environment()), *CANDIDATE)
        )
        run_until([candidate], lambda: candidate.row.endswith("$ "), "the candidate's prompt")
        yield Played(hop, candidate)


def _with_terminal(environment: Mapping[str, str]) -> dict[str, str]:
    return {**environment, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}


def words(seed: int, count: int) -> Iterator[str]:
    """Yield made-up letters, one by one, the same for a seed."""
    source = random.Random(seed)
    for _ in range(count):
        yield source.choice("bcdfghjklmnpqrstvwxz")
