"""The lines of an output, and questions about all of them at once.

Most outputs are long and say nothing that a question is about. So the question is put to all of the
text first; only where something fits are the lines looked at one by one. What the lines mean does
not belong here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache


class Said:
    """Lines without line ends.

    Attributes:
        lines: One by one.
        text: All of them, a line end between two.

    """

    __slots__ = ("lines", "text")

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(lines)
        self.text = "\n".join(self.lines)

    def may_hold(self, words: Collection[str]) -> bool:
        """Whether any line holds any of some words, which hold no line end."""
        return any(word in self.text for word in words)

    def may_match(self, pattern: re.Pattern[str]) -> bool:
        """Whether a pattern may be found in any line.

        It must not be one that a line is kept from matching by what stands on the next.
        """
        return by_lines(pattern).search(self.text) is not None

    def without(self, pattern: re.Pattern[str]) -> Said:
        """Return the lines in which a pattern is not found; as `may_match`."""
        if not self.may_match(pattern):
            return self
        return Said(line for line in self.lines if not pattern.search(line))


@lru_cache(maxsize=256)
def by_lines(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """Return what is found in a text of several lines wherever a pattern is found in one of them.

    It may be found elsewhere too: what is not a given character may be a line end.
    """
    return re.compile(pattern.pattern, pattern.flags | re.MULTILINE)
