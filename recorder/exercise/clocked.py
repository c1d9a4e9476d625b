"""The exercise's clock as a recording's journal tells of it: started when, how long in all.

Reads only what the journal has grown by, so that a live session can be asked again and again. What
the phases of a clock are called, the plan says.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from recorder.errors import RecordingError
from recorder.recording.journal import JOURNAL_NAME, decode_entry
from recorder.recording.session_entries import ClockEnded, ClockExtended, ClockStarted

_EVENT = b'"clock-'


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRun:
    """A clock that was started; seconds since the session's start, ``length`` with extensions.

    ``ended`` is None where it did not run out.
    """

    started: float
    length: float
    ended: float | None = None


class ClockReader:
    """Follows one journal."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / JOURNAL_NAME
        self._offset = 0
        self._started: float | None = None
        self._length = 0.0
        self._ended: float | None = None

    def read(self) -> ClockRun | None:
        """Take in what is new; return the clock, None while it was not started.

        A line that is damaged, or not whole yet, is passed over; others tell of the first.
        """
        try:
            with self._path.open("rb") as journal:
                journal.seek(self._offset)
                for line in journal:
                    if not line.endswith(b"\n"):
                        break
                    self._offset += len(line)
                    if _EVENT in line:
                        self._take(line)
        except OSError:
            pass
        if self._started is None:
            return None
        return ClockRun(started=self._started, length=self._length, ended=self._ended)

    def _take(self, line: bytes) -> None:
        try:
            entry = decode_entry(line)
        except RecordingError:
            return
        match entry:
            case ClockStarted():
                self._started, self._length = entry.t, entry.length
            case ClockExtended():
                self._length = entry.length
            case ClockEnded():
                self._ended = entry.t
            case _:
                pass
