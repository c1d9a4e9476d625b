"""How much of the machine the sandbox may take: processes, memory, files.

Set by the sandbox's first process on itself and inherited by all that it starts. It takes no rights
to set them. A limit cannot be raised again inside: the kernel asks for capabilities over the whole
machine, which root of the sandbox does not have. Only the standard library may be imported.
"""

from __future__ import annotations

import os
import re
import resource
from pathlib import Path

PROCESSES = 200
_RESERVE = 16  # for the first process: a login while the candidate's bound is used up
_DATA = 1 << 30  # bytes of private memory a process
_OPEN_FILES = (1024, 4096)
_FIRST_TO_GO = 1000  # oom_score_adj: before anything of the machine's own
# Since then RLIMIT_NPROC counts in each user namespace; before, all that the user has anywhere.
_COUNTS_APART = (5, 14)


def bound_resources() -> None:
    """Bound memory and files, and be the first choice of the kernel's out-of-memory killer.

    To be called before rights are dropped: only who has them can make that choice final. Address
    space is left alone: some language runtimes reserve far more of it than they use.
    """
    Path("/proc/self/oom_score_adj").write_text(str(_FIRST_TO_GO))
    _lower(resource.RLIMIT_CORE, 0, 0)
    _lower(resource.RLIMIT_DATA, _DATA, _DATA)
    _lower(resource.RLIMIT_NOFILE, *_OPEN_FILES)


def uncounted_tasks(*, own_namespace: bool) -> int:
    """Return how many tasks, not the sandbox's, the kernel will count against its bound.

    To be asked while the machine's /proc can still be seen.

    Args:
        own_namespace: Whether the bound is going to be set in a user namespace of its own.

    """
    numbers = re.match(r"(\d+)\.(\d+)", os.uname().release)
    if own_namespace and numbers and (int(numbers[1]), int(numbers[2])) >= _COUNTS_APART:
        return 0
    return sum(_tasks_of(process, os.getuid()) for process in Path("/proc").glob("[0-9]*"))


def _tasks_of(process: Path, uid: int) -> int:
    try:
        return sum(1 for _ in (process / "task").iterdir()) if process.stat().st_uid == uid else 0
    except OSError:  # it has ended
        return 0


def bound_tasks(uncounted: int) -> None:
    """Bound the first process, and the user namespace that it makes next, as a whole."""
    count = uncounted + PROCESSES + _RESERVE
    _lower(resource.RLIMIT_NPROC, count, count)


def leave_reserve() -> None:
    """Bound a process that the candidate is given so that the first process can start others."""
    count = max(1, resource.getrlimit(resource.RLIMIT_NPROC)[1] - _RESERVE)
    _lower(resource.RLIMIT_NPROC, count, count)


def _lower(which: int, soft: int, hard: int) -> None:
    """Set a limit, never above what this process was given."""
    given = resource.getrlimit(which)[1]
    if given != resource.RLIM_INFINITY:
        soft, hard = min(soft, given), min(hard, given)
    resource.setrlimit(which, (soft, hard))
