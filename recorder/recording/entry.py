"""What the lines of a recording's journal share. No kind of line belongs here.

What checks a kind of line is made when the first of that kind is read or written: a recording has
a few of them, and to make all takes longer than to read an hour's.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Entry(BaseModel):
    """What every line has.

    Python's JSON reads Infinity and NaN: they are no numbers of a session, and would be printed.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True, allow_inf_nan=False)

    t: float


class Flow(BaseModel):
    """One direction of a channel without a terminal.

    ``digest`` is HMAC-SHA-256 (hex) of every byte, keyed with ``<home>/keys/content.key``; times
    are seconds since the session's start; ``kept`` counts the bytes in ``file``, after masking.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True, allow_inf_nan=False)

    stream: Literal["in", "out", "err"]
    size: int
    first: float | None = None
    last: float | None = None
    digest: str
    file: str | None = None
    kept: int = 0
