"""The text that a command wrote, as lines that patterns can be held against.

Control sequences go; what moves the cursor to another line ends a line, and so does a carriage
return, so that each step of a progress bar is a line of its own. Bounded: head and tail are kept.
The screen is `analyzer.terminal`'s; nothing is judged here.
"""

from __future__ import annotations

import codecs
import re
from collections import deque

HEAD = 300
TAIL = 300
WIDTH = 500
"""Lines kept at the start, at the end, and characters kept of each."""
FRESH = 4000
"""Lines that wait to be taken at most; one event of a recording hardly holds as many."""

_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*([@-~])"
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b[ -/]+[0-~]|\x1b[0-Z\\`-~]"
    r"|[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]"
)
_OPEN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]{0,4096}\x1b?|[ -/]*)?\Z")
_BREAKS = re.compile(r"[\r\n\x0b\x0c]+")
_TO_OTHER_LINE = frozenset("HfABEFdJu")
_RESTORE_CURSOR = "\x1b8"
_WITHIN_LINE = frozenset("CG")


class OutputText:
    """Collects lines from the bytes that a terminal gets."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._fresh: list[str] = []
        self.clear()

    def clear(self) -> None:
        """Forget all lines; a sequence that is half read stays."""
        self._head: list[str] = []
        self._tail: deque[str] = deque(maxlen=TAIL)
        self._partial = ""
        self._last = ""

    def feed(self, data: bytes) -> None:
        """Take in what was written, cut anywhere."""
        text = self._held + self._decoder.decode(data)
        half = _OPEN.search(text)
        self._held = text[half.start() :] if half else ""
        plain = _SEQUENCE.sub(_replacement, text[: half.start()] if half else text)
        *whole, rest = _BREAKS.split(self._partial + plain)
        self._partial = rest[: WIDTH * 4]
        for line in whole:
            self._add(line)

    def end_line(self) -> None:
        """Count what stands behind the last line end as a line."""
        self._add(self._partial)
        self._partial = ""

    def take_fresh(self) -> list[str]:
        """Return the complete lines since this was asked last, also those that are not kept."""
        fresh, self._fresh = self._fresh, []
        return fresh

    @property
    def lines(self) -> tuple[str, ...]:
        """The complete lines that are not blank, without immediate repeats."""
        return (*self._head, *self._tail)

    @property
    def first(self) -> str | None:
        """The first complete line."""
        return self._head[0] if self._head else None

    @property
    def empty(self) -> bool:
        """Whether nothing visible was written."""
        return not self._head and not self._partial.strip()

    def only(self, text: str) -> bool:
        """Whether nothing visible was written but, perhaps, ``text``."""
        return not self._head and self._partial.strip() in {"", text.strip()}

    def drop_first(self) -> None:
        """Forget the first line."""
        del self._head[:1]

    def _add(self, line: str) -> None:
        line = line[:WIDTH].rstrip()
        if not line or line == self._last:
            return
        self._last = line
        if len(self._fresh) < FRESH:
            self._fresh.append(line)
        if len(self._head) < HEAD:
            self._head.append(line)
        else:
            self._tail.append(line)


def _replacement(match: re.Match[str]) -> str:
    final = match.group(1)
    if final is None:
        return "\n" if match.group() == _RESTORE_CURSOR else ""
    if final in _TO_OTHER_LINE:
        return "\n"
    return " " if final in _WITHIN_LINE else ""
