"""The list of what was spoken: follows the replay as the other lists do, its rows are wrapped.

Nothing is drawn before somebody wants to see it: most sessions are replayed without it.
"""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.seat.moment_list import MomentList
from tui.seat.moments import Moment, current_index
from tui.seat.transcript.rows import SpokenMoment, draw_spoken
from tui.seat.transport import LEAD

_NEVER = float("-inf")
"""The moment of rows before which no row has a time."""


class SpokenList(OptionList, inherit_bindings=False):
    """Rows of `tui.seat.transcript.rows`; the chosen one is posted as the other lists do.

    Home and End are left to the replay: they go to the session's beginning and end.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up", "Up", show=False),
        Binding("down", "cursor_down", "Down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
        Binding("enter", "select", "Go there", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="spoken", markup=False)
        self.moments: tuple[Moment, ...] = ()
        self._stood = (0.0, LEAD)
        self._clocked = False
        self._reached: int | None = None
        self._drawn_width = 0
        self.border_title = "Spoken"
        self.border_subtitle = "reading"

    def show_moments(self, moments: tuple[Moment, ...]) -> None:
        """Replace the rows; where none of them has a time, none shows that it has none."""
        chosen = self.highlighted_moment if self.has_focus else None
        self._clocked = any(each.timed for each in moments)
        self.border_title = f"Spoken {len(moments)}"
        self.border_subtitle = "" if moments else "none"
        if moments == self.moments:
            return
        self.moments = moments
        self._draw_rows()
        if chosen is not None:
            ids = [each.id for each in moments]
            self.mark_row(ids.index(chosen.id) if chosen.id in ids else None)

    @property
    def highlighted_moment(self) -> Moment | None:
        """The row that is marked."""
        index = self.highlighted
        return None if index is None or index >= len(self.moments) else self.moments[index]

    def mark_row(self, index: int | None) -> None:
        """Mark a row, or none; an index behind the last is that."""
        if index is not None:
            index = min(max(index, 0), self.option_count - 1) if self.option_count else None
        self.highlighted = index

    def mark(self, index: int | None) -> None:
        """Mark one row, or none, unless somebody is choosing."""
        if not self.has_focus and index != self.highlighted:
            self.mark_row(index)

    def show_position(self, position: float, lead: float = LEAD) -> None:
        """Show what the replay has reached, where the list is to be seen."""
        self._stood = (position, lead)
        if not self.display:
            return
        # A list that comes to be displayed is not always told of its size.
        self._fit()
        index = self._index_at(position, lead)
        if index != self._reached:
            self._show_reached(index)
        if self.moments:
            words = "enter goes · P hides" if self.has_focus else "P chooses"
            if words != self.border_subtitle:
                self.border_subtitle = words
        self.mark(index)

    def on_resize(self) -> None:
        """Take in that there may be other room."""
        self._fit()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Post what was chosen."""
        event.stop()
        self.post_message(MomentList.Chosen(self.moments[event.option_index]))

    def _fit(self) -> None:
        """Draw the rows where there is other room; whoever chooses begins at what is being said."""
        drawn = self.option_count > 0
        if self.scrollable_content_region.width != self._drawn_width:
            marked = self.highlighted
            self._draw_rows()
            self.mark_row(marked)
        if self.option_count and not drawn:
            self.mark_row(self._index_at(*self._stood))

    def _draw_rows(self) -> None:
        self.clear_options()
        width = self.scrollable_content_region.width if self.display else 0
        self._drawn_width = width
        if not width:
            self._reached = None
            return
        self._reached = None if self._reached is None else min(self._reached, len(self.moments))
        self.add_options([self._option(index, width) for index in range(len(self.moments))])

    def _option(self, index: int, width: int) -> Option:
        moment, current = self.moments[index], index == self._reached
        if not isinstance(moment, SpokenMoment):
            raise TypeError(f"{moment.id} was not spoken")
        return Option(draw_spoken(moment, width, current=current, clocked=self._clocked))

    def _show_reached(self, index: int | None) -> None:
        """Move the arrow; nothing else is drawn again."""
        before, self._reached = self._reached, index
        if not self.option_count:
            return
        for changed in {before, index} - {None}:
            if changed is not None and changed < len(self.moments):
                prompt = self._option(changed, self._drawn_width).prompt
                self.replace_option_prompt_at_index(changed, prompt)

    def _index_at(self, position: float, lead: float) -> int | None:
        """Return which row was reached: none as long as only rows without a time were."""
        index = current_index(self.moments, position, lead)
        return None if index is None or self.moments[index].t == _NEVER else index
