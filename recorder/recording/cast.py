"""asciicast v3, as a codec without input or output: one line in, one event out, and back.

Format: https://docs.asciinema.org/manual/asciicast/v3/. Two codes are ours, which other players
skip: ``b`` holds in base64 the exact bytes of the event before it, whose text shows U+FFFD where
they were not UTF-8; ``s`` follows an input event that was masked and holds the number of characters
hidden. Files, clocks and masking do not belong here.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from recorder.errors import RecordingError

Code = Literal["o", "i", "r", "x", "m", "b", "s"]

MASK = "\N{BULLET}"
"""What stands in a recording for one character of a secret."""

_DIGITS = 6
"""Decimals of an interval: microseconds, finer than any network."""

_LONGEST = 1e9
"""Seconds, some thirty years: a longer interval is damage, and would spoil every time after it."""

_scan = json.JSONDecoder().raw_decode
_string = json.JSONEncoder(ensure_ascii=False).encode

_SIZE = re.compile(r"([0-9]{1,10})x([0-9]{1,10})")
"""Columns and lines, with all the digits that SSH's 32 bits may have (RFC 4254, 6.7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CastHeader:
    """The first line: terminal size in cells and type, Unix time of its start in seconds."""

    columns: int
    lines: int
    term: str | None = None
    timestamp: int | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CastEvent:
    """One event of a cast; ``t`` is seconds since the cast's own start, ``data`` as in the file."""

    t: float
    code: str
    data: str


def encode_header(header: CastHeader) -> bytes:
    """Return the header line, newline included."""
    term: dict[str, object] = {"cols": header.columns, "rows": header.lines}
    if header.term:
        term["type"] = header.term
    line: dict[str, object] = {"version": 3, "term": term}
    if header.timestamp is not None:
        line["timestamp"] = header.timestamp
    if header.title:
        line["title"] = header.title
    return json.dumps(line, ensure_ascii=False).encode() + b"\n"


def decode_header(line: bytes) -> CastHeader:
    """Read the header of an asciicast v3.

    Raises:
        RecordingError: It is none.

    """
    try:
        raw = json.loads(line)
        if raw["version"] != 3:  # noqa: PLR2004
            raise RecordingError(f"asciicast version {raw['version']!r} where 3 was expected")
        term = raw["term"]
        return CastHeader(
            columns=max(1, int(term["cols"])),
            lines=max(1, int(term["rows"])),
            term=_text_or_none(term.get("type")),
            timestamp=None if raw.get("timestamp") is None else int(raw["timestamp"]),
            title=_text_or_none(raw.get("title")),
        )
    except (ArithmeticError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise RecordingError(f"not an asciicast v3 header: {line[:60]!r}") from error
    except RecursionError as error:
        raise RecordingError(f"not an asciicast v3 header: {line[:60]!r}") from error


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


class CastEncoder:
    """Turns events at times since the cast's start into lines with intervals.

    Rounding does not add up: each interval is taken between rounded moments. The first event comes
    at least a microsecond after the cast's start, so that it never ties with the line that opened
    its channel.
    """

    def __init__(self) -> None:
        self._previous = 0

    def encode(self, event: CastEvent) -> bytes:
        """Return the event's line, newline included; an earlier time counts as the last one."""
        now = max(self._previous, round(event.t * 10**_DIGITS), 1)
        interval = (now - self._previous) / 10**_DIGITS
        self._previous = now
        return f'[{interval:.{_DIGITS}f},"{event.code}",{_string(event.data)}]\n'.encode()


class CastDecoder:
    """Turns lines with intervals into events at times since the cast's start."""

    def __init__(self, first: float | None = None) -> None:
        """Begin at a cast's first event, or at a later one that came at ``first`` seconds."""
        self._elapsed = 0.0
        self._first = first

    def decode(self, line: bytes) -> CastEvent | None:
        """Read one line; None for a comment or an empty line.

        Raises:
            RecordingError: The line is not an event.

        """
        stripped = line.strip()
        if not stripped or stripped.startswith(b"#"):
            return None
        try:
            interval, code, data = _loads(stripped)
            if not isinstance(code, str) or not isinstance(data, str):
                raise TypeError  # noqa: TRY301
            step = float(interval)
            if not 0 <= step <= _LONGEST:
                raise ValueError  # noqa: TRY301
            elapsed = round(self._elapsed + step, _DIGITS)
        except (ArithmeticError, ValueError, TypeError, RecursionError) as error:
            raise RecordingError(f"not an asciicast event: {line[:60]!r}") from error
        self._elapsed = elapsed if self._first is None else self._first
        self._first = None
        return CastEvent(t=self._elapsed, code=code, data=data)


def _loads(line: bytes) -> Any:
    """Read one line of JSON without blanks around it; as `json.loads`, which looks at more.

    Lines are many: what is JSON's array in UTF-8 by its first characters is not asked what it is.
    """
    if line[:1] != b"[" or line[1:2] == b"\0":
        return json.loads(line)
    text = line.decode("utf-8", "surrogatepass")
    found, end = _scan(text)
    if end != len(text):
        raise ValueError("something stands behind it")
    return found


class Utf8Splitter:
    """Cuts a byte stream into text that loses nothing.

    A character that is cut by a packet's end waits for its rest. Where bytes are not UTF-8 the text
    shows U+FFFD, and the exact bytes come with it.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._held = b""

    def feed(self, data: bytes, *, final: bool = False) -> tuple[str, bytes | None]:
        """Return the text that is complete and, only where it was not UTF-8, its exact bytes."""
        whole = self._held + data
        self._decoder.reset()
        try:
            text = self._decoder.decode(whole, final)
        except UnicodeDecodeError:
            return self._feed_invalid(whole, final=final)
        self._held = self._decoder.getstate()[0]
        return text, None

    def _feed_invalid(self, whole: bytes, *, final: bool) -> tuple[str, bytes]:
        lenient = codecs.getincrementaldecoder("utf-8")("replace")
        text = lenient.decode(whole, final)
        self._held = lenient.getstate()[0]
        return text, whole[: len(whole) - len(self._held)]


def encode_exact(data: bytes) -> str:
    """Return the data of a ``b`` event."""
    return base64.b64encode(data).decode("ascii")


def decode_exact(data: str) -> bytes:
    """Return the bytes of a ``b`` event.

    Raises:
        RecordingError: It is not base64.

    """
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise RecordingError(f"not base64: {data[:40]!r}") from error


def parse_size(data: str) -> tuple[int, int]:
    """Read the data of an ``r`` event, "90x30": columns and lines, each at least 1.

    Raises:
        RecordingError: It is not a size.

    """
    match = _SIZE.fullmatch(data)
    if match is None:
        raise RecordingError(f"not a terminal size: {data[:40]!r}")
    return max(1, int(match[1])), max(1, int(match[2]))
