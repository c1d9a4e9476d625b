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
    # That all begin with one of a class lets Python skip text quickly.
    r"[\x00-\x08\x0e-\x1f\x7f](?:(?<!\x1b)"
    r"|(?:(?=8)|\[[0-?]*[ -/]*(?=[@-~]))([8@-~])"
    r"|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|[ -/]+[0-~]|[0-Z\\`-~])"
)
_OPEN = re.compile(
    r"\x1b(?:\[[0-?]{0,512}[ -/]{0,512}|[\]PX^_][^\x07\x1b]{0,4096}\x1b?|[ -/]{0,512})?\Z"
)
"""A sequence whose rest may still come; what goes on for longer is none."""
_BREAKS = re.compile(r"[\r\n\x0b\x0c]+")
_INSTEAD = {**dict.fromkeys("HfABEFdJu8", "\n"), **dict.fromkeys("CG", " ")}
"""What stands for a control sequence, by its last character: it moves to another line, or in it."""


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
        # Nothing that is half there begins before the last but one: it may hold one at its end.
        half = _OPEN.search(text, max(0, text.rfind("\x1b", 0, max(0, text.rfind("\x1b")))))
        self._held = text[half.start() :] if half else ""
        parts = _SEQUENCE.split(text[: half.start()] if half else text)
        parts[1::2] = [_INSTEAD.get(final, "") for final in parts[1::2]]
        *whole, rest = _BREAKS.split(self._partial + "".join(parts))
        self._partial = rest[: WIDTH * 4]
        self._add(whole)

    def end_line(self) -> None:
        """Count what stands behind the last line end as a line."""
        self._add([self._partial])
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

    def _add(self, lines: list[str]) -> None:
        last, fresh, head = self._last, self._fresh, self._head
        for each in lines:
            line = each[:WIDTH].rstrip()
            if not line or line == last:
                continue
            last = line
            if len(fresh) < FRESH:
                fresh.append(line)
            if len(head) < HEAD:
                head.append(line)
            else:
                self._tail.append(line)
        self._last = last
