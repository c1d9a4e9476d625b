"""When a terminal's outputs, resizes and inputs came, as small arrays that are packed and back.

Packed, a time is the microseconds since the one before it in the same array (the first counts from
the session's start). Times of recordings have microseconds; a recording with others is left to
whoever reads it itself.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from analyzer.index.file import UnusableIndexError
from analyzer.index.packing import pack, unpack

_MICRO = 1_000_000
_MOST = 1 << 53
"""Beyond this a float does not hold every microsecond."""

_LARGEST = 1 << 24
"""Bytes that one array may unpack to: far more than any that is written."""


def micros(t: float) -> int:
    """Return seconds as microseconds.

    Raises:
        UnusableIndexError: They are not exactly so many.

    """
    found = round(t * _MICRO)
    if not 0 <= found < _MOST or found / _MICRO != t:
        raise UnusableIndexError(f"a time is not in microseconds: {t!r}")
    return found


@dataclass(slots=True)
class Chunk:
    """A stretch of one terminal's times while it is written, in microseconds.

    Attributes:
        steps: When its outputs and resizes came.
        inputs: When its inputs came.
        resizes: Which of its steps are resizes, from 0.

    """

    steps: array[int] = field(default_factory=lambda: array("Q"))
    inputs: array[int] = field(default_factory=lambda: array("Q"))
    resizes: array[int] = field(default_factory=lambda: array("Q"))

    def __len__(self) -> int:
        return len(self.steps) + len(self.inputs)

    def packed(self) -> tuple[bytes, bytes, bytes]:
        """Return the three arrays."""
        return _packed(self.steps), _packed(self.inputs), _packed(self.resizes)


class Times:
    """When one terminal's events came, in seconds; outputs and resizes are steps, from 0."""

    def __init__(self) -> None:
        self.steps = array("d")
        self.outputs = array("d")
        self.inputs = array("d")

    def output(self, t: float) -> None:
        """Append an output."""
        self.steps.append(t)
        self.outputs.append(t)

    def resize(self, t: float) -> None:
        """Append a resize."""
        self.steps.append(t)

    def unpack(self, steps: bytes, inputs: bytes, resizes: bytes) -> None:
        """Append a chunk.

        Raises:
            UnusableIndexError: It is none.

        """
        times = [at / _MICRO for at in _unpacked(steps)]
        self.steps.extend(times)
        self.inputs.extend([at / _MICRO for at in _unpacked(inputs)])
        resized = set(_unpacked(resizes))
        if resized:
            times = [t for number, t in enumerate(times) if number not in resized]
        self.outputs.extend(times)


def _packed(values: array[int]) -> bytes:
    gaps = array("Q", values[:1])
    gaps.extend([after - before for before, after in pairwise(values)])
    return pack(gaps.tobytes())


def _unpacked(packed: bytes) -> accumulate[int]:
    gaps = array("Q")
    try:
        gaps.frombytes(unpack(packed, _LARGEST))
    except ValueError as error:
        raise UnusableIndexError(f"times cannot be unpacked ({error})") from error
    return accumulate(gaps)
