"""A private place for a foreign recording while somebody looks at it; nothing of it stays.

The directory goes when the look ends, an interrupt, SIGTERM and a closed terminal included. What a
killed process (SIGKILL, power) had to leave behind is removed by whoever looks next.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

_PREFIX = "jumpseat-look-"
_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def private_place() -> Iterator[Path]:
    """Give an empty directory that only its owner may enter, and remove it at the end.

    Raises:
        OSError: It cannot be made.
        KeyboardInterrupt: SIGTERM or SIGHUP came meanwhile; the directory is gone then.

    """
    _sweep()
    with _interrupted_by_signals(), contextlib.ExitStack() as stack:
        place = _made(stack)
        # Before the lock is given up.
        stack.callback(shutil.rmtree, place, ignore_errors=True)
        yield place


def _made(stack: contextlib.ExitStack) -> Path:
    """Make a directory, and hold its lock until the stack closes.

    Raises:
        OSError: It cannot be made.

    """
    while True:
        place = Path(tempfile.mkdtemp(prefix=_PREFIX))
        with contextlib.suppress(BlockingIOError, FileNotFoundError):
            stack.enter_context(_locked(place))
            if place.is_dir():
                return place
        # Somebody who sweeps came before the lock, and took it for one that was left.


@contextlib.contextmanager
def _interrupted_by_signals() -> Iterator[None]:
    """Let signals that would end the process at once end it as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {
        number: signal.signal(number, _interrupt)
        for number in _SIGNALS
        # Who runs us under nohup wants to be left alone.
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _sweep() -> None:
    """Remove what processes of ours that were killed have left."""
    for place in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if place.is_symlink() or place.stat().st_uid != os.geteuid():
                continue
            with _locked(place):
                shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Hold a directory's lock, which goes with the process.

    Raises:
        OSError: Another process holds it, or the directory cannot be opened.

    """
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(directory, flags)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
