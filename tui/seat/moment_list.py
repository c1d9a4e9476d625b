"""A list of moments beside the screen, of which only the rows that are seen are ever drawn.

It marks where the replay stands, unless somebody is choosing from it. What a row says is
`tui.seat.moments`'s; no playing belongs here. Lists whose rows take several lines say how many in
the four methods that a row's place is asked of.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.seat.moments import Moment, current_index, draw_moment, progress_words
from tui.seat.transport import LEAD, clock_words


class MomentList(ScrollView, can_focus=True, inherit_bindings=False):
    """A list of moments; the chosen one is posted.

    Home and End are left to the replay: they go to the session's beginning and end.

    Attributes:
        moments: The rows, by time.

    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "moment-list--row",
        "moment-list--marked",
        "moment-list--hovered",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up", "Up", show=False),
        Binding("down", "cursor_down", "Down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
        Binding("enter", "select", "Go there", show=False),
    ]

    class Chosen(Message):
        """Somebody chose a moment."""

        def __init__(self, moment: Moment) -> None:
            super().__init__()
            self.moment = moment

    def __init__(self, *, id: str, title: str, is_tag: bool) -> None:  # noqa: A002 - Textual's
        super().__init__(id=id)
        self.moments: tuple[Moment, ...] = ()
        self._title = title
        self._is_tag = is_tag
        self._reached: int | None = None
        self._marked: int | None = None
        self._hovered: int | None = None
        self._time_words: Callable[[float], str] = clock_words
        self.border_title = title
        self.border_subtitle = "reading"

    def show_moments(self, moments: tuple[Moment, ...], *, none: str = "none") -> None:
        """Replace the rows; somebody who is choosing stays on their row.

        Args:
            moments: The rows, by time.
            none: What is said where there are none.

        """
        chosen = self.highlighted_moment if self.has_focus else None
        self.border_title = f"{self._title} {len(moments)}"
        self.border_subtitle = "" if moments else none
        if moments == self.moments:
            return
        self.moments = moments
        self._reached = self._marked = self._hovered = None
        self._fit()
        self.refresh()
        if chosen is not None:
            ids = [each.id for each in moments]
            self.mark_row(ids.index(chosen.id) if chosen.id in ids else None)

    def write_times(self, time_words: Callable[[float], str]) -> None:
        """Write moments otherwise than by the session's own time."""
        if time_words != self._time_words:
            self._time_words = time_words
            self.refresh()

    @property
    def highlighted(self) -> int | None:
        """Which row is marked."""
        return self._marked

    @property
    def highlighted_moment(self) -> Moment | None:
        """The row that is marked."""
        return None if self._marked is None else self.moments[self._marked]

    def mark_row(self, index: int | None) -> None:
        """Mark a row and bring it into view, or mark none; an index behind the last is that."""
        if index is not None:
            index = min(max(index, 0), len(self.moments) - 1) if self.moments else None
        before, self._marked = self._marked, index
        if index != before:
            self._redraw(before)
            self._redraw(index)
        self._show_mark()

    def mark(self, index: int | None) -> None:
        """Mark one row, or none, unless somebody is choosing."""
        if not self.has_focus and index != self._marked:
            self.mark_row(index)

    def show_position(self, position: float, lead: float = LEAD) -> None:
        """Show what the replay has reached, and mark that row unless somebody is choosing.

        Args:
            position: Where it stands, in seconds.
            lead: How long before a moment it counts as reached.

        """
        index = self._index_at(position, lead)
        if index != self._reached:
            before, self._reached = self._reached, index
            self._redraw(before)
            self._redraw(index)
        if self.moments:
            words = self._standing_words(index, position)
            if words != self.border_subtitle:
                self.border_subtitle = words
        self.mark(index)

    def _index_at(self, position: float, lead: float) -> int | None:
        """Return which row the replay has reached, None before the first."""
        return current_index(self.moments, position, lead)

    def _standing_words(self, index: int | None, position: float) -> str:
        """Return what is said below the list of the row that was reached."""
        return "" if index is None else progress_words(self.moments[index], position)

    # Where rows lie

    def _line_count(self) -> int:
        """Return how many lines all rows take."""
        return len(self.moments)

    def _lines_of(self, index: int) -> range:
        """Return the lines that a row takes."""
        return range(index, index + 1)

    def _index_on(self, line: int) -> int | None:
        """Return whose row a line is of, None behind the last."""
        return line if line < len(self.moments) else None

    def _draw_line(self, index: int, line: int, width: int) -> Text:
        """Return one line of a row."""
        del line
        text = draw_moment(
            self.moments[index],
            width,
            is_tag=self._is_tag,
            current=index == self._reached,
            time_words=self._time_words,
        )
        text.truncate(width, overflow="ellipsis")
        return text

    # Drawing

    def _redraw(self, index: int | None) -> None:
        if index is not None:
            for line in self._lines_of(index):
                self.refresh_line(line)

    def _fit(self) -> None:
        """Take in how many lines there are, and how much room."""
        self.virtual_size = Size(self.scrollable_content_region.width, self._line_count())

    def _show_mark(self) -> None:
        if self._marked is not None and self.is_mounted:
            lines = self._lines_of(self._marked)
            row = Region(0, lines.start, 1, len(lines))
            self.scroll_to_region(row, animate=False, force=True, immediate=True)

    def on_resize(self) -> None:
        """Keep the marked row in view where there is less room."""
        self._fit()
        self._show_mark()

    def render_line(self, y: int) -> Strip:
        """Return one line of what is seen: of a moment, or nothing behind the last."""
        width = self.scrollable_content_region.width
        line = y + self.scroll_offset.y
        index = self._index_on(line)
        style = self.get_component_rich_style(self._class_of(index))
        if index is None:
            return Strip.blank(width, style)
        segments = [
            Segment(part.text, style + (part.style or Style.null()))
            for part in self._draw_line(index, line, width).render(self.app.console)
        ]
        return Strip(segments).adjust_cell_length(width, style)

    def _class_of(self, index: int | None) -> str:
        if index is None:
            return "moment-list--row"
        if index == self._marked:
            return "moment-list--marked"
        return "moment-list--hovered" if index == self._hovered else "moment-list--row"

    def action_cursor_up(self) -> None:
        """Mark the row above; above the first is the last."""
        self.mark_row(len(self.moments) - 1 if not self._marked else self._marked - 1)

    def action_cursor_down(self) -> None:
        """Mark the row below; below the last is the first."""
        last = self._marked is None or self._marked == len(self.moments) - 1
        self.mark_row(0 if last else (self._marked or 0) + 1)

    def action_page_up(self) -> None:
        """Mark the row a page above."""
        self._turn_page(-1)

    def action_page_down(self) -> None:
        """Mark the row a page below."""
        self._turn_page(1)

    def _turn_page(self, step: int) -> None:
        marked = self._marked or 0
        lines = step * self.scrollable_content_region.height
        index = self._index_on(max(self._lines_of(marked).start + lines, 0))
        # A row may be taller than the page.
        beside = marked + step
        if index is None:
            self.mark_row(len(self.moments) - 1)
        else:
            self.mark_row(max(index, beside) if step > 0 else min(index, beside))

    def action_select(self) -> None:
        """Post what is marked."""
        moment = self.highlighted_moment
        if moment is not None:
            self.post_message(self.Chosen(moment))

    def _row_at(self, event: events.MouseEvent) -> int | None:
        offset = event.get_content_offset(self)
        return None if offset is None else self._index_on(offset.y + self.scroll_offset.y)

    def on_click(self, event: events.Click) -> None:
        """Mark what was clicked, and post it."""
        index = self._row_at(event)
        if index is not None:
            self.mark_row(index)
            self.action_select()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show which row a click would choose."""
        self._hover(self._row_at(event))

    def on_leave(self) -> None:
        """Show that it would choose none."""
        self._hover(None)

    def _hover(self, index: int | None) -> None:
        if index != self._hovered:
            before, self._hovered = self._hovered, index
            self._redraw(before)
            self._redraw(index)
