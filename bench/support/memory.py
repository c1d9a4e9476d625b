"""How much memory a server takes with all that it started: proportional shares, in bytes.

Source: Pss of /proc/PID/smaps_rollup, proc(5); what processes share is counted once.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

from bench.support.keys import Crowd
from bench.support.ways import DIRECT, Way

_STEADY = 0.005
_LOOKS = 40


def tree(process: int) -> list[int]:
    """Return a process and those below it."""
    found, waiting = [], [process]
    while waiting:
        each = waiting.pop()
        found.append(each)
        try:
            children = Path(f"/proc/{each}/task/{each}/children").read_text()
        except OSError:
            continue
        waiting += [int(word) for word in children.split()]
    return found


def share(process: int) -> int:
    """Return the bytes of one process, 0 when it has ended."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    lines = [line.split() for line in text.splitlines()]
    return next((int(line[1]) * 1024 for line in lines if line[0] == "Pss:"), 0)


def settled(server: int, *, only: str = "") -> int:
    """Return the bytes of a server's processes once they stay as they are."""
    last = 0
    for _ in range(_LOOKS):
        now = sum(share(each) for each in tree(server) if only in _name(each))
        if abs(now - last) <= _STEADY * now:
            return now
        last = now
        time.sleep(0.5)
    return last


def of_idle_session(way: Way, count: int) -> float:
    """Return the bytes that each further idle session adds to the server.

    Of the direct way sshd's own processes are counted, not the programs that users run.
    """
    only = "sshd" if way.name == DIRECT else ""
    with ExitStack() as stack:
        crowd = Crowd(way, stack)
        crowd.grow(1)
        before = settled(way.server, only=only)
        crowd.grow(1 + count)
        return (settled(way.server, only=only) - before) / count


def _name(process: int) -> str:
    try:
        return Path(f"/proc/{process}/comm").read_text()
    except OSError:
        return ""
