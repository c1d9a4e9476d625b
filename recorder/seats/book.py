"""The interviewers' file as it is at this moment: read again whenever it has changed.

While it cannot be read nobody new is let in, and who is in stays: a slip of the editor must neither
open the door nor end the interviews that run.
"""

from __future__ import annotations

import logging
from pathlib import Path

from recorder.errors import InterviewersError
from recorder.seats.interviewers import Interviewers, read_interviewers

_log = logging.getLogger(__name__)

NOBODY = Interviewers({})

_Stamp = tuple[int, ...] | None


class Book:
    """The file, and what was last read of it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: _Stamp = None
        self._settled: _Stamp = None
        self._current: Interviewers | None = None

    def current(self) -> Interviewers:
        """Return who may come in now; nobody while the file cannot be used."""
        stamp = _stamp(self._path)
        if stamp != self._stamp or stamp is None:
            self._read(stamp)
        return self._current or NOBODY

    def settled(self) -> Interviewers | None:
        """Return what holds for those who are in; None where that cannot be told yet.

        A file that has changed since the last call may be half written.
        """
        current = self.current()
        quiet = self._settled == self._stamp
        self._settled = self._stamp
        return current if quiet and self._current is not None else None

    def _read(self, stamp: _Stamp) -> None:
        try:
            self._current = read_interviewers(self._path)
        except InterviewersError as error:
            if self._current is not None or stamp != self._stamp:
                _log.error("nobody new gets a seat: %s", error)
            self._current = None
        else:
            if self._stamp is not None:
                _log.info("read %s again: %d interviewers", self._path, len(self._current.keys))
        self._stamp = stamp


def _stamp(path: Path) -> _Stamp:
    try:
        status = path.stat()
    except OSError:
        return None
    return (
        status.st_dev, status.st_ino, status.st_size, status.st_mode, status.st_uid,
        status.st_mtime_ns, status.st_ctime_ns,
    )  # fmt: skip
