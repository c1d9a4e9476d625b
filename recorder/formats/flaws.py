"""What of a file could not be read, with its place; however broken a file is, the list is short.

Nothing is decided or printed here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

KEPT = 10
"""Flaws that are told one by one; more are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing that could not be read; ``place`` is a line (from 1) or a byte (from 0)."""

    file: str
    place: str
    words: str

    def __str__(self) -> str:
        """Return it as one line."""
        where = f"{self.file}, {self.place}" if self.place else self.file
        return f"{where}: {self.words}"


@dataclass(slots=True)
class Flaws:
    """The first of them, and how many there are in all."""

    found: list[Flaw] = field(default_factory=list)
    count: int = 0

    def add(self, file: str, place: str, words: str) -> None:
        """Note one."""
        self.count += 1
        if len(self.found) < KEPT:
            self.found.append(Flaw(file=_text(file), place=place, words=_text(words)))

    def lines(self) -> list[str]:
        """Return them for a person, the count of those that are not told last."""
        told = [str(each) for each in self.found]
        if more := self.count - len(self.found):
            told.append(f"and {more} more that could not be read")
        return told


def _text(words: str) -> str:
    """Return words that can be written anywhere: names of files need not be UTF-8."""
    return words.encode("utf-8", "backslashreplace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Complaints:
    """Where a parser of one file puts its flaws."""

    flaws: Flaws
    file: str

    def at_line(self, number: int, words: str) -> None:
        """Note a flaw in a line, counted from 1."""
        self.flaws.add(self.file, f"line {number}", words)

    def at_event(self, number: int, words: str) -> None:
        """Note a flaw in an event, counted from 1, of a format without lines."""
        self.flaws.add(self.file, f"event {number}", words)

    def at_byte(self, offset: int, words: str) -> None:
        """Note a flaw at a byte, counted from 0."""
        self.flaws.add(self.file, f"byte {offset}", words)

    def whole(self, words: str) -> None:
        """Note a flaw of the file as a whole."""
        self.flaws.add(self.file, "", words)
