"""Writes a recording: appends to buffers, flushes them together, fails closed.

Appending never blocks and never fails; `flush` writes what was appended, for all files at once. It
keeps no history in memory. Who calls `flush`, and what a failure means for the relay, is decided by
`recorder.recording.flusher`; what a terminal's or a stream's bytes become is theirs to know.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from recorder.errors import RecordingError
from recorder.home import PRIVATE_DIR
from recorder.recording.files import AppendFile
from recorder.recording.journal import (
    JOURNAL_NAME,
    JournalEntry,
    SecretPatterns,
    SessionClosed,
    SessionOpened,
    encode_entry,
)
from recorder.recording.redaction import Redaction
from recorder.recording.reserve import Reserve
from recorder.recording.typed_secrets import Fingerprints

BUFFER_LIMIT = 1 << 20
"""Bytes in a buffer that are flushed at once, without waiting for the timer."""

OVERDUE_SECONDS = 0.03
"""Age at which appended data are flushed at once: under a flood of output timers come late."""


class Attached(Protocol):
    """A terminal that may hold input back until its echo."""

    @property
    def holding(self) -> bool:
        """Whether it holds any."""

    def expire(self) -> None:
        """Let go of what has waited for too long."""

    def close(self) -> None:
        """End its file."""


def boot_id() -> str:
    """Return what tells this boot of the machine from others, as its monotonic clock starts anew.

    Source: random(4), /proc/sys/kernel/random/boot_id.
    """
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


class RecordingWriter:
    """The recording of one session, while it is made.

    Attributes:
        directory: Where it lies.
        opened: When it began, ISO 8601 in UTC.
        on_dirty: Called when something was appended after a flush, and again with each that is
            appended while a flush is overdue; must not block.
        broken: A write has failed: what comes from now on is not recorded.
        on_entry: Called with each journal entry; must not block.
        redaction: Hides secrets in command lines and variables.
        fingerprints: Tells whether two secrets of this session were the same.

    """

    def __init__(  # noqa: PLR0913 - all that the first line says, and the clock
        self,
        directory: Path,
        *,
        session: str,
        program: str,
        target: str,
        listen: str | None,
        candidate: str | None,
        content_key: bytes,
        clock: Callable[[], float] = time.monotonic,
        started: datetime | None = None,
    ) -> None:
        """Create the directory and the journal, and hold its lock.

        Who writes down what happened earlier gives the ``clock`` that went then, in seconds, and
        when it ``started``, aware of its zone.

        Raises:
            RecordingError: It cannot be created.

        """
        self.directory = directory
        self.session = session
        self.content_key = content_key
        self.on_dirty: Callable[[], None] = _ignore
        self.on_entry: Callable[[JournalEntry], None] = _ignore_entry
        self.redaction = Redaction()
        self.fingerprints = Fingerprints()
        self.broken = False
        self._dirty = False
        self._dirty_since = 0.0
        self._clock = clock
        self._started = clock()
        self._began = started or datetime.now(UTC)
        self.opened = self._began.astimezone(UTC).isoformat(timespec="milliseconds")
        self._files: list[AppendFile] = []
        self._ended: list[AppendFile] = []
        self._attached: set[Attached] = set()
        try:
            directory.mkdir(mode=PRIVATE_DIR)
            self._reserve = Reserve(directory)
            self._journal = self.open_file(JOURNAL_NAME)
            fcntl.flock(self._journal.open(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise RecordingError(
                f"cannot create the recording {directory} ({error.strerror})",
                "check that the home directory can be written and has room",
            ) from error
        self.log(
            SessionOpened(
                t=0.0,
                program=program,
                session=session,
                started=self.opened,
                monotonic=self._started,
                boot=boot_id(),
                target=target,
                listen=listen,
                candidate=candidate,
            )
        )

    def hide(self, patterns: Sequence[str]) -> None:
        """Hide also what these regular expressions find in command lines and variables.

        Raises:
            UsageError: One of them is no regular expression.

        """
        self.redaction = Redaction(patterns)
        if patterns:
            self.log(SecretPatterns(t=self.now(), patterns=self.redaction.patterns))

    def now(self) -> float:
        """Return seconds since the session's start, to the microsecond."""
        return round(self._clock() - self._started, 6)

    def unix_time(self) -> float:
        """Return the same moment in Unix time."""
        return self._began.timestamp() + self.now()

    def log(self, entry: JournalEntry) -> None:
        """Append a line to the journal."""
        self._journal.append(encode_entry(entry))
        self.on_entry(entry)
        self.touch()

    def open_file(self, name: str) -> AppendFile:
        """Begin a further file in the recording; ``name`` is ours, never a candidate's."""
        file = AppendFile(self.directory / name)
        self._files.append(file)
        return file

    def attach(self, terminal: Attached) -> None:
        """Ask a terminal at each flush whether it still holds input, and close it at the end."""
        self._attached.add(terminal)

    def detach(self, terminal: Attached) -> None:
        """Drop a terminal that was closed."""
        self._attached.discard(terminal)

    def touch(self, pending: int = 0) -> None:
        """Note that something was appended."""
        if not self._dirty:
            self._dirty = True
            self._dirty_since = time.monotonic()
            self.on_dirty()
        elif pending > BUFFER_LIMIT or self.overdue:
            self.on_dirty()

    @property
    def overdue(self) -> bool:
        """Whether something has waited for a flush for too long."""
        return self._dirty and time.monotonic() - self._dirty_since > OVERDUE_SECONDS

    @property
    def pending(self) -> int:
        """Bytes appended and not yet written."""
        return sum(file.pending for file in (*self._files, *self._ended))

    @property
    def holding(self) -> bool:
        """Whether input of any terminal waits for its echo."""
        return any(terminal.holding for terminal in self._attached)

    def flush(self) -> None:
        """Write all that was appended, the journal last: it names files that exist.

        Raises:
            OSError: It could not be written; the recording is no longer whole.

        """
        self._dirty = False
        for terminal in self._attached:
            terminal.expire()
        try:
            for file in (*self._ended, *reversed(self._files)):
                file.flush()
        except OSError:
            self.broken = True
            raise

    def sync(self) -> None:
        """Force what was written to the disk; may block, call it from a thread.

        Raises:
            OSError: The disk refused.

        """
        ended = tuple(self._ended)
        # Not those whose last bytes are written meanwhile: they may be behind what is forced.
        whole = [file for file in ended if not file.pending]
        for file in (*self._files, *ended):
            file.sync()
        for file in whole:
            file.close()
            self._ended.remove(file)

    def end_file(self, file: AppendFile) -> None:
        """Note that a file gets no more: the next flush is its last, the next sync closes it."""
        self._files.remove(file)
        self._ended.append(file)

    def close(self) -> None:
        """Write what is left, close every file and give up the lock. May be called twice.

        Raises:
            OSError: It could not be written; `abandon` is what is left to do.

        """
        for terminal in list(self._attached):
            terminal.close()
        self.flush()
        self.sync()
        self._close_files()

    def abandon(self, last: SessionClosed) -> None:
        """End a recording that could not be written: drop what was not, and say so in the journal.

        Raises:
            OSError: Not even that could be written. The files are closed all the same.

        """
        self._reserve.release()
        try:
            for terminal in list(self._attached):
                terminal.close()
            for file in (*self._files, *self._ended):
                if file is not self._journal:
                    file.discard()
            self.log(last)
            self._journal.flush()
            self._journal.sync()
        finally:
            self._close_files()

    def give_up(self) -> None:
        """Close every file as it is, without writing what is left. May be called after `close`."""
        self._close_files()

    def _close_files(self) -> None:
        self._reserve.release()
        for file in (*self._files, *self._ended):
            file.close()
        self._files.clear()
        self._ended.clear()


def _ignore() -> None:
    pass


def _ignore_entry(_: JournalEntry) -> None:
    pass
