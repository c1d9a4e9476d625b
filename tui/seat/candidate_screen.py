"""The candidate's screen as a widget: a recorded screen, or the part of it that there is room for.

The cursor, or the hit that was gone to, stays in view unless the viewer has moved the view by hand.
No byte of a recording comes here, only `analyzer.cells.Frame`; it knows neither time nor playing.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from analyzer.cells import Frame
from tui.seat.drawing import draw_frame, draw_row, keep_in_view
from tui.seat.highlights import Mark, draw_marks


class CandidateScreen(Widget):
    """Draws one frame; ``offset_x`` and ``offset_y`` are the first column and row shown.

    ``marks`` are the cells that are marked on it.
    """

    DEFAULT_CSS = """
    CandidateScreen {
        width: auto;
        height: auto;
        max-width: 100%;
        max-height: 100%;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.frame: Frame | None = None
        self.offset_x = 0
        self.offset_y = 0
        self.keeps_cursor = True
        self._placed = Size()
        self._strips: list[Strip] = []
        self._hit: Mark | None = None
        self.marks: tuple[Mark, ...] = ()
        self._find: Callable[[Frame], list[Mark]] | None = None

    def show_frame(self, frame: Frame | None) -> None:
        """Draw another screen, repainting only what differs."""
        old, self.frame = self.frame, frame
        strips = [] if frame is None else self._draw(frame)
        previous, self._strips = self._strips, strips
        if old is None or frame is None or (old.columns, old.lines) != (frame.columns, frame.lines):
            self.offset_x = self.offset_y = 0
            self._place()
            self.refresh(layout=True)
        elif self._place():
            self.refresh()
        else:
            self._refresh_rows(previous)

    def mark_with(self, find: Callable[[Frame], list[Mark]] | None) -> None:
        """Mark what is found on the screen, from now on."""
        self._find = find
        self.show_frame(self.frame)

    def _draw(self, frame: Frame) -> list[Strip]:
        marks = [] if self._find is None else self._find(frame)
        self.marks = tuple(marks)
        self._hit = next((each for each in marks if each.current), None)
        return draw_marks(draw_frame(frame), marks)

    def _refresh_rows(self, previous: list[Strip]) -> None:
        changed = [
            Region(0, y - self.offset_y, self.size.width, 1)
            for y, (before, now) in enumerate(zip(previous, self._strips, strict=True))
            if before != now and 0 <= y - self.offset_y < self.size.height
        ]
        if changed:
            self.refresh(*changed)

    def _place(self) -> bool:
        """Bring the cursor into view; return whether the view moved."""
        before = (self.offset_x, self.offset_y)
        frame = self.frame
        if frame is None or not self.size:
            return False
        self._placed = self.size
        x, y = self._point(frame)
        # A line is read from its beginning: whoever is not beyond what fits sees that.
        first = 0 if self.keeps_cursor else self.offset_x
        self.offset_x = keep_in_view(first, x, self.size.width, frame.columns)
        self.offset_y = keep_in_view(self.offset_y, y, self.size.height, frame.lines)
        return before != (self.offset_x, self.offset_y)

    def _point(self, frame: Frame) -> tuple[int, int]:
        """Return the cell that has to be in view."""
        if self.keeps_cursor and self._hit is not None:
            return self._hit.start, self._hit.row
        if self.keeps_cursor and frame.cursor_visible:
            return frame.cursor_x, frame.cursor_y
        return self.offset_x, self.offset_y

    def on_resize(self) -> None:
        """Room changed: the cursor must stay in view."""
        self._place()
        self.refresh()

    def pan(self, columns: int, lines: int) -> None:
        """Move the view by hand; the cursor is not followed until `follow_cursor`."""
        self.keeps_cursor = False
        self.offset_x += columns
        self.offset_y += lines
        self._place()
        self.refresh()

    def follow_cursor(self) -> None:
        """Keep the cursor in view again."""
        self.keeps_cursor = True
        self._place()
        self.refresh()

    @property
    def clipped_rows(self) -> tuple[int, int, int] | None:
        """First and last row shown, from 1, and how many there are; None where all are."""
        if self.frame is None or not self.size or self.size.height >= self.frame.lines:
            return None
        return self.offset_y + 1, self.offset_y + self.size.height, self.frame.lines

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002 - Textual's
        """Return the recorded width in cells."""
        return 0 if self.frame is None else self.frame.columns

    def get_content_height(
        self,
        container: Size,  # noqa: ARG002 - Textual's signature
        viewport: Size,  # noqa: ARG002
        width: int,  # noqa: ARG002
    ) -> int:
        """Return the recorded height in rows."""
        return 0 if self.frame is None else self.frame.lines

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of a part, with the cursor in view.

        Textual at times gives a widget another size without telling it so.
        """
        if self._placed != self.size:
            self._place()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Return one line of the widget."""
        row = y + self.offset_y
        if row >= len(self._strips):
            return draw_row((), self.size.width)
        return self._strips[row].crop(self.offset_x, self.offset_x + self.size.width)
