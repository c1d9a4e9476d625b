"""The desk as a widget: draws the panels, lets somebody choose a tag by key or mouse.

What is drawn is `tui.seat.panels`'; where the widget stands, `tui.seat.panels.desk_layout`'s.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from tui.seat.desk.values import Desk, TagLine
from tui.seat.panels.column import Column, View, draw_column
from tui.seat.panels.paper import Times
from tui.seat.panels.tags import marked_index

DESK_STYLE_SHEET = """
#left { width: 1fr; height: 1fr; layout: horizontal; }
.-desk #left { layout: vertical; }
.-desk #stage.-framed { align: left top; }
#body.-under { layout: vertical; }
DeskColumn { display: none; padding: 0 1; background: $background; }
DeskColumn.-beside { display: block; height: 1fr; }
DeskColumn.-under { display: block; width: 1fr; }
DeskColumn.-over { display: block; layer: over; dock: right; height: 1fr; }
DeskColumn.-whole { display: block; width: 1fr; height: 1fr; }
DeskLine { display: none; height: 1; background: $bar; }
.-desk-line DeskLine { display: block; }
.-desk-line.-low Timeline { display: none; }
.-sidebar Timeline, .-sidebar #left { display: none; }
.-bare DeskColumn, .-bare DeskLine { display: none; }
ReadOutScreen { align: center middle; background: $background 60%; }
ReadOutScreen > VerticalScroll {
    width: 90; max-width: 100%; height: auto; max-height: 100%;
    border: round $line; background: $bar; padding: 0 2; border-title-color: $ink;
    border-subtitle-color: $faint; scrollbar-size-vertical: 1;
}
ReadOutScreen Static { width: 1fr; }
AskScreen { align: center middle; background: $background 60%; }
AskScreen > Static {
    width: auto; max-width: 100%; height: auto;
    border: round $accent; background: $bar; padding: 1 2;
}
"""


class DeskColumn(Widget, can_focus=True):
    """All panels above each other; it has the keys while somebody chooses from the tags."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", "Down", show=False),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("enter", "choose", "Go there", show=False),
    ]

    class Chosen(Message):
        """Somebody wants to see the moment of a tag, named by its id."""

        def __init__(self, tag: str) -> None:
            super().__init__()
            self.tag = tag

    def __init__(self) -> None:
        super().__init__(id="desk")
        self.desk = Desk()
        self.view = View()
        self.times = Times()
        self._drawn: Column | None = None

    def show_desk(self, desk: Desk) -> None:
        """Draw another desk, if it looks different."""
        if desk is self.desk:
            return
        self.desk = desk
        self.times = Times(desk.started, of_day=desk.live)
        self._redraw()

    def _redraw(self) -> None:
        if self.display and self._draw() != self._drawn:
            self.refresh()

    def _draw(self) -> Column:
        size = self.size
        view = replace(self.view, choosing=self.has_focus)
        return draw_column(self.desk, size.width, size.height, view, self.times)

    def render(self) -> Text:
        """Return all lines."""
        self._drawn = self._draw()
        return Text("\n", no_wrap=True, end="").join(self._drawn.lines)

    def show_details(self, *, wanted: bool) -> None:
        """Tell more of probes and connections, or not."""
        self.view = replace(self.view, details=wanted)
        self._redraw()

    @property
    def marked(self) -> TagLine | None:
        """The marked tag: the newest, unless somebody has chosen another."""
        tags = self.desk.tags
        return tags[marked_index(tags, self.view.marked)] if tags else None

    def move(self, steps: int) -> None:
        """Mark the tag so many rows further down; at the top the newest one is followed again."""
        tags = self.desk.tags
        if not tags:
            return
        at = min(max(marked_index(tags, self.view.marked) + steps, 0), len(tags) - 1)
        self.view = replace(self.view, marked=tags[at].id if at else None)
        self._redraw()

    def action_move(self, steps: int) -> None:
        """Mark another tag."""
        self.move(steps)

    def action_choose(self) -> None:
        """Go to the moment of the marked tag."""
        if self.marked is not None:
            self.post_message(self.Chosen(self.marked.id))

    def on_resize(self) -> None:
        """Share the room among the panels anew."""
        self.refresh()

    def on_focus(self) -> None:
        """Show that the keys come here."""
        self._redraw()

    def on_blur(self) -> None:
        """Show that they do not any more."""
        self._redraw()

    def on_click(self, event: events.Click) -> None:
        """Mark the tag that was clicked; once more goes to its moment."""
        owners = [] if self._drawn is None else self._drawn.tags
        line = event.get_content_offset(self)
        index = None if line is None or line.y >= len(owners) else owners[line.y]
        if index is None or index >= len(self.desk.tags):
            return
        tag = self.desk.tags[index]
        if self.marked is not None and self.marked.id == tag.id and event.chain > 1:
            self.action_choose()
        self.view = replace(self.view, marked=tag.id if index else None)
        self._redraw()
