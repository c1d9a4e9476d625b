"""When a terminal's outputs, resizes and inputs came, as small arrays that are packed and back.

A code is one event: microseconds since the event before it in the same chunk (since the session's
start for the first), times four, plus its kind. Times of recordings have microseconds; one that
does not is left to whoever reads the recording itself.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable
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


def seconds(found: int) -> float:
    """Return microseconds as seconds, as the recording's reader tells them."""
    return found / _MICRO


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
    """All events of one terminal, in microseconds; outputs and resizes are steps, from 0."""

    def __init__(self) -> None:
        self.steps = array("Q")
        self.inputs = array("Q")
        self.resizes: set[int] = set()

    def take(self, packed: Iterable[bytes]) -> None:
        """Append chunks in their order.

        Raises:
            UnusableIndexError: These are none.

        """
        for each in packed:
            self._take_codes(_unpacked(each))

    def _take_codes(self, codes: array[int]) -> None:
        times = list(accumulate(code >> 2 for code in codes))
        kinds = [code & 3 for code in codes]
        base = len(self.steps)
        steps = [(at, kind) for at, kind in zip(times, kinds, strict=True) if kind != INPUT]
        self.steps.extend([at for at, _ in steps])
        if RESIZE in kinds:
            self.resizes.update(base + n for n, (_, kind) in enumerate(steps) if kind == RESIZE)
        self.inputs.extend([at for at, kind in zip(times, kinds, strict=True) if kind == INPUT])


def _unpacked(packed: bytes) -> array[int]:
    codes = array("Q")
    try:
        codes.frombytes(zlib.decompressobj().decompress(packed, _LARGEST_CHUNK))
    except (zlib.error, ValueError, TypeError) as error:
        raise UnusableIndexError(f"times cannot be unpacked ({error})") from error
    return codes
