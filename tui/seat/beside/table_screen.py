"""The table of both sessions over the comparison; what is in it is `contrast.py`'s."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

_MARGIN = 4
"""Cells beside the table: padding, and the bar that tells where one is in it."""


class TableScreen(Screen[None]):
    """Shows the table until a key closes it; `refresh_table` draws what is known by then.

    Keys of the comparison that lead elsewhere work here too: the app closes this for them.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,t", "app.toggle_table", "Close", show=False),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
    ]

    def __init__(self, heading: Callable[[], str], draw: Callable[[int], Text]) -> None:
        super().__init__()
        self._words = heading
        self._draw = draw
        self.table = Static(markup=False)
        self.heading = Static(id="table-heading", markup=False)
        self.scroll = VerticalScroll()

    def compose(self) -> ComposeResult:
        """Heading, table, keys."""
        yield self.heading
        with self.scroll:
            yield self.table
        yield Static(Text("1-9 both to that task   ↑↓ scroll   x swap   t back"), id="table-keys")

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.scroll.focus()
        self.refresh_table()

    def on_resize(self) -> None:
        """Draw it as wide as there is room."""
        self.refresh_table()

    def refresh_table(self) -> None:
        """Draw what is known now."""
        self.heading.update(self._words())
        self.table.update(self._draw(max(self.app.size.width - _MARGIN, 1)))

    def action_scroll(self, rows: int) -> None:
        """Scroll by so many rows."""
        self.scroll.scroll_relative(y=rows, animate=False)
