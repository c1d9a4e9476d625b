"""When a terminal's outputs, resizes and inputs came, as small arrays that are packed and back.

A code is one event: microseconds since the event before it in the same chunk (since the session's
start for the first), times four, plus its kind. Times of recordings have microseconds; one that
does not is left to whoever reads the recording itself.
"""

from __future__ import annotations

import zlib
from array import array
from itertools import accumulate

from analyzer.index.file import UnusableIndexError

OUTPUT, RESIZE, INPUT = 0, 1, 2
"""Kinds of events; the first two are steps of the screen."""

_MICRO = 1_000_000
_MOST = 1 << 53
"""Beyond this a float does not hold every microsecond."""

_LARGEST_CHUNK = 1 << 24
"""Bytes that one chunk may unpack to: far more than any that is written."""


def micros(t: float) -> int:
    """Return seconds as microseconds.

    Raises:
        UnusableIndexError: They are not exactly so many.

    """
    found = round(t * _MICRO)
    if not 0 <= found < _MOST or found / _MICRO != t:
        raise UnusableIndexError(f"a time is not in microseconds: {t!r}")
    return found


class TimesWriter:
    """Events of one terminal, in chunks; only the last chunk still changes.

    Attributes:
        chunk: The number of the last chunk, from 0.

    """

    def __init__(self, per_chunk: int) -> None:
        self.chunk = 0
        self._per_chunk = per_chunk
        self._codes = array("Q")
        self._last = 0

    def add(self, at: int, kind: int) -> tuple[int, bytes] | None:
        """Append an event; return the chunk that it has filled, number and packed codes."""
        self._codes.append((at - self._last) << 2 | kind)
        self._last = at
        if len(self._codes) < self._per_chunk:
            return None
        full = (self.chunk, self.packed())
        self.chunk += 1
        self._codes, self._last = array("Q"), 0
        return full

    def packed(self) -> bytes:
        """Return the codes of the last chunk."""
        return zlib.compress(self._codes.tobytes(), 1)


class Times:
    """When one terminal's events came, in seconds; outputs and resizes are steps, from 0."""

    def __init__(self) -> None:
        self.steps = array("d")
        self.outputs = array("d")
        self.inputs = array("d")
        self.resizes: set[int] = set()

    def output(self, t: float) -> None:
        """Append an output."""
        self.steps.append(t)
        self.outputs.append(t)

    def resize(self, t: float) -> None:
        """Append a resize."""
        self.resizes.add(len(self.steps))
        self.steps.append(t)

    def unpack(self, packed: bytes) -> None:
        """Append a chunk.

        Raises:
            UnusableIndexError: It is none.

        """
        codes = _unpacked(packed)
        pairs = list(
            zip((at / _MICRO for at in accumulate(code >> 2 for code in codes)), codes, strict=True)
        )
        base = len(self.steps)
        steps = [(t, code) for t, code in pairs if code & 3 != INPUT]
        self.steps.extend([t for t, _ in steps])
        self.inputs.extend([t for t, code in pairs if code & 3 == INPUT])
        self.outputs.extend([t for t, code in steps if code & 3 == OUTPUT])
        self.resizes.update(base + n for n, (_, code) in enumerate(steps) if code & 3 == RESIZE)


def _unpacked(packed: bytes) -> array[int]:
    codes = array("Q")
    try:
        codes.frombytes(zlib.decompressobj().decompress(packed, _LARGEST_CHUNK))
    except (zlib.error, ValueError, TypeError) as error:
        raise UnusableIndexError(f"times cannot be unpacked ({error})") from error
    return codes
