"""What every foreign format is made of: one frozen value an event, bytes as they were.

Only values. A parser yields one `Began`, then the others in the order of the file, their times
never smaller than the one before; how they are written is `recorder.formats.convert`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

DEFAULT_COLUMNS, DEFAULT_LINES = 80, 24
"""Cells of a terminal whose recording does not tell its size."""

MOST_CELLS = 65535
"""Columns or lines at most: a terminal's size has 16 bits (struct winsize, ioctl_tty(2))."""

_SIZE = re.compile(r"([0-9]{1,5})[xX]([0-9]{1,5})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """How the recording began; what the file does not tell is None.

    ``columns`` and ``lines`` are cells, ``started`` is Unix time in seconds.
    """

    columns: int | None = None
    lines: int | None = None
    term: str | None = None
    started: float | None = None
    command: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What every later event has; ``t`` is seconds since the recording's start."""

    t: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote(Moment):
    """Bytes that the terminal was sent."""

    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed(Moment):
    """Bytes that came from the keyboard."""

    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized(Moment):
    """The terminal got another size, in cells."""

    columns: int
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked(Moment):
    """Somebody marked this moment."""

    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Moment):
    """What was recorded came to its end; ``status`` as a string, as asciicast has it."""

    status: str


Foreign = Began | Wrote | Typed | Sized | Marked | Ended
Later = Wrote | Typed | Sized | Marked | Ended


def cells(value: object) -> int | None:
    """Return a number of columns or lines, cut to what a terminal can have; None for no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Also false for NaN.
    if not value >= 1:
        return None
    return int(min(value, MOST_CELLS))


def size_of(text: str) -> tuple[int, int] | None:
    """Read ``90x30`` as columns and lines; None where it is no size."""
    match = _SIZE.fullmatch(text)
    if match is None:
        return None
    columns, lines = cells(int(match[1])), cells(int(match[2]))
    return (columns, lines) if columns and lines else None
