"""What the keys and the mouse of a replay's timeline do: silences, times, evidence, scrubbing.

A part of the app, as `tui.seat.actions` is one: here rules meet widgets, in a line or two each.
"""

from __future__ import annotations

from textual import on
from textual.widgets import Input

from analyzer.cells import Frame
from tui.seat.actions import ReplayActions
from tui.seat.evidence import TagEvidence, place_of_evidence
from tui.seat.highlights import Mark
from tui.seat.moments import Moment
from tui.seat.news import (
    Counted,
)
from tui.seat.timeline.time_bar import TimeBar
from tui.seat.timeline.time_entry import TimeEntryError, Where, parse_time
from tui.seat.timeline.widget import Timeline
from tui.seat.transport import clock_words


class TimelineActions(ReplayActions):
    """The actions of the timeline; an app that has one, a row for times and a tag's evidence."""

    timeline: Timeline
    time_bar: TimeBar
    evidence: TagEvidence
    hovered: str = ""
    _timeline_rows: int = 0

    def on_counted(self, message: Counted) -> None:
        """Show how much happened when."""
        self.player.take_activity(message.activity)
        self.beat()

    @property
    def timeline_height(self) -> int:
        """How many rows the timeline has room for."""
        raise NotImplementedError

    def fit_timeline(self) -> None:
        """Give the timeline its rows: another screen of the candidate's may leave it others."""
        rows = self.timeline_height
        if rows != self._timeline_rows:
            self._timeline_rows = rows
            self.timeline.styles.height = rows
            self.set_class(rows > 1, "-deep")

    def action_toggle_short(self) -> None:
        """Shorten long silences on the timeline, or not."""
        self.timeline.shorten(on=not self.timeline.is_short)
        count = len(self.timeline.scale.shortened)
        words = "the timeline shows true lengths again"
        if self.timeline.is_short:
            silences = "silence is" if count == 1 else "silences are"
            words = f"{count} long {silences} shortened on the timeline; times stay true"
        self.notify(words, timeout=3)
        self.beat()

    def action_go_to_time(self) -> None:
        """Type a time to go to."""
        self.seat.remove_class("-bare")
        self.time_bar.open()

    @on(Input.Changed, "#time")
    def _show_where(self, event: Input.Changed) -> None:
        """Say where it would lead while it is typed; what is wrong is said when it is wanted."""
        try:
            t = parse_time(event.value, self._where)
        except TimeEntryError:
            self.time_bar.show_words("")
        else:
            self.time_bar.show_words(f"goes to {clock_words(t)}")

    @on(Input.Submitted, "#time")
    def _go_to_typed(self, event: Input.Submitted) -> None:
        """Go there, or say what is understood."""
        event.stop()
        if not event.value.strip():
            self.leave_times()
            return
        try:
            t = parse_time(event.value, self._where)
        except TimeEntryError as error:
            self.time_bar.show_words(f"{error.cause}: {error.remedy}")
            return
        self.player.seek(t)
        self.leave_times()

    @property
    def _where(self) -> Where:
        overview = self.player.overview
        return Where(
            position=self.player.transport.position,
            duration=self.player.transport.duration,
            started=None if overview is None else overview.started,
        )

    def leave_times(self) -> None:
        """Type no time any more."""
        self.time_bar.close()
        self.screen.set_focus(None)
        self.beat()

    def on_timeline_sought(self, message: Timeline.Sought) -> None:
        """Go to the moment that was clicked, or that the position is dragged over."""
        self.player.seek(message.t)
        self.beat()

    def on_timeline_wheeled(self, message: Timeline.Wheeled) -> None:
        """Go on or back a little."""
        self.player.seek(self.player.transport.position + message.seconds)
        self.beat()

    def on_timeline_hovered(self, message: Timeline.Hovered) -> None:
        """Say in the status bar what is there."""
        self.hovered = message.words
        self.beat()

    def action_next_evidence(self) -> None:
        """Go to the next piece of what the chosen tag rests on, or the one reached last."""
        if self.sought.is_on:
            self.notify("leave the search first: its hits are marked on the screen", timeout=3)
            return
        chosen = self.side.tags.highlighted_moment if self.side.tags.has_focus else None
        current = self.player.current_tag
        if chosen is not None or self.evidence.is_behind(
            self.player.transport.position, None if current is None else current.t
        ):
            self.choose_evidence(chosen or current)
        piece = self.evidence.step()
        if piece is None:
            no_tag = self.evidence.tag is None
            words = "there is no tag up to here" if no_tag else "this tag names no evidence"
            self.notify(words, timeout=2)
            return
        # What the pointer rests on is not what one looks at now.
        self.hovered = ""
        self.player.show_evidence(piece.t, place_of_evidence(piece))
        self.beat()

    def choose_evidence(self, moment: Moment | None) -> None:
        """Mark what a tag rests on from now on; another moment than a tag's marks nothing."""
        self.evidence.choose(self.player.tag_of(moment))
        self.mark_evidence()

    def leave_evidence(self) -> None:
        """Mark nothing of a tag any more."""
        self.evidence.choose(None)
        self.mark_evidence()

    def mark_evidence(self) -> None:
        """Let the screen mark it, unless a search marks its own."""
        view = self.stage.view
        if self.sought.is_on or view.frame is None:
            return
        # The screen may be the same although its moment is another.
        if tuple(self.evidence_marks(view.frame)) != view.marks:
            view.mark_with(self.evidence_marks)

    def evidence_marks(self, frame: Frame) -> list[Mark]:
        """Return where the chosen tag's evidence stands on the screen that is shown."""
        picture = self.player.picture
        return [] if picture is None else self.evidence.marks(frame, picture)

    def said(self) -> str:
        """Return what the status bar says before anything else: the pointer's, the evidence's."""
        return self.hovered or self.evidence.words(self.player.picture, self.stage.view.marks)
