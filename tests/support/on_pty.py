"""Starts a program on a pty of its own, as a terminal would; how it is played is the callers'."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence


def start_on_pty(
    argv: Sequence[str], environment: Mapping[str, str], columns: int, lines: int
) -> tuple[subprocess.Popen[bytes], int]:
    """Start a program in its home, with nothing but ``environment``; return it and its master."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    process = subprocess.Popen(
        argv,
        env=environment,
        cwd=environment["HOME"],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        preexec_fn=_own_the_terminal,  # noqa: PLW1509 - no thread runs here
    )
    os.close(slave)
    return process, master


def _own_the_terminal() -> None:
    # Whoever runs the tests may ignore Ctrl-C; a login shell does not.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
