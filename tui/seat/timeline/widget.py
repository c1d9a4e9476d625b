"""The timeline as a widget: it keeps what was drawn, and turns the mouse into moments.

A beat that moves the position within its column costs a comparison. How it is drawn is
`tui.seat.timeline.drawing`'s, which moment a column is `tui.seat.timeline.scale`'s.
"""

from __future__ import annotations

from dataclasses import replace

from rich.text import Text
from textual import events
from textual.message import Message
from textual.widget import Widget

from analyzer.activity import silences_of
from tui.seat.cell_rows import text_of
from tui.seat.timeline.course import segment_at
from tui.seat.timeline.drawing import MOST_ROWS, Base, draw_base, draw_position
from tui.seat.timeline.scale import LEAST_SILENCE, Scale, round_end
from tui.seat.timeline.values import TimelineData
from tui.seat.timeline.words import target_of, words_at

_BARS = 3
"""Rows of title, state and keys on a tall terminal."""

_FRAME = 2
_USUAL_LINES = 24

WHEEL = 5.0
"""Seconds that one notch of the wheel moves."""


class Timeline(Widget):
    """The whole session on one to four rows.

    Attributes:
        data: What it shows.
        scale: Which moment is which column.
        is_short: Long silences take one column each.

    """

    class Sought(Message):
        """Somebody clicked a moment, or drags the position there; in seconds."""

        def __init__(self, t: float) -> None:
            super().__init__()
            self.t = t

    class Wheeled(Message):
        """Somebody turned the wheel by so many seconds."""

        def __init__(self, seconds: float) -> None:
            super().__init__()
            self.seconds = seconds

    class Hovered(Message):
        """The pointer is over something, in words; empty once it has left."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    def __init__(self) -> None:
        super().__init__(id="timeline")
        self.data = TimelineData()
        self.scale = Scale(0.0, 1)
        self.is_short = False
        self._base: Base | None = None
        self._drawn: tuple[int, str] | None = None
        self._position = 0.0
        self._dragged: int | None = None
        self._hovered: int | None = None

    def show_data(self, data: TimelineData) -> None:
        """Show another state of the session; one that looks the same costs a comparison."""
        if data is self.data:
            return
        known, self.data = self.data, data
        if self._base is None or _end_of(known) != _end_of(data) or self._differs(known, data):
            self._lay_out()

    def _differs(self, known: TimelineData, data: TimelineData) -> bool:
        """Whether more has changed than that the present moved on within its column."""
        moved = self.scale.column(known.duration) != self.scale.column(data.duration)
        return moved or replace(known, duration=data.duration) != data

    def shorten(self, *, on: bool) -> None:
        """Give long silences one column each, or their time."""
        self.is_short = on
        self._lay_out()

    def show_position(self, position: float) -> None:
        """Show where the replay stands, in seconds; draws only what looks different."""
        self._position = position
        if self._look() != self._drawn:
            self.refresh()

    def _look(self) -> tuple[int, str]:
        segment = segment_at(self.data.segments, self._position)
        activity = "" if segment is None else segment.activity(self._position)
        return self.scale.column(self._position), activity

    def _lay_out(self) -> None:
        end, width = _end_of(self.data), max(self.size.width, 1)
        silences = silences_of(self.data.activity, self.data.duration, LEAST_SILENCE)
        self.scale = Scale(end, width, silences if self.is_short else ())
        self._base = None
        self.refresh()

    def on_resize(self) -> None:
        """Lay the time out anew."""
        self._lay_out()

    def render(self) -> Text:
        """Return the rows."""
        if self._base is None:
            rows = min(max(self.size.height, 1), MOST_ROWS)
            self._base = draw_base(self.data, self.scale, rows)
        self._drawn = self._look()
        return text_of(draw_position(self._base, *self._drawn))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Go there, and follow the pointer until it is let go."""
        if event.button != 1:
            return
        self.capture_mouse()
        self._dragged = self._column(event.x)
        self.post_message(self.Sought(target_of(self.data, self.scale, self._dragged)))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Follow the pointer: scrub, or say what is there."""
        column = self._column(event.x)
        if self._dragged is not None and column != self._dragged:
            self._dragged = column
            self.post_message(self.Sought(self.scale.moment(column)))
        if column != self._hovered:
            self._hovered = column
            self.post_message(self.Hovered(words_at(self.data, self.scale, column)))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let the position go."""
        del event
        self._dragged = None
        self.release_mouse()

    def on_leave(self, event: events.Leave) -> None:
        """Say no more of what is there."""
        if event.node is self and self._hovered is not None:
            self._hovered = None
            self.post_message(self.Hovered(""))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Go back."""
        event.stop()
        self.post_message(self.Wheeled(-WHEEL))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Go on."""
        event.stop()
        self.post_message(self.Wheeled(WHEEL))

    def _column(self, x: int) -> int:
        return min(max(x, 0), self.scale.width - 1)


def timeline_rows(height: int, lines: int = _USUAL_LINES) -> int:
    """Return how many rows the timeline gets on a terminal of so many.

    Args:
        height: Rows of the viewer's terminal.
        lines: Those of the candidate's screen: neither it nor its frame gives way to the timeline.
            One that has no room as a whole in any case is taken for a usual one.

    """
    room = height - _BARS
    if room <= lines:
        lines = _USUAL_LINES
    spare = room - lines
    return min(max(spare - _FRAME if spare > _FRAME else spare, 1), MOST_ROWS)


def _end_of(data: TimelineData) -> float:
    """Return what the last column stands for: of a live session the end of its clock, or near."""
    if not data.live:
        return data.duration
    return max(round_end(data.duration), data.periods[-1].until if data.periods else 0.0)
