"""Follows a recording's journal alone: for those who need no terminal's bytes.

Its lines are told in the order in which they were written, each once, as soon as they are complete.
What a line means is nothing to it, and it never writes.
"""

from __future__ import annotations

from pathlib import Path

from recorder.errors import RecordingError, SessionNotFoundError
from recorder.recording.cast_file import Lines
from recorder.recording.journal import JOURNAL_NAME, JournalEntry, decode_entry

MOST_AT_ONCE = 5000
"""Lines taken in one go: a journal that a candidate has made long is told in portions."""


class JournalTail:
    """Reads one journal, again and again while it grows."""

    def __init__(self, directory: Path) -> None:
        """Open it.

        Raises:
            SessionNotFoundError: There is no recording in the directory.

        """
        try:
            self._lines = Lines(directory / JOURNAL_NAME)
        except OSError as error:
            raise SessionNotFoundError(
                f"no recording in {directory} ({error.strerror})", "`jumpseat` lists what there is"
            ) from error

    def take(self) -> tuple[JournalEntry, ...]:
        """Return what is new, at most `MOST_AT_ONCE` lines; lines that are damaged are left out."""
        found: list[JournalEntry] = []
        for _ in range(MOST_AT_ONCE):
            line = self._lines.next()
            if line is None:
                break
            try:
                entry = decode_entry(line[1])
            except RecordingError:
                continue
            if entry is not None:
                found.append(entry)
        return tuple(found)

    def close(self) -> None:
        """Close the file."""
        self._lines.close()
