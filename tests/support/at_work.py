"""Whether programs on a terminal are at work, as the kernel has it.

That nothing was drawn for a moment means that a program waits only where it could have drawn: on a
busy machine it may just not have been given a processor. What ends a wait belongs to the callers.
"""

from __future__ import annotations

from pathlib import Path

_AT_WORK = frozenset("RD")
"""Running or able to, and waiting for a disk (proc_pid_stat(5))."""


def is_at_work(process: int) -> bool:
    """Return whether a process could go on by itself."""
    return _state(Path(f"/proc/{process}")) in _AT_WORK


def any_at_work(home: Path) -> bool:
    """Return whether any process that has this home directory could go on by itself."""
    needle = f"HOME={home}\0".encode()
    return any(
        _state(entry) in _AT_WORK and needle in _read(entry / "environ")
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit()
    )


def is_running(home: Path, *argv: str) -> bool:
    """Return whether a program runs, by these words, that has this home directory."""
    words = b"".join(word.encode() + b"\0" for word in argv)
    needle = f"HOME={home}\0".encode()
    return any(
        _read(entry / "cmdline") == words and needle in _read(entry / "environ")
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit()
    )


def _state(process: Path) -> str:
    return _read(process / "stat").rpartition(b")")[2].decode()[1:2]


def _read(path: Path) -> bytes:
    """Return what the kernel says of a process, nothing where it has ended."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
