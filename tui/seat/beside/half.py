"""One session's half of the comparison: title, screen, timeline, and what is said of the moment.

Draws values; a click on it makes it the active one, one on its timeline goes there.
"""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from analyzer.cells import Frame
from tui.seat.beside.drawn import draw_facts, draw_title, draw_track, facts_height
from tui.seat.beside.views import HalfView
from tui.seat.candidate_screen import CandidateScreen
from tui.seat.timeline.scale import Scale


class Rows(Widget):
    """Some rows of text that are drawn anew only where they differ."""

    def __init__(self, *, classes: str) -> None:
        super().__init__(classes=classes)
        self._text = Text()

    def show_text(self, text: Text) -> None:
        """Draw another text, if it is another."""
        if text != self._text:
            self._text = text
            self.refresh()

    def render(self) -> Text:
        """Return the rows."""
        return self._text


class Track(Rows):
    """A session's timeline."""

    def __init__(self) -> None:
        super().__init__(classes="track")
        self.duration = 0.0

    class Clicked(Message):
        """Somebody clicked a moment, in seconds."""

        def __init__(self, track: Track, t: float) -> None:
            super().__init__()
            self.track = track
            self.t = t

    def on_click(self, event: events.Click) -> None:
        """Turn the column into a moment."""
        self.post_message(self.Clicked(self, Scale(self.duration, self.size.width).moment(event.x)))


class Half(Vertical):
    """Shows one session; ``side`` is which, however the two stand."""

    class Clicked(Message):
        """Somebody clicked it."""

        def __init__(self, side: int) -> None:
            super().__init__()
            self.side = side

    def __init__(self, side: int) -> None:
        super().__init__(id=f"half-{side}", classes="half")
        self.side = side
        self.title = Rows(classes="half-title")
        self.view = CandidateScreen()
        self.notice = Static(markup=False, classes="half-notice")
        self.track = Track()
        self.facts = Rows(classes="facts")
        self.view.display = False
        self._said = ""

    def compose(self) -> ComposeResult:
        """Title, screen or notice, timeline, facts."""
        yield self.title
        with Container(classes="half-stage"):
            yield self.view
            yield self.notice
        yield self.track
        yield self.facts

    def show_screen(self, frame: Frame | None, notice: str) -> None:
        """Show a screen, or a notice where there is none or something else is to be said."""
        shown = None if notice else frame
        if frame is not self.view.frame and shown is not None:
            self.view.show_frame(shown)
        self.view.display = shown is not None
        self.notice.display = shown is None
        if notice != self._said:
            self._said = notice
            self.notice.update(notice)

    @property
    def clipped_words(self) -> str:
        """Which columns of the screen are shown; empty where all are."""
        view, frame = self.view, self.view.frame
        if frame is None or not view.size or view.size.width >= frame.columns:
            return ""
        return f"cols {view.offset_x + 1}-{view.offset_x + view.size.width}"

    def show_view(self, view: HalfView) -> None:
        """Show what is said of the session."""
        width = self.size.width
        self.facts.styles.height = facts_height(width)
        self.track.duration = view.duration
        self.title.show_text(draw_title(view, width))
        self.track.show_text(draw_track(view, width))
        self.facts.show_text(draw_facts(view, width))

    def on_click(self) -> None:
        """Become the active one."""
        self.post_message(self.Clicked(self.side))
