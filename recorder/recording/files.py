"""One file of a recording: created new and private, written only at its end.

Buffers in memory until it is told to write, so that appending neither waits nor fails. It knows
nothing of formats.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

from recorder.home import PRIVATE_FILE


class AppendFile:
    """Bytes on their way to a file, which comes into being with the first that are written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        self._buffer = bytearray()

    def append(self, data: bytes) -> None:
        """Keep bytes for the next flush."""
        self._buffer += data

    @property
    def pending(self) -> int:
        """Bytes kept."""
        return len(self._buffer)

    def open(self) -> int:
        """Create the file, once; return its descriptor.

        Raises:
            OSError: It exists, or cannot be created.

        """
        if self._descriptor is None:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
            self._descriptor = os.open(self.path, flags, PRIVATE_FILE)
        return self._descriptor

    def flush(self) -> None:
        """Write what was kept.

        Raises:
            OSError: It cannot be written, or nobody could find it; what was not stays kept.

        """
        if not self._buffer:
            return
        descriptor = self.open()
        while self._buffer:
            written = os.write(descriptor, self._buffer)
            del self._buffer[:written]
        # A file whose last name was removed takes all that is written, and then vanishes.
        if os.fstat(descriptor).st_nlink == 0:
            raise OSError(errno.ENOENT, "its file was removed", str(self.path))

    def discard(self) -> None:
        """Drop what is kept."""
        self._buffer.clear()

    def sync(self) -> None:
        """Force what was written to the disk; may block.

        Raises:
            OSError: The disk refused.

        """
        if self._descriptor is not None:
            os.fdatasync(self._descriptor)

    def close(self) -> None:
        """Close the file; what is still kept is lost."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
