"""Other tools that record a terminal, run as a person runs them, on a pty of our own.

What they print on that pty is kept with the sizes that it had: the original, against which their
recording is held.
"""

from __future__ import annotations

import fcntl
import os
import select
import struct
import termios
import time
from collections.abc import Sequence
from pathlib import Path

from analyzer.terminal import Terminal
from tests.support.on_pty import start_on_pty

DEADLINE = 60.0
PROMPT = "candidate@web01:~$ "
SHELL = "bash --noprofile --rcfile rc"
"""A shell that is not interactive, as recorders start one between, drops PS1."""


class Recorded:
    """A recorder on a pty; keys go in, and all that it prints is kept."""

    def __init__(self, argv: Sequence[str], home: Path, columns: int, lines: int) -> None:
        self.original = Terminal(columns, lines)
        self.output = b""
        self._seen = b""
        (home / "rc").write_text(f"PS1='{PROMPT.replace('~', chr(92) + 'w')}'\n")
        self._process, self._master = start_on_pty(argv, _environment(home), columns, lines)

    def expect(self, wanted: str) -> None:
        """Read until this has been printed since the last call."""
        deadline = time.monotonic() + DEADLINE
        while wanted.encode() not in self._seen:
            ready, _, _ = select.select(
                [self._master], [], [], max(0.0, deadline - time.monotonic())
            )
            assert ready, f"{wanted!r} did not come, but {self._seen!r}"
            assert self._read(), f"it ended before {wanted!r} came"
        self._seen = self._seen.partition(wanted.encode())[2]

    def keys(self, text: str) -> None:
        """Press keys."""
        os.write(self._master, text.encode())

    def line(self, text: str) -> None:
        """Type a line as it is echoed, enter it, and wait for the prompt."""
        for key in text:
            self.keys(key)
            self.expect(key)
        self.keys("\r")
        self.expect(PROMPT)

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size, at a quiet moment."""
        self.original.resize(columns, lines)
        self._resize(self._master, columns, lines)

    def finish(self) -> None:
        """Leave the shell and read to the end."""
        self.keys("exit\r")
        deadline = time.monotonic() + DEADLINE
        while True:
            ready, _, _ = select.select(
                [self._master], [], [], max(0.0, deadline - time.monotonic())
            )
            assert ready, "it does not end"
            if not self._read():
                break
        assert self._process.wait(timeout=DEADLINE) == 0
        os.close(self._master)

    def kill(self) -> None:
        """End it, whatever it does."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
            os.close(self._master)

    def _read(self) -> bool:
        try:
            data = os.read(self._master, 65536)
        except OSError:
            # Linux reports that the other end is gone as EIO.
            return False
        self._seen += data
        self.output += data
        self.original.feed(data)
        return bool(data)

    @staticmethod
    def _resize(descriptor: int, columns: int, lines: int) -> None:
        fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def _environment(home: Path) -> dict[str, str]:
    return {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "SHELL": "/bin/bash",
        "HISTFILE": "",
        "LC_ALL": "C.UTF-8",
        "EXINIT": "set nomodeline",
        "LESSHISTFILE": "-",
    }
