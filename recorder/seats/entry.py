"""What the program that draws a seat does first: take its terminal, and end with whoever gave it.

Called in the seat's own process. Only calls to the kernel belong here.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import signal
import sys
import termios
from pathlib import Path

from recorder.practice.kernel import die_with_parent, forbid_new_privileges

PARENT = "JUMPSEAT_SEAT_PARENT"
"""The variable that holds the process id of the seat's server."""

_FIRST_TO_GO = "500"


def take_terminal() -> None:
    """Make standard input the controlling terminal, and let the hang-up of it end this process.

    Raises:
        OSError: Standard input is no terminal of ours.

    """
    # Whoever started the server may have had it ignore the hang-up.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    die_with_parent(signal.SIGKILL)
    if os.environ.get(PARENT) != str(os.getppid()):
        sys.exit(1)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    forbid_new_privileges()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Where memory runs out, a seat is to go, and no relay.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO)
