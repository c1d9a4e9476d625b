"""A file of bytes that `script` wrote, without the lines of its own at both ends.

The first line always is one (scriptreplay skips it unseen), unless a very old `script --quiet` left
it out: then it does not look like one. The last is known by its words. When bytes came is not
known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from recorder.formats.flaws import Complaints
from recorder.formats.source import PIECE, Readable, Window

_WORDS = b"Script started on "
_FIRST = re.compile(
    rb"Script started on [^\n]*(?:\n|\Z)"
    # In other languages.
    rb'|[^\n\x1b]*\[[^\n\x1b]*(?:COMMAND|TERM|TTY)="[^\n]*(?:\n|\Z)'
)
_LAST = re.compile(rb"\n?Script done on [^\n]*\n?\Z")
_WORD = re.compile(rb'\b([A-Z]+)="([^"\n]*)"')
_STARTED = re.compile(rb"Script started on ([0-9][0-9T: +:.-]*)")
_FIRST_MOST = 1 << 16
"""Bytes of the first line."""

_LAST_MOST = 4096
"""Bytes at the end in which the last line is looked for."""


def looks_like_log(head: bytes) -> bool:
    """Whether a file that begins like this can be a typescript."""
    return _FIRST.match(head) is not None


class ScriptLog:
    """The bytes between.

    Attributes:
        said: What the first line says, by the names of `script`: COLUMNS, LINES, TERM, COMMAND,
            START_TIME.
        complaints: Takes what cannot be read.

    """

    def __init__(self, stream: Readable, complaints: Complaints) -> None:
        self._window = Window(stream)
        self.complaints = complaints
        self._short = False
        self.said: dict[str, str] = {}
        head = self._window.peek(_FIRST_MOST)
        if match := _FIRST.match(head):
            self._read_first(match.group())
            self._window.skip(match.end())
        elif _WORDS.startswith(head):
            # Cut off within these words.
            self._window.skip(len(head))

    def take(self, size: int) -> Iterator[bytes]:
        """Yield the next bytes in pieces; where the file ends early, say so once."""
        while size > 0:
            data = self._window.take(min(size, PIECE))
            if not data:
                if not self._short:
                    self._short = True
                    self.complaints.at_byte(
                        self._window.offset, "ends here, before the timing does"
                    )
                return
            size -= len(data)
            yield data

    def rest(self) -> Iterator[bytes]:
        """Yield what is left, but for the last line."""
        while True:
            data = self._window.peek(PIECE + _LAST_MOST)
            if len(data) < PIECE + _LAST_MOST:
                break
            yield self._window.take(PIECE)
        match = _LAST.search(data, max(0, len(data) - _LAST_MOST))
        if match:
            data = data[: match.start()]
        self._window.skip(len(data))
        if data:
            yield data

    def _read_first(self, line: bytes) -> None:
        for name, value in _WORD.findall(line):
            self.said[name.decode("ascii")] = value.decode("utf-8", "replace")
        if started := _STARTED.match(line):
            self.said["START_TIME"] = started[1].decode("ascii").strip()
