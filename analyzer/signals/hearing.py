"""Which expressions of all rules a printed line may match, asked once a line for all of them.

A line is held against what may match it when it is printed, when it may settle its command, and
once for each pattern that judges how its command went. So the answers for the last lines are kept.
What a match means does not belong here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from analyzer.commands.outcome import tells_of_start
from analyzer.signals.kinds.output import Sieve

_LINES_MOST = 2048
"""Lines of which the answer is kept: more than a command's output that is kept."""

_NOISE = re.compile(r"^sudo: unable to resolve host ")
_NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Heard:
    """A line, the numbers of the expressions that may match it, and whether it names a start.

    ``start``: it may say that a command was not even started.
    """

    line: str
    hits: frozenset[int]
    start: bool


class Hearing:
    """All expressions that are held against printed lines; a number stands for each."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._sieve: Sieve | None = None
        self._known: dict[str, frozenset[int]] = {}
        self._lines: tuple[str, ...] = ()
        self._heard: list[Heard] = []

    def add(self, sources: Iterable[str]) -> list[int]:
        """Return the number of each expression; those that are new are listened for from now."""
        self._sieve = None
        self._known.clear()
        self._lines, self._heard = (), []
        return [self._numbers.setdefault(each, len(self._numbers)) for each in sources]

    def of(self, line: str) -> frozenset[int]:
        """Return the numbers of the expressions that may match a line; it misses none."""
        hits = self._known.get(line)
        if hits is None:
            if self._sieve is None:
                self._sieve = Sieve(self._numbers)
            hits = frozenset(self._sieve.sift(line)) or _NOTHING
            if len(self._known) >= _LINES_MOST:
                self._known.clear()
            self._known[line] = hits
        return hits

    def output(self, lines: tuple[str, ...]) -> list[Heard]:
        """Return, last one first, those lines of an output that may decide anything."""
        if lines is not self._lines:
            heard = [
                Heard(line, self.of(line), tells_of_start(line))
                for line in reversed(lines)
                if not _NOISE.match(line)
            ]
            self._heard = [each for each in heard if each.hits or each.start]
            self._lines = lines
        return self._heard
