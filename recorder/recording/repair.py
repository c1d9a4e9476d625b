"""Closes recordings whose recorder was killed, at the next start.

A torn last line is dropped with a warning; nothing that can be read is changed. Recordings that
another process still writes are left alone. What is signed here is signed as late: it proves
nothing about the time between the kill and the start.
"""

from __future__ import annotations

import fcntl
import itertools
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from recorder.errors import RecordingError, SessionNotFoundError
from recorder.home import Home
from recorder.recording.journal import JOURNAL_NAME, SessionClosed, encode_entry
from recorder.recording.manifest import (
    MANIFEST_NAME,
    SIGNATURE_NAME,
    present_files,
    remove_drafts,
    remove_signed,
    write_manifest,
)
from recorder.recording.reader import RecordingReader
from recorder.recording.verify import SignatureCheck, verify_recording

_log = logging.getLogger(__name__)
_BLOCK = 65536


def close_cut_off(home: Home, sign: Callable[[bytes], bytes]) -> list[str]:
    """Mark every recording that was left open as cut off; return the sessions' ids."""
    return [
        directory.name
        for directory in sorted(home.recordings.iterdir())
        if _may_have_journal(directory) and close_one_cut_off(directory, sign)
    ]


def _may_have_journal(directory: Path) -> bool:
    """Whether there is a journal; of one that nobody may look at, opening it tells more."""
    try:
        return (directory / JOURNAL_NAME).is_file()
    except OSError:
        return True


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
    except (OSError, RecordingError, SessionNotFoundError) as error:
        # Not found is what was purged meanwhile.
        _log.warning("cannot close the recording %s (%s)", directory.name, error)
        return False
    finally:
        os.close(descriptor)


def _mark(directory: Path, journal: int, sign: Callable[[bytes], bytes]) -> bool:
    with RecordingReader(directory, abandoned=True) as reader:
        events = reader.read()
        # The whole journal is read before the first event is given, casts only as it goes on.
        last = max((event.t for event in itertools.islice(events, 1)), default=0.0)
        opened, closed = reader.opened, reader.closed
        if closed is None:
            last = max((event.t for event in events), default=last)
    if opened is None:
        _drop_if_nothing_was_written(directory)
        return False
    if closed is not None:
        _sign_late(directory, opened.session, sign)
        return False
    if not _fits_what_was_signed(directory):
        _log.warning(
            "session %s was signed and has changed since: it is left as it is", opened.session
        )
        return False
    remove_signed(directory)
    dropped = drop_torn_lines(directory)
    os.write(journal, encode_entry(SessionClosed(t=last, reason="cut-off", detail=dropped)))
    os.fsync(journal)
    write_manifest(directory, opened.session, sign, late=True)
    _log.warning("session %s was cut off; its recording is closed now", opened.session)
    return True


def _sign_late(directory: Path, session: str, sign: Callable[[bytes], bytes]) -> None:
    """Sign a recording that was closed, unless whoever closed it has done so."""

    def wanted() -> bool:
        return _kill_came_before_the_signature(directory)

    if (directory / SIGNATURE_NAME).exists():
        return
    if write_manifest(directory, session, sign, late=True, wanted=wanted):
        _log.warning("session %s was closed but not signed; it is now", session)


def _drop_if_nothing_was_written(directory: Path) -> None:
    """Remove what a recorder leaves that is killed before its very first line."""
    present = present_files(directory)
    journal = directory / JOURNAL_NAME
    if present.files == (JOURNAL_NAME,) and not present.others and b"\n" not in _head(journal):
        _log.warning("session %s was killed before anything was recorded", directory.name)
        shutil.rmtree(directory)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_BLOCK)


def _kill_came_before_the_signature(directory: Path) -> bool:
    """Tell a session that was killed at its very end from one that somebody tampered with.

    The manifest is put in place before its signature; where it is there alone, files must fit it.
    """
    if (directory / SIGNATURE_NAME).exists():
        return False
    remove_drafts(directory)
    return not (directory / MANIFEST_NAME).exists() or _is_as_signed(directory)


def _fits_what_was_signed(directory: Path) -> bool:
    """Tell a recording that was never closed from one whose end was taken away after it was.

    One that was signed without its last line, as the disk took no more, is as it was signed.
    """
    if not any((directory / name).exists() for name in (MANIFEST_NAME, SIGNATURE_NAME)):
        return True
    remove_drafts(directory)
    return _is_as_signed(directory)


def _is_as_signed(directory: Path) -> bool:
    """Whether files fit the manifest, whoever signed it or did not."""

    def whoever_signed(_message: bytes, _signature: bytes) -> SignatureCheck:
        return SignatureCheck(state="good")

    found = verify_recording(directory, whoever_signed, locked_by_us=True).findings
    return all(each.kind == "signature-missing" for each in found)


def drop_torn_lines(directory: Path) -> str | None:
    """Cut every file that has lines after its last complete one; say what went, None for nothing.

    Raises:
        OSError: One cannot be read or written.

    """
    words = []
    for path in (*sorted(directory.glob("*.cast")), directory / JOURNAL_NAME):
        if dropped := _drop_torn_line(path):
            place = f"{directory.name}/{path.name}"
            _log.warning("%s: torn last line dropped (%d bytes)", place, dropped)
            words.append(f"torn last line of {path.name} dropped, {dropped} bytes")
    return "; ".join(words) or None


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
