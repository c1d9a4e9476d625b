"""Closes recordings whose recorder was killed, at the next start.

A torn last line is dropped with a warning; nothing that can be read is changed. Recordings that
another process still writes are left alone.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable
from pathlib import Path

from recorder.errors import RecordingError
from recorder.home import Home
from recorder.recording.journal import JOURNAL_NAME, SessionClosed, encode_entry
from recorder.recording.manifest import write_manifest
from recorder.recording.reader import RecordingReader

_log = logging.getLogger(__name__)
_BLOCK = 65536


def close_cut_off(home: Home, sign: Callable[[bytes], bytes]) -> list[str]:
    """Mark every recording that was left open as cut off; return the sessions' ids."""
    return [
        directory.name
        for directory in sorted(home.recordings.iterdir())
        if (directory / JOURNAL_NAME).is_file() and close_one_cut_off(directory, sign)
    ]


def close_one_cut_off(directory: Path, sign: Callable[[bytes], bytes]) -> bool:
    """Mark a recording as cut off if it was left open; return whether it was."""
    try:
        descriptor = os.open(directory / JOURNAL_NAME, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
    except OSError as error:
        _log.warning("cannot open the recording %s (%s)", directory.name, error.strerror)
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return False
    try:
        return _mark(directory, descriptor, sign)
    except (OSError, RecordingError) as error:
        _log.warning("cannot close the recording %s (%s)", directory.name, error)
        return False
    finally:
        os.close(descriptor)


def _mark(directory: Path, journal: int, sign: Callable[[bytes], bytes]) -> bool:
    with RecordingReader(directory, abandoned=True) as reader:
        last = max((event.t for event in reader.read()), default=0.0)
        if reader.closed is not None or reader.opened is None:
            return False
        session = reader.opened.session
    drop_torn_lines(directory)
    os.write(journal, encode_entry(SessionClosed(t=last, reason="cut-off")))
    os.fsync(journal)
    write_manifest(directory, session, sign)
    _log.warning("session %s was cut off; its recording is closed now", session)
    return True


def drop_torn_lines(directory: Path) -> None:
    """Cut every file that has lines after its last complete one.

    Raises:
        OSError: One cannot be read or written.

    """
    for path in (*directory.glob("*.cast"), directory / JOURNAL_NAME):
        if dropped := _drop_torn_line(path):
            place = f"{directory.name}/{path.name}"
            _log.warning("%s: torn last line dropped (%d bytes)", place, dropped)


def _drop_torn_line(path: Path) -> int:
    """Cut the file after its last complete line; return how many bytes went."""
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        keep, end = 0, size
        while end > 0:
            start = max(0, end - _BLOCK)
            file.seek(start)
            found = file.read(end - start).rfind(b"\n")
            if found >= 0:
                keep = start + found + 1
                break
            end = start
        if keep < size:
            file.truncate(keep)
        return size - keep
