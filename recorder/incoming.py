"""Where sessions are while they are imported: a place of one's own, and what killed ones left.

Nothing of an import is visible before all of it was checked; and what an import that was killed had
unpacked must neither stay for ever nor outlive the session's purge.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from recorder.home import Home, make_private_directory


@contextlib.contextmanager
def incoming_place(home: Home) -> Iterator[Path]:
    """Give a place of one's own beside the recordings; remove those of imports that were killed.

    Raises:
        HomeError: The home cannot be written.

    """
    make_private_directory(home.incoming)
    place = home.incoming / secrets.token_hex(8)
    with contextlib.ExitStack() as stack:
        with _locked(home.incoming):
            make_private_directory(place)
            stack.callback(shutil.rmtree, place, ignore_errors=True)
            stack.enter_context(_locked(place))
            _sweep(home)
        yield place


def sweep_incoming(home: Home) -> None:
    """Remove what imports that were killed have left; those that go on are left alone."""
    if home.incoming.is_dir():
        with _locked(home.incoming):
            _sweep(home)


def _sweep(home: Home) -> None:
    for other in home.incoming.iterdir():
        with contextlib.suppress(OSError), _locked(other, wait=False):
            shutil.rmtree(other, ignore_errors=True)


@contextlib.contextmanager
def _locked(directory: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a directory's lock, which goes with the process, however that ends."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
