"""Which expressions of all rules a printed line may match, asked once a line for all of them.

A line is held against what may match it when it is printed, when it may settle its command, and
once for each pattern that judges how its command went. So the answers for the last lines are kept.
What a match means does not belong here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from analyzer.commands.outcome import telling_of_start
from analyzer.signals.expressions import expression
from analyzer.signals.sieve import Sieve, widened

_LINES_MOST = 4096
"""Lines of which the answer is kept: several times a command's output that is kept."""
_AT_ONCE = 32
"""Lines that are asked about together; where something matches, each is asked about alone."""

_NOISE = re.compile(r"^sudo: unable to resolve host ")
_NOTHING: frozenset[int] = frozenset()


class Heard(NamedTuple):
    """A line, the numbers of the expressions that may match it, and whether it names a start.

    ``start``: it may say that a command was not even started.
    """

    line: str
    hits: frozenset[int]
    start: bool


class Hearing:
    """All expressions that are held against printed lines; a number stands for each.

    Those that match nearly every line are `is_broad`. They are tried only for whom they matter to.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._sieve: Sieve | None = None
        self._broad: dict[int, re.Pattern[str]] = {}
        self._broad_numbers: frozenset[int] = _NOTHING
        self._known: dict[str, frozenset[int]] = {}
        self._lines: tuple[str, ...] = ()
        self._heard: list[Heard] | None = []
        self._hits: frozenset[int] = _NOTHING
        self._starts: frozenset[str] = frozenset()

    def add(self, sources: Iterable[str]) -> list[int]:
        """Return the number of each expression; those that are new are listened for from now."""
        self._sieve = None
        self._known.clear()
        self._lines, self._heard, self._hits, self._starts = (), [], _NOTHING, frozenset()
        return [self._numbers.setdefault(each, len(self._numbers)) for each in sources]

    @staticmethod
    def is_broad(source: str) -> bool:
        """Whether an expression is one that is only tried where it is asked for."""
        return widened(source) is None

    def read(self, lines: Sequence[str]) -> None:
        """Take in lines that are about to be asked about."""
        known, sieve = self._known, self._ready()
        fresh = [line for line in lines if line not in known]
        if len(known) + len(fresh) > _LINES_MOST:
            known.clear()
            fresh = list(lines)
        for start in range(0, len(fresh), _AT_ONCE):
            some = fresh[start : start + _AT_ONCE]
            if sieve.silent(some):
                known.update(dict.fromkeys(some, _NOTHING))
            else:
                known.update((line, frozenset(sieve.sift(line)) or _NOTHING) for line in some)

    def sure(self, line: str) -> frozenset[int]:
        """Return the numbers of the expressions that match a line, those that are broad apart."""
        hits = self._known.get(line)
        if hits is None:
            self.read((line,))
            hits = self._known[line]
        return hits

    def of(self, line: str, among: Collection[int] | None = None) -> frozenset[int]:
        """Return the numbers of the expressions that match a line; it misses none.

        Of those that are broad, only such as are ``among`` those asked for.
        """
        hits = self.sure(line)
        found = [
            number
            for number, pattern in self._broad.items()
            if (among is None or number in among) and pattern.search(line)
        ]
        return hits.union(found) if found else hits

    def output(self, lines: tuple[str, ...], among: frozenset[int]) -> Sequence[Heard]:
        """Return, last one first, those lines of an output that may decide anything.

        There are none where no line names a start or matches any of ``among``. That a broad
        expression matches is not said.
        """
        if lines is not self._lines:
            self.read(lines)
            self._lines, self._heard = lines, None
            self._starts = telling_of_start(lines)
            self._hits = self.any_of(lines)
        if not self._starts and self._hits.isdisjoint(among):
            return ()
        if self._heard is None:
            known, starts = self._known, self._starts
            self._heard = [
                Heard(line, known[line], line in starts)
                for line in reversed(lines)
                if (known[line] or line in starts) and not _NOISE.match(line)
            ]
        return self._heard

    def any_of(self, lines: Iterable[str]) -> frozenset[int]:
        """Return the numbers of the expressions that match any of the lines just read; as `sure`.

        Those that are noise are not left out.
        """
        return _NOTHING.union(*set(map(self._known.__getitem__, lines)))

    @property
    def broad(self) -> frozenset[int]:
        """The numbers of the broad expressions."""
        self._ready()
        return self._broad_numbers

    def all_output(self, lines: tuple[str, ...], among: Collection[int]) -> Iterator[Heard]:
        """Yield all lines of an output, last one first; as `of`."""
        starts = telling_of_start(lines)
        for line in reversed(lines):
            if not _NOISE.match(line):
                yield Heard(line, self.of(line, among), line in starts)

    def _ready(self) -> Sieve:
        if self._sieve is None:
            self._sieve = Sieve(self._numbers)
            sources = list(self._numbers)
            self._broad = {n: expression(sources[n]) for n in sorted(self._sieve.broad)}
            self._broad_numbers = frozenset(self._broad)
        return self._sieve
