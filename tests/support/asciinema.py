"""Stock asciinema, version 2, as a user has it: for what it reads of ours."""

from __future__ import annotations

import fcntl
import os
import pty
import shutil
import subprocess
import termios
from pathlib import Path

import pytest


def run_asciinema(home: Path, *arguments: str) -> bytes:
    """Run it on a terminal of its own; return what it printed."""
    asciinema = shutil.which("asciinema")
    if asciinema is None:
        pytest.skip("asciinema is not installed")
    keyboard, terminal = pty.openpty()
    try:
        done = subprocess.run(
            [asciinema, *arguments],
            capture_output=True,
            timeout=60,
            check=False,
            stdin=terminal,
            env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            start_new_session=True,
            # `asciinema cat` insists on a controlling terminal.
            preexec_fn=lambda: fcntl.ioctl(terminal, termios.TIOCSCTTY, 0),
        )
    finally:
        os.close(keyboard)
        os.close(terminal)
    assert done.returncode == 0, done.stderr
    return done.stdout
