"""The list of what was spoken: follows the replay as the other lists do, its rows are wrapped.

Nothing is wrapped before somebody wants to see it, as most sessions are replayed without it; then
all rows are measured, and only those that are seen are drawn.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from rich.text import Text

from tui.seat.moment_list import MomentList
from tui.seat.moments import Moment
from tui.seat.transcript.rows import SpokenMoment, count_lines, draw_spoken
from tui.seat.transport import LEAD

_NEVER = float("-inf")
"""The moment of rows before which no row has a time."""


class SpokenList(MomentList):
    """Rows of `tui.seat.transcript.rows`."""

    def __init__(self) -> None:
        super().__init__(id="spoken", title="Spoken", is_tag=False)
        self._clocked = False
        self._width = 0
        self._starts = [0]
        """The first line of each row, and how many there are; only [0] before it was shown."""

    def show_moments(self, moments: tuple[Moment, ...], *, none: str = "none") -> None:
        """Replace the rows; where none of them has a time, none shows that it has none."""
        if moments != self.moments:
            self._clocked = any(each.timed for each in moments)
            self._width = 0
            self._starts = [0]
        super().show_moments(moments, none=none)

    def show_position(self, position: float, lead: float = LEAD) -> None:
        """Show what the replay has reached, and mark that row unless somebody is choosing."""
        # A list that comes to be displayed is not always told of its size.
        if self.display and self.scrollable_content_region.width != self._width:
            self.on_resize()
        super().show_position(position, lead)

    def _index_at(self, position: float, lead: float) -> int | None:
        """Return which row was reached: none as long as only rows without a time were."""
        index = super()._index_at(position, lead)
        return None if index is None or self.moments[index].t == _NEVER else index

    def _standing_words(self, index: int | None, position: float) -> str:
        del index, position
        return "enter goes · P hides" if self.has_focus else "P chooses"

    def _fit(self) -> None:
        width = self.scrollable_content_region.width if self.display else 0
        if width and width != self._width:
            self._width = width
            heights = (self._height(each, width) for each in self.moments)
            self._starts = list(accumulate(heights, initial=0))
            self.refresh()
        super()._fit()

    def _height(self, moment: Moment, width: int) -> int:
        return count_lines(_spoken(moment), width, clocked=self._clocked)

    def _line_count(self) -> int:
        return self._starts[-1]

    def _lines_of(self, index: int) -> range:
        if index + 1 >= len(self._starts):
            return range(0)
        return range(self._starts[index], self._starts[index + 1])

    def _index_on(self, line: int) -> int | None:
        return bisect_right(self._starts, line) - 1 if line < self._starts[-1] else None

    def _draw_line(self, index: int, line: int, width: int) -> Text:
        del width
        lines = draw_spoken(
            _spoken(self.moments[index]),
            self._width,
            current=index == self._reached,
            clocked=self._clocked,
        )
        return lines[line - self._starts[index]]


def _spoken(moment: Moment) -> SpokenMoment:
    if not isinstance(moment, SpokenMoment):
        raise TypeError(f"{moment.id} was not spoken")
    return moment
