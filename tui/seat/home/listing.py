"""The list itself: thousands of rows, of which only those that are seen are ever drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.seat.home.columns import Fitted, draw_row, fit, wishes
from tui.seat.home.sittings import Sitting

_WAITS = "▸ "


class Listing(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows sessions and marks one; the keys are the app's.

    Attributes:
        rows: What is listed.
        index: Which row is marked.
        beside: The id of the session that waits for another beside it.

    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"listing--marked", "listing--row"}

    class Moved(Message):
        """Another session is marked."""

    class Refitted(Message):
        """The columns have other widths."""

    class Chosen(Message):
        """The marked session was clicked again."""

    def __init__(self, now: datetime) -> None:
        super().__init__(id="table")
        self.rows: tuple[Sitting, ...] = ()
        self.index = 0
        self.now = now
        self.beside: str | None = None
        self.fitted: tuple[Fitted, ...] = ()
        self._wanted: dict[str, int] = {}

    @property
    def marked(self) -> Sitting | None:
        """The session that is marked."""
        return self.rows[self.index] if self.index < len(self.rows) else None

    def measure(self, rows: Sequence[Sitting]) -> None:
        """Make the columns fit all of these, so that they stay where they are in a filter."""
        self._wanted = wishes(rows, self.now)

    def show_rows(self, rows: Sequence[Sitting], marked: str | None) -> None:
        """List these sessions, the mark on the one of that id, else where it stood."""
        before = self.marked
        self.rows = tuple(rows)
        ids = [row.id for row in self.rows]
        if marked in ids:
            self.index = ids.index(marked)
        self.index = min(self.index, max(len(ids) - 1, 0))
        self._fit()
        if self.marked != before:
            self.post_message(self.Moved())

    def show_time(self, now: datetime) -> None:
        """Let the clocks go on."""
        self.now = now
        self.refresh()

    def mark(self, index: int) -> None:
        """Mark a row, and bring it into view."""
        index = min(max(index, 0), max(len(self.rows) - 1, 0))
        if index != self.index:
            self.index = index
            self.post_message(self.Moved())
        self._show_mark()
        self.refresh()

    @property
    def page(self) -> int:
        """How many rows there is room for."""
        return max(self.scrollable_content_region.height, 1)

    def _fit(self) -> None:
        width = self.scrollable_content_region.width
        fitted = fit(self._wanted, max(width - len(_WAITS), 1))
        if fitted != self.fitted:
            self.fitted = fitted
            self.post_message(self.Refitted())
        self.virtual_size = Size(width, len(self.rows))
        self._show_mark()
        self.refresh()

    def _show_mark(self) -> None:
        if self.is_mounted and self.rows:
            self.scroll_to_region(
                Region(0, self.index, 1, 1), animate=False, force=True, immediate=True
            )

    def on_resize(self) -> None:
        """Share the room anew."""
        self._fit()

    def render_line(self, y: int) -> Strip:
        """Return one line: a session, or nothing behind the last."""
        width = self.scrollable_content_region.width
        index = y + self.scroll_offset.y
        marked = index == self.index and index < len(self.rows)
        name = "listing--marked" if marked else "listing--row"
        style = self.get_component_rich_style(name)
        if index >= len(self.rows):
            return Strip.blank(width, style)
        row = self.rows[index]
        text = Text(_WAITS if row.id == self.beside else " " * len(_WAITS), "$accent", end="")
        text.append_text(draw_row(row, self.fitted, self.now))
        segments = [
            Segment(part.text, style + (part.style or Style.null()))
            for part in text.render(self.app.console)
        ]
        return Strip(segments).adjust_cell_length(width, style)

    def on_click(self, event: events.Click) -> None:
        """Mark what was clicked; a second click opens it."""
        index = event.y + self.scroll_offset.y
        if index >= len(self.rows):
            return
        if index == self.index and event.chain > 1:
            self.post_message(self.Chosen())
        self.mark(index)
