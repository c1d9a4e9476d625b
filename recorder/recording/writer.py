"""Writes a recording: appends to buffers, flushes them together, fails closed.

Appending never blocks and never fails; `flush` writes what was appended, for all files at once. It
keeps no history in memory. Who calls `flush`, and what a failure means for the relay, is decided by
`recorder.recording.flusher`; masking is decided by `recorder.recording.masking`.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from recorder.errors import RecordingError
from recorder.home import PRIVATE_DIR, PRIVATE_FILE
from recorder.recording.cast import (
    CastEncoder,
    CastEvent,
    CastHeader,
    Utf8Splitter,
    encode_exact,
    encode_header,
)
from recorder.recording.journal import (
    JOURNAL_NAME,
    Flow,
    JournalEntry,
    PtyRequest,
    SessionOpened,
    encode_entry,
)
from recorder.recording.masking import Decided, Masker

HEAD_LIMIT = 256 * 1024
"""Bytes of each direction that are kept of a channel without a terminal."""

_BUFFER_LIMIT = 1 << 20
"""Bytes in a buffer that are flushed at once, without waiting for the timer."""

_SECRET_READER = re.compile(
    r"\bsudo\s(?:.*\s)?-\w*S|\b(?:ch)?passwd\b|\bsu\b|\b(?:mysql|mariadb|psql|openssl|gpg|sshpass)\b"
)
_ASKS = re.compile(rb"(?i)(?:pass(?:word|phrase|code)|\bpin\b|\botp\b)[^\r\n]{0,120}[:?]\s*\Z")
_LINE_END = re.compile(rb"[\r\n]")


def boot_id() -> str:
    """Return what tells this boot of the machine from others, as its monotonic clock starts anew.

    Source: random(4), /proc/sys/kernel/random/boot_id.
    """
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


class _AppendFile:
    """One file of the recording, created new, written only at its end."""

    def __init__(self, path: Path) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        self.path = path
        self.descriptor = os.open(path, flags, PRIVATE_FILE)
        self._buffer = bytearray()

    def append(self, data: bytes) -> None:
        self._buffer += data

    @property
    def pending(self) -> int:
        return len(self._buffer)

    def flush(self) -> None:
        while self._buffer:
            written = os.write(self.descriptor, self._buffer)
            del self._buffer[:written]

    def sync(self) -> None:
        os.fdatasync(self.descriptor)

    def close(self) -> None:
        os.close(self.descriptor)


class RecordingWriter:
    """The recording of one session, while it is made.

    Attributes:
        directory: Where it lies.
        on_dirty: Called when something was appended after a flush; must not block.
        on_entry: Called with each journal entry; must not block.

    """

    def __init__(
        self,
        directory: Path,
        *,
        session: str,
        program: str,
        target: str,
        listen: str | None,
        candidate: str | None,
        content_key: bytes,
    ) -> None:
        """Create the directory and the journal, and hold its lock.

        Raises:
            RecordingError: It cannot be created.

        """
        self.directory = directory
        self.session = session
        self.content_key = content_key
        self.on_dirty: Callable[[], None] = _ignore
        self.on_entry: Callable[[JournalEntry], None] = _ignore_entry
        self._dirty = False
        self._started = time.monotonic()
        self._files: list[_AppendFile] = []
        self._ended: list[_AppendFile] = []
        self._terminals: set[TerminalRecording] = set()
        try:
            directory.mkdir(mode=PRIVATE_DIR)
            self._journal = self.open_file(JOURNAL_NAME)
            fcntl.flock(self._journal.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
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
                started=datetime.now(UTC).isoformat(timespec="milliseconds"),
                monotonic=self._started,
                boot=boot_id(),
                target=target,
                listen=listen,
                candidate=candidate,
            )
        )

    def now(self) -> float:
        """Return seconds since the session's start, to the microsecond."""
        return round(time.monotonic() - self._started, 6)

    def log(self, entry: JournalEntry) -> None:
        """Append a line to the journal."""
        self._journal.append(encode_entry(entry))
        self.on_entry(entry)
        self.touch()

    def open_file(self, name: str) -> _AppendFile:
        """Create a further file in the recording; ``name`` is ours, never a candidate's.

        Raises:
            OSError: It cannot be created.

        """
        file = _AppendFile(self.directory / name)
        self._files.append(file)
        return file

    def open_terminal(
        self, connection: int, channel: int, pty: PtyRequest, t: float
    ) -> TerminalRecording:
        """Start the asciicast of a channel that was opened at ``t``."""
        terminal = TerminalRecording(self, connection, channel, pty, t)
        self._terminals.add(terminal)
        return terminal

    def forget(self, terminal: TerminalRecording) -> None:
        """Drop a terminal that was closed."""
        self._terminals.discard(terminal)

    def touch(self, pending: int = 0) -> None:
        """Note that something was appended."""
        if not self._dirty or pending > _BUFFER_LIMIT:
            self._dirty = True
            self.on_dirty()

    @property
    def pending(self) -> int:
        """Bytes appended and not yet written."""
        return sum(file.pending for file in self._files)

    @property
    def holding(self) -> bool:
        """Whether input of any terminal waits for its echo."""
        return any(terminal.holding for terminal in self._terminals)

    def flush(self) -> None:
        """Write all that was appended, the journal last: it names files that exist.

        Raises:
            OSError: It could not be written; the recording is no longer whole.

        """
        self._dirty = False
        for terminal in self._terminals:
            terminal.expire()
        for file in reversed(self._files):
            file.flush()

    def sync(self) -> None:
        """Force what was written to the disk; may block, call it from a thread.

        Raises:
            OSError: The disk refused.

        """
        ended = list(self._ended)
        for file in (*self._files, *ended):
            file.sync()
        for file in ended:
            file.close()
            self._ended.remove(file)

    def end_file(self, file: _AppendFile) -> None:
        """Write what is left of a file that gets no more; the next `sync` closes it."""
        file.flush()
        self._files.remove(file)
        self._ended.append(file)

    def close(self) -> None:
        """Write what is left, close every file and give up the lock. May be called twice."""
        try:
            for terminal in list(self._terminals):
                terminal.close()
            self.flush()
            self.sync()
        finally:
            for file in (*self._files, *self._ended):
                file.close()
            self._files.clear()
            self._ended.clear()


class TerminalRecording:
    """The asciicast of one channel with a terminal. Times are taken as data comes in."""

    def __init__(
        self, writer: RecordingWriter, connection: int, channel: int, pty: PtyRequest, opened: float
    ) -> None:
        self.name = f"c{connection}-{channel}.cast"
        self._writer = writer
        self._opened = opened
        self._file = writer.open_file(self.name)
        self._encoder = CastEncoder()
        self._masker = Masker()
        self._splitters = {"i": Utf8Splitter(), "o": Utf8Splitter()}
        self._closed = False
        header = CastHeader(
            columns=max(1, pty.columns),
            lines=max(1, pty.lines),
            term=pty.term or None,
            timestamp=int(time.time()),
        )
        self._file.append(encode_header(header))

    @property
    def holding(self) -> bool:
        """Whether input waits for its echo."""
        return self._masker.holding

    def output(self, data: bytes) -> None:
        """Record what the target sent."""
        text, exact = self._splitters["o"].feed(data)
        if text:
            self._write_input(self._masker.output(text))
            self._event("o", text, exact)

    def input(self, data: bytes) -> None:
        """Record what the candidate sent, once it is decided whether it was a secret."""
        text, exact = self._splitters["i"].feed(data)
        if text:
            self._write_input(self._masker.input(text, exact, self._writer.now()))
            self._writer.touch()

    def resize(self, columns: int, lines: int) -> None:
        """Record a new size, in cells."""
        self._event("r", f"{max(1, columns)}x{max(1, lines)}", None)

    def exit(self, status: str) -> None:
        """Record how the program on the terminal ended."""
        self._finish_texts()
        self._event("x", status, None)

    def expire(self) -> None:
        """Let go of input whose echo did not come in time."""
        if self._masker.holding:
            self._write_input(self._masker.expire(self._writer.now()))

    def close(self) -> None:
        """End the cast and close its file. May be called twice."""
        if not self._closed:
            self._finish_texts()
            self._closed = True
            self._writer.forget(self)
            self._writer.end_file(self._file)

    def _finish_texts(self) -> None:
        text, exact = self._splitters["i"].feed(b"", final=True)
        if text:
            self._masker.input(text, exact, self._writer.now())
        self._write_input(self._masker.close())
        text, exact = self._splitters["o"].feed(b"", final=True)
        if text:
            self._event("o", text, exact)

    def _write_input(self, decided: list[Decided]) -> None:
        for each in decided:
            self._event("i", each.text, each.exact)
            if each.masked:
                self._event("s", str(each.masked), None)

    def _event(self, code: str, data: str, exact: bytes | None) -> None:
        t = self._writer.now() - self._opened
        self._file.append(self._encoder.encode(CastEvent(t=t, code=code, data=data)))
        if exact is not None:
            event = CastEvent(t=t, code="b", data=encode_exact(exact))
            self._file.append(self._encoder.encode(event))
        self._writer.touch(self._file.pending)


class StreamRecording:
    """A channel without a terminal: sizes, times, keyed digests, and the head of each direction.

    Input is masked as a whole where the command is one that reads a secret from its input, and up
    to the end of the line where the output asked for one.
    """

    def __init__(
        self, writer: RecordingWriter, connection: int, channel: int, command: str | None
    ) -> None:
        self._writer = writer
        self._prefix = f"c{connection}-{channel}"
        self._secretive = bool(command and _SECRET_READER.search(command))
        self._asked = False
        self._tail = b""
        self._flows: dict[Literal["in", "out", "err"], _Flow] = {}

    def feed(self, stream: Literal["in", "out", "err"], data: bytes) -> None:
        """Record what went in one direction."""
        flow = self._flows.get(stream)
        if flow is None:
            flow = self._flows[stream] = _Flow(self._writer, f"{self._prefix}.{stream}")
        kept = data[: flow.room] if flow.room > 0 else b""
        if stream == "in":
            kept = self._mask(kept)
        else:
            self._tail = (self._tail + data[-256:])[-256:]
            self._asked = _ASKS.search(self._tail) is not None
        flow.feed(data, kept)

    def close(self) -> tuple[Flow, ...]:
        """End the recording of this channel; return what is to be said of it."""
        return tuple(flow.close(name) for name, flow in self._flows.items())

    def _mask(self, data: bytes) -> bytes:
        if self._secretive:
            return re.sub(rb"[^\r\n]", b"*", data)
        if not self._asked:
            return data
        line = _LINE_END.search(data)
        if line is None:
            return b"*" * len(data)
        self._asked = False
        self._tail = b""
        return b"*" * line.start() + data[line.start() :]


class _Flow:
    def __init__(self, writer: RecordingWriter, name: str) -> None:
        self._writer = writer
        self._name = name
        self._file: _AppendFile | None = None
        self._digest = hmac.new(writer.content_key, digestmod=hashlib.sha256)
        self._size = 0
        self._kept = 0
        self._first: float | None = None
        self._last: float | None = None

    @property
    def room(self) -> int:
        return HEAD_LIMIT - self._kept

    def feed(self, data: bytes, kept: bytes) -> None:
        self._last = self._writer.now()
        if self._first is None:
            self._first = self._last
        self._size += len(data)
        self._digest.update(data)
        if kept:
            if self._file is None:
                self._file = self._writer.open_file(self._name)
            self._file.append(kept)
            self._kept += len(kept)
            self._writer.touch()

    def close(self, stream: Literal["in", "out", "err"]) -> Flow:
        if self._file is not None:
            self._writer.end_file(self._file)
        return Flow(
            stream=stream,
            size=self._size,
            first=self._first,
            last=self._last,
            digest=self._digest.hexdigest(),
            file=self._name if self._file is not None else None,
            kept=self._kept,
        )


def _ignore() -> None:
    pass


def _ignore_entry(_: JournalEntry) -> None:
    pass
