"""One terminal as its index tells it: keyframes to start from, and what was done behind them.

Only the stretch of the cast between two keyframes is read at a time; a few stretches are kept, for
whoever steps back and forth. Where an emulator stands is `analyzer.track`'s.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from analyzer.index.file import UnusableIndexError
from analyzer.index.reader import IndexReader, StoredTerminal
from analyzer.index.slices import CastSlices, Step

_KEPT = 6
"""Stretches that are kept: what a person looks at within a minute or so."""


class Past:
    """The covered steps of one terminal.

    Attributes:
        terminal: What the index says of it.
        times: When its events came.

    """

    def __init__(self, directory: Path, index: IndexReader, terminal: StoredTerminal) -> None:
        self.terminal = terminal
        self.times = index.times[terminal.number]
        self._index = index
        self._places = index.places[terminal.number]
        self._path = directory / terminal.file
        self._slices: CastSlices | None = None
        self._stretches: OrderedDict[int, list[Step]] = OrderedDict()

    def close(self) -> None:
        """Close the cast."""
        if self._slices is not None:
            self._slices.close()

    @property
    def bytes_read(self) -> int:
        """Bytes of the cast that were read."""
        return 0 if self._slices is None else self._slices.bytes_read

    def keyframe(self, step: int) -> int:
        """Return after how many steps the last keyframe stands that is not behind ``step``."""
        return self._places.steps[self._places.nearest(step)]

    def snapshot(self, keyframe: int) -> bytes | None:
        """Return what the terminal was at a keyframe; None at the first, where it is new.

        Raises:
            UnusableIndexError: The index is damaged, or was made anew.

        """
        return self._index.snapshot(self.terminal.number, keyframe) if keyframe else None

    def steps(self, first: int, last: int) -> list[Step]:
        """Return some of the steps from ``first`` up to ``last``, at least one where there is one.

        Raises:
            UnusableIndexError: The recording is not what the index says.

        """
        number = self._places.nearest(first)
        base = self._places.steps[number]
        stretch = self._stretch(number)
        return stretch[first - base : last - base]

    def _stretch(self, number: int) -> list[Step]:
        found = self._stretches.get(number)
        if found is not None:
            self._stretches.move_to_end(number)
            return found
        steps, offsets = self._places.steps, self._places.offsets
        is_last = number + 1 == len(steps)
        if self._slices is None:
            self._slices = CastSlices(self._path)
        end = self.terminal.until if is_last else offsets[number + 1]
        found = self._slices.steps(offsets[number], end)
        expected = (self.terminal.steps if is_last else steps[number + 1]) - steps[number]
        if len(found) != expected:
            raise UnusableIndexError(f"{self.terminal.file} does not hold what was indexed")
        self._stretches[number] = found
        if len(self._stretches) > _KEPT:
            self._stretches.popitem(last=False)
        return found
