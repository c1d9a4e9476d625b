"""util-linux `script` with timing: a file of moments and sizes, beside files of bytes.

Sources of the format: script(1) and scriptreplay(1) of util-linux. Classic: ``DELAY BYTES`` a line,
output only. Multi-stream: ``I`` and ``O`` lines likewise, ``S`` signals (SIGWINCH with the new
size), ``H`` headers. The files of bytes begin and end with a line of `script`'s own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from recorder.formats.events import Began, Ended, Foreign, Later, Sized, Typed, Wrote, cells
from recorder.formats.flaws import Complaints
from recorder.formats.moments import Moments
from recorder.formats.script_log import ScriptLog
from recorder.formats.source import Lines, Readable

_CLASSIC = re.compile(rb"(-?[0-9]+(?:[.,][0-9]+)?) ([0-9]{1,18})")
_STREAM = re.compile(rb"([IO]) (-?[0-9]+(?:[.,][0-9]+)?) ([0-9]{1,18})")
_OTHER = re.compile(rb"([HS]) (-?[0-9]+(?:[.,][0-9]+)?) (\S+)(?: (.*))?")
_ROWS, _COLUMNS = re.compile(rb"\bROWS=([0-9]{1,9})\b"), re.compile(rb"\bCOLS=([0-9]{1,9})\b")
_MOST_HEADERS = 1000
_STATUS = 40
"""Characters of an exit status."""

_LONGEST = 4096
"""Bytes of a line of timing; the longest are commands in headers."""


def looks_like_timing(head: bytes) -> bool:
    """Whether a file that begins like this can be a timing file."""
    for line in head.split(b"\n")[:2]:
        stripped = line.rstrip(b"\r")
        if any(each.fullmatch(stripped) for each in (_CLASSIC, _STREAM, _OTHER)):
            return True
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptStreams:
    """The opened files; ``output`` and ``input`` may be the same, or None where one is missing."""

    timing: Readable
    output: ScriptLog | None
    input: ScriptLog | None = None


def parse_script(streams: ScriptStreams, complaints: Complaints) -> Iterator[Foreign]:
    """Yield the events of a recording that `script` made; ``complaints`` are the timing file's."""
    parser = _Parser(streams, complaints)
    for number, line in Lines(streams.timing, complaints):
        yield from parser.take(number, line.rstrip(b"\r"))
    yield from parser.rest()


class _Parser:
    """Takes the timing file line by line, and bytes from the logs as it says."""

    def __init__(self, streams: ScriptStreams, complaints: Complaints) -> None:
        self._logs = {b"O": streams.output, b"I": streams.input}
        self._complaints = complaints
        self._moments = Moments()
        self._headers: dict[str, str] = {}
        self._began = False
        self._missing: set[bytes] = set()

    def take(self, number: int, line: bytes) -> Iterator[Foreign]:
        """Take one line of the timing file."""
        line = line[:_LONGEST]
        if match := _CLASSIC.fullmatch(line):
            self._pass(number, match[1])
            yield from self._bytes(number, b"O", int(match[2]))
        elif match := _STREAM.fullmatch(line):
            self._pass(number, match[2])
            yield from self._bytes(number, match[1], int(match[3]))
        elif match := _OTHER.fullmatch(line):
            self._pass(number, match[2])
            if match[1] == b"H":
                self._note(match[3], match[4] or b"")
            else:
                yield from self._signal(number, match[3], match[4] or b"")
        elif line:
            self._complaints.at_line(number, f"not a line of timing: {line[:40]!r}: left out")

    def _note(self, name: bytes, value: bytes) -> None:
        if len(self._headers) < _MOST_HEADERS:
            self._headers[name.decode("ascii", "replace")] = value.decode("utf-8", "replace")

    def rest(self) -> Iterator[Foreign]:
        """Yield what no line of timing speaks of, and the end."""
        yield from self._begin()
        for code, log in self._logs.items():
            left = 0
            for data in log.rest() if log is not None else ():
                left += len(data)
                yield self._event(code, data)
            if left and log is not None:
                log.complaints.whole(f"the timing ends {left} bytes early: they come at the end")
        status = self._headers.get("EXIT_CODE", "")
        try:
            length = float(self._headers.get("DURATION", ""))
        except ValueError:
            length = 0.0
        if length > self._moments.now:
            self._moments.at(length)
        if status.isdecimal():
            yield Ended(t=self._moments.now, status=status[:_STATUS])

    def _begin(self) -> Iterator[Began]:
        if not self._began:
            self._began = True
            yield self._header()

    def _header(self) -> Began:
        """Join what the headers say with what the first line of the output says."""
        output = self._logs[b"O"]
        said = (output.said if output is not None else {}) | self._headers
        return Began(
            columns=_cells(said.get("COLUMNS")),
            lines=_cells(said.get("LINES")),
            term=said.get("TERM"),
            started=_unix_time(said.get("START_TIME", "")),
            command=said.get("COMMAND"),
        )

    def _pass(self, number: int, gap: bytes) -> None:
        if wrong := self._moments.after(float(gap.replace(b",", b"."))):
            self._complaints.at_line(number, wrong)

    def _bytes(self, number: int, code: bytes, size: int) -> Iterator[Foreign]:
        yield from self._begin()
        log = self._logs[code]
        if log is None:
            if code not in self._missing:
                self._missing.add(code)
                what = "input" if code == b"I" else "output"
                self._complaints.at_line(number, f"no file of the {what} is there: left out")
            return
        for data in log.take(size):
            yield self._event(code, data)

    def _event(self, code: bytes, data: bytes) -> Later:
        t = self._moments.now
        return Typed(t=t, data=data) if code == b"I" else Wrote(t=t, data=data)

    def _signal(self, number: int, name: bytes, words: bytes) -> Iterator[Foreign]:
        if name != b"SIGWINCH":
            return
        yield from self._begin()
        rows, columns = _ROWS.search(words), _COLUMNS.search(words)
        lines, width = (
            cells(int(rows[1])) if rows else None,
            cells(int(columns[1])) if columns else None,
        )
        if lines is None or width is None:
            self._complaints.at_line(number, "a resize without a size: left out")
            return
        yield Sized(t=self._moments.now, columns=width, lines=lines)


def _cells(text: str | None) -> int | None:
    if text is None or not text.isdecimal() or len(text) > 9:  # noqa: PLR2004 - more is none
        return None
    return cells(int(text))


def _unix_time(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
        # Without a zone it is what the machine's clock on the wall showed.
        return moment.timestamp()
    except (ValueError, OverflowError, OSError):
        return None
