"""asciicast v2 and v3: a header line, then an event a line.

Formats: https://docs.asciinema.org/manual/asciicast/v2/ and .../v3/. v2 counts seconds from the
start, v3 from the event before. A line that cannot be read is left out and told; all others are
kept. Two codes of v3 are Jumpseat's own: ``b``, exact bytes, and ``s``, so many masked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import isfinite

from recorder.errors import RecordingError
from recorder.formats.events import (
    Began,
    Ended,
    Foreign,
    Later,
    Marked,
    Sized,
    Typed,
    Wrote,
    cells,
    size_of,
)
from recorder.formats.flaws import Complaints
from recorder.formats.moments import Moments
from recorder.formats.source import Lines, Readable
from recorder.recording.cast import decode_exact

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()
_IGNORED = frozenset("s")
"""Codes that need no event: what was masked is masked again."""

MOST_TEXT = 1000
"""Characters of a label, a title or a command that are kept."""

_EVENT_PARTS = 3
_SHOWN = 40
_RELATIVE = 3
"""The version from which times count from the event before."""


class JsonError(Exception):
    """Text that is not the JSON that was wanted; its words say why."""


def parse_asciicast(stream: Readable, complaints: Complaints, *, version: int) -> Iterator[Foreign]:
    """Yield the events of an asciicast of version 2 or 3.

    A file whose first line is no header is taken to have lost it.
    """
    reader = _Reader(complaints, relative=version >= _RELATIVE)
    began = False
    lines = Lines(stream, complaints)
    for number, raw in lines:
        line = raw.strip().removeprefix(b"\xef\xbb\xbf")
        if not line or line.startswith(b"#"):
            continue
        if not began:
            began = True
            header = _header(line, number, complaints)
            yield header or Began()
            if header is not None or not line.startswith(b"["):
                continue
        yield from reader.take(number, line, torn=lines.torn)
    yield from reader.rest()


class _Reader:
    """Turns lines into events; an event waits for the exact bytes that may follow it."""

    def __init__(self, complaints: Complaints, *, relative: bool) -> None:
        self._complaints = complaints
        self._relative = relative
        self._moments = Moments()
        self._waiting: Later | None = None
        self._unknown: set[str] = set()

    def take(self, number: int, line: bytes, *, torn: bool) -> Iterator[Later]:
        """Take one line; yield what is complete with it."""
        try:
            time, code, data = _event(line)
        except JsonError as error:
            words = "torn last line left out" if torn else f"not an event ({error}): left out"
            self._complaints.at_line(number, words)
            return
        wrong = self._moments.after(time) if self._relative else self._moments.at(time)
        if wrong:
            self._complaints.at_line(number, wrong)
        if code == "b":
            self._exact(number, data)
            return
        event = self._made(number, code, data)
        if event is not None:
            yield from self.rest()
            self._waiting = event

    def rest(self) -> Iterator[Later]:
        """Yield the event that waits."""
        if self._waiting is not None:
            yield self._waiting
            self._waiting = None

    def _exact(self, number: int, data: str) -> None:
        """Put exact bytes in the place of text that shows that they were not UTF-8."""
        waiting = self._waiting
        if not isinstance(waiting, Wrote | Typed) or _REPLACEMENT not in waiting.data:
            self._complaints.at_line(number, "exact bytes without an event: left out")
            return
        try:
            self._waiting = replace(waiting, data=decode_exact(data))
        except RecordingError as error:
            self._complaints.at_line(number, f"{error.cause}: left out")

    def _made(self, number: int, code: str, data: str) -> Later | None:
        t = self._moments.now
        match code:
            case "o":
                return Wrote(t=t, data=encoded(data))
            case "i":
                return Typed(t=t, data=encoded(data))
            case "m":
                return Marked(t=t, label=shown(data) or "")
            case "x":
                return Ended(t=t, status=(shown(data) or "")[:_SHOWN])
            case "r":
                if size := size_of(data):
                    return Sized(t=t, columns=size[0], lines=size[1])
                self._complaints.at_line(number, f"{data[:_SHOWN]!r} is not a size: left out")
            case _ if code not in _IGNORED and code not in self._unknown and len(code) <= _SHOWN:
                if len(self._unknown) <= _SHOWN:
                    self._unknown.add(code)
                self._complaints.at_line(number, f"events of code {code!r} mean nothing here")
        return None


def parse_json(text: str) -> object:
    """Read JSON of whatever depth and size.

    Raises:
        JsonError: It is none.

    """
    try:
        value: object = json.loads(text)
    except RecursionError as error:
        raise JsonError("too deep") from error
    except ValueError as error:
        raise JsonError("not JSON") from error
    return value


def text_of(line: bytes) -> str:
    """Return bytes as text from which `encoded` makes them again, also where not UTF-8."""
    return line.decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes:
    """Return a JSON string's bytes; halves of surrogate pairs show as U+FFFD."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def shown(value: object) -> str | None:
    """Return a header's text as text that can be written anywhere; None for what is no text."""
    if not isinstance(value, str):
        return None
    return encoded(value[:MOST_TEXT]).decode("utf-8", "replace")


def number_of(value: object) -> float:
    """Return a JSON number.

    Raises:
        JsonError: It is none.

    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise JsonError("the time is not a number")
    try:
        return float(value)
    except OverflowError as error:
        raise JsonError("the time is too large") from error


def _event(line: bytes) -> tuple[float, str, str]:
    value = parse_json(text_of(line))
    if not isinstance(value, list) or len(value) < _EVENT_PARTS:
        raise JsonError("not a list of time, code and data")
    time, code, data = value[:_EVENT_PARTS]
    if not isinstance(code, str) or not isinstance(data, str):
        raise JsonError("code and data are not strings")
    return number_of(time), code, data


def _header(line: bytes, number: int, complaints: Complaints) -> Began | None:
    """Read a header; what of it cannot be read is told. None where the line is none."""
    try:
        raw = parse_json(text_of(line))
    except JsonError as error:
        complaints.at_line(number, f"the header cannot be read ({error}): left out")
        return None
    if not isinstance(raw, dict):
        complaints.at_line(number, "the header is missing")
        return None
    return began(raw, lambda words: complaints.at_line(number, words))


def began(raw: dict[str, object], complain: Callable[[str], None]) -> Began:
    """Return what the header of any version says; ``complain`` is called with what is wrong."""
    term, env = raw.get("term"), raw.get("env")
    if isinstance(term, dict):
        kind, columns, lines = term.get("type"), cells(term.get("cols")), cells(term.get("rows"))
    else:
        kind, columns, lines = None, cells(raw.get("width")), cells(raw.get("height"))
    if columns is None or lines is None:
        complain("the header tells no size of the terminal")
    kind = kind or (env.get("TERM") if isinstance(env, dict) else None)
    return Began(
        columns=columns,
        lines=lines,
        term=shown(kind),
        started=_unix_time(raw.get("timestamp")),
        command=shown(raw.get("command")),
        title=shown(raw.get("title")),
    )


def _unix_time(value: object) -> float | None:
    try:
        seconds = number_of(value)
    except JsonError:
        return None
    return seconds if isfinite(seconds) else None
