"""Counts what goes through a forwarded connection: sizes, times and keyed digests, no content.

What a candidate's browser or agent says is none of the interview's business, and may be secret.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Literal

from recorder.recording.journal import Flow
from recorder.recording.writer import RecordingWriter

Direction = Literal["in", "out"]
"""``in`` goes to the target, ``out`` comes from it."""


class ForwardCount:
    """Both directions of one forwarded connection."""

    def __init__(self, writer: RecordingWriter) -> None:
        self._writer = writer
        self._counts = {"in": _Count(writer.content_key), "out": _Count(writer.content_key)}

    def feed(self, direction: Direction, data: bytes) -> None:
        """Count what went in one direction."""
        self._counts[direction].feed(data, self._writer.now())

    def flows(self) -> tuple[Flow, ...]:
        """Return what is to be said of each direction in which something went."""
        directions: tuple[Direction, ...] = ("in", "out")
        return tuple(
            self._counts[each].flow(each) for each in directions if self._counts[each].size
        )


class _Count:
    def __init__(self, key: bytes) -> None:
        self._digest = hmac.new(key, digestmod=hashlib.sha256)
        self.size = 0
        self._first: float | None = None
        self._last: float | None = None

    def feed(self, data: bytes, t: float) -> None:
        self._last = t
        if self._first is None:
            self._first = t
        self.size += len(data)
        self._digest.update(data)

    def flow(self, direction: Direction) -> Flow:
        return Flow(
            stream=direction,
            size=self.size,
            first=self._first,
            last=self._last,
            digest=self._digest.hexdigest(),
        )
