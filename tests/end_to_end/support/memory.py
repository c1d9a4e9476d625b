"""How much memory a jump host takes, with the processes that relay and record for it."""

from __future__ import annotations

from pathlib import Path


def peak_memory(process: int) -> dict[int, int]:
    """Return the most bytes that a process and those below it have ever occupied, by their ids.

    The analysis, which may lag and is no part of the relay, is left out. Source: VmHWM in
    proc_pid_status(5).
    """
    found: dict[int, int] = {}
    waiting = [process]
    while waiting:
        each = waiting.pop()
        try:
            status = Path(f"/proc/{each}/status").read_text()
            if b"analyzer" in Path(f"/proc/{each}/cmdline").read_bytes():
                continue
            children = Path(f"/proc/{each}/task/{each}/children").read_text()
        except OSError:
            continue
        lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        found[each] = int(lines["VmHWM"].split()[0]) * 1024
        waiting += [int(word) for word in children.split()]
    return found


def growth(before: dict[int, int], after: dict[int, int]) -> int:
    """Return by how many bytes the peak of any one process has grown."""
    return max(peak - before.get(process, peak) for process, peak in after.items())
