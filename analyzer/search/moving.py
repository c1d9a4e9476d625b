"""Which line of a full-screen program is which, when its screen scrolls or is drawn anew.

The alternate screen has no history by which its lines could be numbered: a line is known again by
its text, in its own row or among others that moved by as many rows. Pure; nothing of time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analyzer.search.sightings import LINE_STEP


class LineNumbers:
    """Numbers for the rows of one screen, from look to look."""

    def __init__(self) -> None:
        self._next = 0
        self._rows: list[str] = []
        self._numbers: list[int] = []

    def forget(self) -> None:
        """Begin anew: the next screen has nothing to do with the one before."""
        self._rows, self._numbers = [], []

    def follow(self, rows: Sequence[str]) -> list[int]:
        """Return the numbers of rows: those of the lines that were there before, or new ones."""
        shift = _shift(self._rows, rows)
        taken: set[int] = set()
        numbers = [-1] * len(rows)
        for y, text in enumerate(rows):
            for before in (y, y + shift) if shift else (y,):
                if 0 <= before < len(self._rows) and self._rows[before] == text:
                    number = self._numbers[before]
                    if number not in taken and numbers[y] < 0:
                        numbers[y] = number
                        taken.add(number)
        for y, number in enumerate(numbers):
            if number < 0:
                numbers[y] = self._own(y, taken)
                taken.add(numbers[y])
        self._rows, self._numbers = list(rows), numbers
        return numbers

    def _own(self, y: int, taken: set[int]) -> int:
        """Return the row's number from before, as its line was edited, or else a new one."""
        if y < len(self._numbers) and self._numbers[y] not in taken:
            return self._numbers[y]
        self._next += LINE_STEP
        return self._next


def _shift(before: Sequence[str], now: Sequence[str]) -> int:
    """Return by how many rows most of the changed rows have moved up, 0 where none is meant."""
    if len(before) != len(now):
        return 0
    places: dict[str, int] = {}
    for y, text in enumerate(before):
        if not text.isspace():
            # What stands in several rows says nothing about where one of them went.
            places[text] = -1 if text in places else y
    votes: Counter[int] = Counter()
    for y, text in enumerate(now):
        place = places.get(text, -1)
        if text != before[y] and place >= 0:
            votes[place - y] += 1
    return votes.most_common(1)[0][0] if votes else 0
