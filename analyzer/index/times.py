"""When a terminal's outputs, resizes and inputs came, as small arrays that are packed and back.

Packed, a time is the microseconds since the one before it in the same array (the first counts from
the session's start). Times of recordings have microseconds; a recording with others is left to
whoever reads it itself.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise

from analyzer.index.file import UnusableIndexError
from analyzer.index.packing import pack, unpack

_MICRO = 1_000_000
_MOST = 1 << 53
"""Beyond this a float does not hold every microsecond."""

_LARGEST = 1 << 24
"""Bytes that one array may unpack to: far more than any that is written."""


Packed = tuple[object, object, object]
"""A chunk as it was read: steps, inputs, and which of the steps are resizes."""


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
    """When one terminal's events came, in seconds; outputs and resizes are steps, from 0.

    What is packed is unpacked when it is first asked for: a look at one screen needs only the steps
    of one terminal. `UnusableIndexError` is then raised where it is damaged.
    """

    def __init__(
        self, packed: Sequence[tuple[object, object, object]] = (), count: int = 0
    ) -> None:
        """Begin with chunks in their order, which hold ``count`` steps."""
        self._packed = packed
        self._count = count

    @cached_property
    def steps(self) -> array[float]:
        """When each output and each resize came."""
        found = array("d")
        for steps, _, _ in self._packed:
            found.extend([at / _MICRO for at in _unpacked(steps)])
        if len(found) != self._count:
            raise UnusableIndexError("times are missing")
        return found

    @cached_property
    def outputs(self) -> array[float]:
        """When each output came."""
        resized: set[int] = set()
        base = 0
        for steps, _, resizes in self._packed:
            resized.update(base + number for number in _unpacked(resizes))
            base += sum(1 for _ in _unpacked(steps))
        return array("d", [t for number, t in enumerate(self.steps) if number not in resized])

    @cached_property
    def inputs(self) -> array[float]:
        """When each input came."""
        found = array("d")
        for _, inputs, _ in self._packed:
            found.extend([at / _MICRO for at in _unpacked(inputs)])
        return found

    def output(self, t: float) -> None:
        """Append an output."""
        self.outputs.append(t)
        self.steps.append(t)

    def resize(self, t: float) -> None:
        """Append a resize."""
        # What is unpacked later must not count it among the outputs.
        _ = self.outputs
        self.steps.append(t)


def _packed(values: array[int]) -> bytes:
    gaps = array("Q", values[:1])
    gaps.extend([after - before for before, after in pairwise(values)])
    return pack(gaps.tobytes())


def _unpacked(packed: object) -> accumulate[int]:
    gaps = array("Q")
    try:
        gaps.frombytes(unpack(packed, _LARGEST))
    except ValueError as error:
        raise UnusableIndexError(f"times cannot be unpacked ({error})") from error
    return accumulate(gaps)
