"""The widget of the desk's one line; what is in it is `tui.seat.panels.line`'s."""

from __future__ import annotations

from rich.text import Text
from textual.widget import Widget

from tui.seat.desk.values import Desk
from tui.seat.panels.line import draw_line
from tui.seat.panels.paper import Times


class DeskLine(Widget):
    """Draws one desk in one row."""

    def __init__(self) -> None:
        super().__init__(id="desk-line")
        self.desk = Desk()
        self._drawn = Text()

    def _draw(self) -> Text:
        times = Times(self.desk.started, of_day=self.desk.live)
        return draw_line(self.desk, self.size.width, times)

    def show_desk(self, desk: Desk) -> None:
        """Draw another desk, if it looks different."""
        if desk is self.desk:
            return
        self.desk = desk
        if self.display and self._draw() != self._drawn:
            self.refresh()

    def render(self) -> Text:
        """Return the row."""
        self._drawn = self._draw()
        return self._drawn
