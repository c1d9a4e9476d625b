"""ttyrec: frames of a 12 byte header (seconds, microseconds, length) and as many bytes of output.

Source of the format: ttyrec's own README and ttyrec(5) as others keep it; numbers have 32 bits,
little-endian. It knows neither the terminal's size nor what was typed. A frame that cannot be one
is passed over: reading goes on where two headers in a row fit.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from recorder.formats.events import Began, Foreign, Wrote, cells
from recorder.formats.flaws import Complaints
from recorder.formats.moments import Moments
from recorder.formats.source import PIECE, Readable, Window

HEADER = struct.Struct("<III")

MOST_FRAME = 16 << 20
"""Bytes of one frame that are believed."""

_MICROSECONDS = 1_000_000
_SEARCHED = 1 << 20
"""Bytes behind a broken frame in which the next whole one is looked for."""

_NEAR = 366 * 86400
"""Seconds between two frames that belong to one recording."""

_MOST_BROKEN = 1000
"""Broken places that are passed over in one file."""

_SIZE = re.compile(rb"\x1b\[8;(\d{1,5});(\d{1,5})t")
"""How termrec begins: the size as a terminal is told it (XTWINOPS 8 of xterm)."""


def looks_like(head: bytes) -> bool:
    """Whether a file that begins like this can be a ttyrec."""
    if len(head) < HEADER.size:
        return False
    micro: int
    size: int
    _, micro, size = HEADER.unpack_from(head)
    behind = HEADER.size + size
    if not (micro < _MICROSECONDS and 0 < size <= MOST_FRAME):
        return False
    if len(head) < behind + HEADER.size:
        return size <= PIECE
    return _fits(HEADER.unpack_from(head, behind), None)


def parse_ttyrec(stream: Readable, complaints: Complaints) -> Iterator[Foreign]:
    """Yield the events of a ttyrec."""
    window = Window(stream)
    yield _began(window.peek(HEADER.size + PIECE))
    start: float | None = None
    moments, last, broken = Moments(), None, 0
    while len(header := window.peek(HEADER.size)) == HEADER.size:
        seconds, micro, size = HEADER.unpack(header)
        if not _fits((seconds, micro, size), None):
            broken += 1
            if broken > _MOST_BROKEN or not _pass_over(window, last, complaints):
                complaints.at_byte(
                    window.offset,
                    "not a frame, and no whole ones soon behind it: the rest is left out",
                )
                return
            continue
        place, moment = window.offset, seconds + micro / _MICROSECONDS
        start = moment if start is None else start
        if wrong := moments.at(moment - start):
            complaints.at_byte(place, wrong)
        last = seconds
        window.skip(HEADER.size)
        yield from _frame(window, size, moments.now, complaints)
    if header:
        complaints.at_byte(window.offset, "cut off within a header: left out")


def _frame(window: Window, size: int, t: float, complaints: Complaints) -> Iterator[Wrote]:
    """Yield a frame's bytes, also those of one that is cut off."""
    left = size
    while left and (data := window.take(min(left, PIECE))):
        left -= len(data)
        yield Wrote(t=t, data=data)
    if left:
        complaints.at_byte(window.offset, f"cut off: {left} of {size} bytes of a frame are missing")


def _pass_over(window: Window, last: int | None, complaints: Complaints) -> bool:
    """Skip to the next place at which two headers fit; return whether there is one."""
    place = window.offset
    data = window.peek(_SEARCHED)
    for skip in range(1, len(data) - HEADER.size):
        header = HEADER.unpack_from(data, skip)
        if not _fits(header, last):
            continue
        behind = skip + HEADER.size + header[2]
        ends_here = behind == len(data)
        if ends_here or (
            behind + HEADER.size <= len(data) and _fits(HEADER.unpack_from(data, behind), last)
        ):
            complaints.at_byte(place, f"not a frame: {skip} bytes left out")
            window.skip(skip)
            return True
    return False


def _fits(header: tuple[int, ...], last: int | None) -> bool:
    """Whether this can be a header, at most a year away from ``last``."""
    seconds, micro, size = header
    near = last is None or abs(seconds - last) <= _NEAR
    return near and micro < _MICROSECONDS and size <= MOST_FRAME


def _began(head: bytes) -> Began:
    if len(head) < HEADER.size:
        return Began()
    seconds, micro, size = HEADER.unpack_from(head)
    started = seconds + micro / _MICROSECONDS if micro < _MICROSECONDS else None
    match = _SIZE.search(head[HEADER.size : HEADER.size + size])
    if match is None:
        return Began(started=started)
    return Began(columns=cells(int(match[2])), lines=cells(int(match[1])), started=started)
