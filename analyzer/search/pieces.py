"""Output cut so that no piece scrolls more lines off than the emulator remembers.

Counts at most how many lines a piece can scroll off, without emulating anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST_LINES = 400
"""Lines that one piece may scroll off, unless a single control function does more."""

MOST_BYTES = 8 * 1024
"""Bytes of one piece."""

_MANY = re.compile(rb"(?:\x1b\[|\xc2\x9b)[0-9;:]*[Sb]")
_SCROLLS = re.compile(
    # SU and REP scroll up to a screenful; the rest one line, if only because text wraps after it.
    rb"(?:\x1b\[|\xc2\x9b)[0-9;:]*(?P<many>[Sb])|[\n\x0b\x0c\t\x1b]|\xc2[\x80-\x9f]"
)


_EACH = (b"\n", b"\x0b", b"\x0c", b"\t", b"\x1b", b"\xc2")


def bounded_pieces(data: bytes, columns: int, lines: int) -> Iterator[tuple[bytes, int]]:
    """Yield ``data`` in pieces, each with how many lines it can scroll off at most.

    Args:
        data: What was sent to a terminal.
        columns: The terminal's width.
        lines: Its height.

    """
    if len(data) <= MOST_BYTES and not _MANY.search(data):
        most = sum(map(data.count, _EACH)) + len(data) // columns + 1
        if most <= MOST_LINES:
            # Nearly all output; the rest is counted step by step.
            if data:
                yield data, most
            return
    start = place = scrolls = 0
    for end, cost in _steps(data, min(MOST_BYTES, columns * MOST_LINES // 2), lines):
        most = scrolls + cost + (end - start) // columns + 1
        if place > start and (most > MOST_LINES or end - start > MOST_BYTES):
            yield data[start:place], scrolls + (place - start) // columns + 1
            start, scrolls = place, 0
        place, scrolls = end, scrolls + cost
    if place > start:
        yield data[start:place], scrolls + (place - start) // columns + 1


def _steps(data: bytes, most: int, lines: int) -> Iterator[tuple[int, int]]:
    """Yield places at which ``data`` may be cut, at most so many bytes apart, and what lies before.

    That is the number of lines that the control function before the place scrolls off.
    """
    place = 0
    for found in _SCROLLS.finditer(data):
        for cut in range(place + most, found.end(), most):
            yield cut, 0
        place = found.end()
        yield place, lines if found["many"] else 1
    for cut in range(place + most, len(data), most):
        yield cut, 0
    yield len(data), 0
