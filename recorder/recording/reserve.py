"""Room kept free on the disk, so that a recording that filled it can still be ended in order.

A full disk is the likeliest failure of a recording. Its last lines and its manifest are small, but
they need room at the very moment at which there is none. Nothing is ever written into the room.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

RESERVE_BYTES = 512 * 1024
"""Enough for the last lines, the manifest, and for the store to take note."""


class Reserve:
    """Blocks of a file that has no name: however the process ends, they are free again."""

    def __init__(self, directory: Path, size: int = RESERVE_BYTES) -> None:
        """Take the room, on the file system of ``directory``.

        Raises:
            OSError: There is not that much room.

        """
        descriptor, name = tempfile.mkstemp(dir=directory)
        self._descriptor: int | None = descriptor
        try:
            Path(name).unlink()
            os.posix_fallocate(descriptor, 0, size)
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Give the room back. May be called twice."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
