"""By which door this process was entered; decided by whoever starts it, for all that it notes.

Apart from the values, so that what keeps a card need not be told by each of its callers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from recorder.trace.actions import Door

_doors: list[Door] = ["command-line"]


def door() -> Door:
    """Return by which door this process was entered."""
    return _doors[-1]


def come_by(way: Door) -> None:
    """Let all that this process notes be done by this door; for the program that is one, once."""
    _doors[:] = [way]


@contextmanager
def inside(way: Door) -> Iterator[None]:
    """Let what is noted while the block runs be done by this door; over SSH it stays that."""
    before = list(_doors)
    if door() != "ssh":
        _doors.append(way)
    try:
        yield
    finally:
        _doors[:] = before
