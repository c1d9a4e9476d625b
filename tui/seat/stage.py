"""Where the candidate's screen stands: in a frame where there is room, or a word instead of it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Static

from analyzer.cells import Frame
from tui.seat.candidate_screen import CandidateScreen

_FRAME = 2
"""Cells that a frame takes from each direction."""


class Stage(Container):
    """Holds the screen, or a notice while there is none."""

    def __init__(self) -> None:
        super().__init__(id="stage")
        self.view = CandidateScreen(id="candidate")
        self.notice = Static(id="notice", markup=False)
        self.view.display = False

    def compose(self) -> ComposeResult:
        """One of the two is displayed at a time."""
        yield self.view
        yield self.notice

    def show_stage(self, frame: Frame | None, *, title: str, notice: str) -> None:
        """Show a screen under its title, or the notice where there is none."""
        view = self.view
        if view.frame != frame:
            view.show_frame(frame)
            self._frame_if_room()
        view.display = frame is not None
        self.notice.display = frame is None
        if frame is None:
            self.notice.update(notice)
            return
        if view.border_title != title:
            view.border_title = title
        size = f"{frame.columns}x{frame.lines}"
        if view.border_subtitle != size:
            view.border_subtitle = size

    def on_resize(self) -> None:
        """Draw a frame only around a whole screen."""
        self._frame_if_room()

    def _frame_if_room(self) -> None:
        frame = self.view.frame
        room = (
            frame is not None
            and self.size.width >= frame.columns + _FRAME
            and self.size.height >= frame.lines + _FRAME
        )
        self.set_class(room, "-framed")
