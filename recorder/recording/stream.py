"""Records a channel without a terminal: sizes, times, keyed digests, and each direction's head.

Nothing here decides what is relayed; masking is by the command and by what its output asks for.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Literal

from recorder.recording.files import AppendFile
from recorder.recording.journal import Flow
from recorder.recording.private_keys import PrivateKeyFilter
from recorder.recording.writer import RecordingWriter

HEAD_LIMIT = 256 * 1024
"""Bytes of each direction that are kept of a channel without a terminal."""

_SECRET_READER = re.compile(
    # Atomic: one look at each line, from its first sudo on, whatever the candidate repeats there.
    r"(?m:^)(?>.*?\bsudo\s)(?:.*\s)?-\w*S|\b(?:ch|ht|smb)?passwd\b|\bsu\b|\bread\s+-\w*s|--with-token\b"
    r"|\b(?:mysql|mariadb|psql|openssl|gpg|sshpass|cryptsetup|chage|kinit|ssh-add)\b"
    r"|--(?:password|passphrase|pass)?-?stdin\b"
)
_ASKS = re.compile(rb"(?i)(?:pass(?:word|phrase|code)|\bpin\b|\botp\b)[^\r\n]{0,120}[:?]\s*\Z")
_LINE_END = re.compile(rb"[\r\n]")


class StreamRecording:
    """A channel without a terminal: sizes, times, keyed digests, and the head of each direction.

    Input is masked as a whole where the command is one that reads a secret from its input, and up
    to the end of the line where the output asked for one; private keys in either direction.
    """

    def __init__(
        self, writer: RecordingWriter, connection: int, channel: int, command: str | None
    ) -> None:
        self._writer = writer
        self._prefix = f"c{connection}-{channel}"
        self._secretive = bool(command and _SECRET_READER.search(command))
        self._asked = False
        self._tail = b""
        self._judged = True
        self._keys = {name: PrivateKeyFilter("*") for name in ("in", "out", "err")}
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
            self._judged = False
        kept = self._keys[stream].feed(kept.decode("latin-1")).encode("latin-1")
        flow.feed(data, kept)

    def close(self) -> tuple[Flow, ...]:
        """End the recording of this channel; return what is to be said of it."""
        return tuple(flow.close(name) for name, flow in self._flows.items())

    def _mask(self, data: bytes) -> bytes:
        if self._secretive:
            return re.sub(rb"[^\r\n]", b"*", data)
        if not self._judged:
            # Only now: output may come by the gigabyte, answers do not.
            self._asked = _ASKS.search(self._tail) is not None
            self._judged = True
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
        self._file: AppendFile | None = None
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
