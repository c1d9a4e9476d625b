"""Puts what a terminal sent back in order where its input waited to be judged.

Whether input was a secret is known only later, by its echo. A session that is recorded live must
write its output at once, so that such input comes late; a recording that is imported can wait. What
is a secret is not decided here, and nothing is written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

WAIT = 10.0
"""Seconds of a session that are held back at most."""

SIZE = 1 << 20
"""Characters that are held back at most."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event at ``t`` seconds; ``masked`` of its characters are hidden."""

    t: float
    code: str
    text: str
    exact: bytes | None = None
    masked: int = 0


@dataclass(slots=True)
class InOrder:
    """Events by their moments; input may be added behind what came later."""

    _waiting: deque[Entry] = field(default_factory=deque)
    _size: int = 0

    def add(self, entry: Entry) -> None:
        """Take an event, behind those of its moment or, for input, before later ones."""
        self._size += len(entry.text)
        later: list[Entry] = []
        while entry.code == "i" and self._waiting and self._waiting[-1].t > entry.t:
            later.append(self._waiting.pop())
        self._waiting.append(entry)
        self._waiting.extend(reversed(later))

    def take(self, now: float, *, holding: bool) -> Iterator[Entry]:
        """Yield what may be written: all, or what has waited long enough while input is held."""
        while self._waiting:
            if holding and now - self._waiting[0].t < WAIT and self._size < SIZE:
                return
            entry = self._waiting.popleft()
            self._size -= len(entry.text)
            yield entry
