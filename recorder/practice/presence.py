"""Who is logged in, for ``who``, ``w`` and ``last``: the files utmp and wtmp of the sandbox.

The form is utmp(5)'s on x86-64; other machines lay it out in another way, there nothing is written.
Only the standard library and ``tree`` may be imported.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
import time
from pathlib import Path

from recorder.practice import tree

FROM = "10.20.0.7"
_TIOCGPTN = 0x80045430
_USER_PROCESS = 7
_DEAD_PROCESS = 8
# type, pid, line, id, user, host, exit status (2), session, seconds, microseconds, address, unused
_RECORD = struct.Struct("=h2xi32s4s32s256s2h3i16s20s")


class Presence:
    """Writes a record when a terminal is given out, and one when its program has ended."""

    def __init__(self, root: Path) -> None:
        self._utmp = root / "run/utmp"
        self._wtmp = root / "var/log/wtmp"
        self._lines: dict[int, tuple[int, str]] = {}
        self._works = os.uname().machine == "x86_64"

    def came(self, pid: int, user: str, master: int) -> None:
        """Note a login; ``master`` is the terminal's."""
        number = int(struct.unpack("i", fcntl.ioctl(master, _TIOCGPTN, bytes(4)))[0])
        self._lines[pid] = (number, user)
        self._write(_USER_PROCESS, pid, number, user)

    def went(self, pid: int) -> None:
        """Note that a program has ended, if it had a terminal."""
        if pid in self._lines:
            number, _ = self._lines.pop(pid)
            self._write(_DEAD_PROCESS, pid, number, "")

    def _write(self, kind: int, pid: int, number: int, user: str) -> None:
        if not self._works:
            return
        host = FROM if user else ""
        record = _RECORD.pack(
            kind, pid, f"pts/{number}".encode(), f"{number}".encode(), user.encode(),
            host.encode(), 0, 0, pid, int(time.time()), 0, b"", b"",
        )  # fmt: skip
        # The candidate may have removed them; then there is nothing to keep.
        with contextlib.suppress(OSError):
            with os.fdopen(tree.open_plain(self._utmp, os.O_RDWR), "r+b") as file:
                file.seek(number * _RECORD.size)
                file.write(record)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            with os.fdopen(tree.open_plain(self._wtmp, flags), "ab") as file:
                file.write(record)
