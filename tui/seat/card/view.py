"""What the card is made of: rows, the marked row's words and evidence, what is missing, who is in.

Only widgets, and what they show of `tui.seat.card.filling`; what keys do is not here.
"""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from analyzer.visible import plain
from recorder.cards.card import Evidence
from tui.seat.card.drawn import (
    draw_details,
    draw_evidence,
    draw_missing,
    draw_people,
    draw_row,
    draw_state,
)
from tui.seat.card.edits import Look
from tui.seat.card.filling import Filling
from tui.seat.card.keys import ACTIONS
from tui.seat.keys.action import footer_hints
from tui.seat.look import ACCENT, INK
from tui.seat.modal import Modal
from tui.seat.words import hints_text

LOOK = 3.0
"""Seconds between two looks at who else is in."""

WIDE = 70
"""Columns from which the marked row's words stand beside the rows."""


class _Rows(OptionList, inherit_bindings=False):
    """A list whose keys are left to the card, all but the one that chooses."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Choose", show=False)]


class CardView(Modal[Evidence | None]):
    """The card's widgets; which keys there are is `tui.seat.card.screen`'s."""

    def __init__(self, filling: Filling, *, candidate: str = "", goes_there: bool = True) -> None:
        """Take what is filled.

        Args:
            filling: The card.
            candidate: Whose session it is.
            goes_there: Whether there is a screen that evidence can be shown on.

        """
        super().__init__()
        self.filling = filling
        self._candidate = candidate
        self.goes_there = goes_there
        self._title = Static(id="card-title", markup=False)
        self.rows = _Rows(id="card-rows", markup=False)
        self._words = Static(markup=False)
        self.details = VerticalScroll(self._words, id="card-words", can_focus=False)
        self.pieces = _Rows(id="card-evidence", markup=False)
        self._missing = Static(id="card-missing", markup=False)
        self._people = Static(id="card-people", markup=False)
        self._hints = Static(id="card-hints", markup=False)
        self._shown: tuple[Evidence, ...] | None = None

    def compose(self) -> ComposeResult:
        """Rows, the marked row's words and evidence, what is missing, keys."""
        yield self._title
        with Horizontal(id="card-body"):
            yield self.rows
            with Vertical(id="card-side"):
                yield self.details
                yield self.pieces
        yield self._missing
        yield self._people
        yield self._hints

    def on_mount(self) -> None:
        """Read how it stands, and look now and then who else is in."""
        self.pieces.border_title = "Evidence"
        self.rows.focus()
        self.filling.order(Look())
        self.set_interval(LOOK, self._look, name="card")
        for what in ("scroll_y", "virtual_size", "show_vertical_scrollbar"):
            self.watch(self.details, what, self._tell_more, init=False)
        self.show_card()

    def _look(self) -> None:
        if not self.filling.is_waiting:
            self.filling.order(Look())

    def on_resize(self, event: events.Resize) -> None:
        """Share the room."""
        self.set_class(event.size.width < WIDE, "-narrow")
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        self._shown = None
        self.show_card()

    # Drawing

    def show_card(self) -> None:
        """Show the card as it stands."""
        filling = self.filling
        self._title.update(self._title_text())
        self._draw_rows()
        self._show_row()
        self._missing.update(draw_missing(filling))
        self._people.update(draw_people(filling.folder))
        self._hints.update(hints_text(self.size.width - 2, footer_hints(ACTIONS)))

    def _title_text(self) -> Text:
        text = Text("your card  ", f"bold {ACCENT}", no_wrap=True, overflow="ellipsis")
        if self._candidate:
            text.append(f"{plain(self._candidate)}  ", f"bold {INK}")
        return text.append_text(draw_state(self.filling))

    @property
    def _room(self) -> int:
        """Cells of a line of words; a bar that scrolls may take one of them."""
        return max(self.details.size.width - 1, 8)

    def _draw_rows(self) -> None:
        width = max(self.rows.scrollable_content_region.width, 1)
        drawn = [draw_row(self.filling, each, width) for each in self.filling.rows]
        if len(drawn) != self.rows.option_count:
            self.rows.clear_options()
            self.rows.add_options([Option(each) for each in drawn])
        else:
            for index, each in enumerate(drawn):
                self.rows.replace_option_prompt_at_index(index, each)
        if self.rows.highlighted != self.filling.marked:
            self.rows.highlighted = self.filling.marked

    def _show_row(self) -> None:
        self._words.update(draw_details(self.filling, self._room).text)
        self.call_after_refresh(self._tell_more)
        pieces = self.filling.evidence
        self.pieces.display = bool(pieces)
        if not pieces and self.pieces.has_focus:
            self.rows.focus()
        if pieces != self._shown:
            self._shown = pieces
            marked = self.pieces.highlighted or 0
            self.pieces.clear_options()
            self.pieces.add_options([Option(draw_evidence(each, self._room)) for each in pieces])
            self.pieces.highlighted = min(marked, len(pieces) - 1) if pieces else None
            self.pieces.border_subtitle = "tab · enter goes there · x removes"

    def _tell_more(self) -> None:
        """Say that there is more below than fits."""
        more = round(self.details.max_scroll_y - self.details.scroll_offset.y)
        self.details.border_subtitle = "pgdn reads on" if more > 0 else ""

    def show_chosen(self) -> None:
        """Scroll as far as is needed for the level that is chosen."""
        lines = draw_details(self.filling, self._room).chosen
        top, rows = round(self.details.scroll_offset.y), self.details.size.height
        if not lines or rows < 1:
            return
        if lines.stop > top + rows:
            self.details.scroll_to(y=lines.stop - rows, animate=False)
        elif lines.start < top:
            self.details.scroll_to(y=lines.start, animate=False)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show what another row is about."""
        event.stop()
        index = self.rows.highlighted
        # Keys mark at once, and what comes later of an earlier mark is over: this is the mouse.
        if event.option_list is self.rows and index is not None and index != self.filling.marked:
            self.mark_row(index)

    def mark_row(self, index: int) -> None:
        """Mark a row, and show what it is about from its beginning."""
        self.filling.marked = index
        self.rows.highlighted = index
        self.details.scroll_home(animate=False)
        self._show_row()
