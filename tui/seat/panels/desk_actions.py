"""What the keys of the desk do, and where the desk is; beside `tui.seat.actions`, for the same app.

A live seat has the desk from the beginning, a replay when it is asked for. What is on the desk is
`tui.seat.desk`'s, what it looks like `tui.seat.panels`'.
"""

from __future__ import annotations

from textual.containers import Container
from textual.geometry import Size
from textual.widgets import Static

from analyzer.visible import plain
from recorder.control.permission import may_order
from tui.seat.actions import ReplayActions
from tui.seat.asking import AskScreen
from tui.seat.desk.book import Book
from tui.seat.desk.values import Desk
from tui.seat.feed_reader import FeedReader
from tui.seat.moment_list import MomentList
from tui.seat.moments import Moment
from tui.seat.news import (
    ClockNotStarted,
    Told,
)
from tui.seat.panels.desk_column import DeskColumn
from tui.seat.panels.desk_layout import TALL, Plan, plan_of
from tui.seat.panels.desk_line import DeskLine
from tui.seat.panels.paper import Times
from tui.seat.reading_out import ReadOutScreen
from tui.seat.timeline.widget import timeline_rows
from tui.seat.view_actions import FAR
from tui.seat.words import hints_text

_OVER = 48
"""Columns of a desk that lies over the screen."""

WITHOUT_SCREEN = frozenset(
    {
        "toggle_play", "slower", "faster", "normal_speed", "toggle_skip", "jump_back",
        "jump_forward", "jump_back_far", "jump_forward_far", "previous_output", "next_output",
        "begin", "end", "next_tag", "previous_tag", "next_command", "previous_command", "search",
        "pick_command", "next_terminal", "previous_terminal", "follow_active", "toggle_side",
        "toggle_bare", "pan_up", "pan_down", "pan_left", "pan_right", "keep_cursor", "look_back",
        "go_live", "next_note", "previous_note", "pick_note",
        "pick_spoken",
    }
)  # fmt: skip
"""What makes no sense in a sidebar, where there is no screen to be moved in."""


class DeskActions(ReplayActions):
    """The desk's actions; an app that has the desk's widgets."""

    book: Book
    desk_column: DeskColumn
    desk_line: DeskLine
    body: Container
    sidebar: bool
    _feed_reader: FeedReader
    _hints: Static
    _plan: Plan
    _room: Size
    _times: Times
    _has_desk: bool
    _desk_hidden: bool
    _desk_over: bool
    _details: bool

    def begin_desk(self, *, live: bool, sidebar: bool) -> None:
        """Make the desk's widgets; a live seat has the desk from the beginning."""
        self.book = Book()
        self.desk_column = DeskColumn()
        self.desk_line = DeskLine()
        self.body = Container(id="body")
        self.sidebar = sidebar
        self._plan = Plan()
        self._room = Size(80, 24)
        self._times = Times()
        self._has_desk = live or sidebar
        self._desk_hidden = self._desk_over = self._details = False

    @property
    def timeline_height(self) -> int:
        """Rows of the timeline: during a call the candidate's screen has better use for them."""
        if self.player.starts_live:
            return 1
        frame = self.stage.view.frame
        height = self._room.height
        return timeline_rows(height) if frame is None else timeline_rows(height, frame.lines)

    @property
    def desk(self) -> Desk:
        """The desk: of a live session always the present's, of another as of the position."""
        transport = self.player.transport
        overview = self.player.overview
        live = overview is not None and overview.live
        return self.book.desk(transport.duration if live else transport.position, live=live)

    def on_told(self, message: Told) -> None:
        """Take in what the journal tells."""
        self.book.fold(message.entries)
        self.show_desk()

    def show_desk(self) -> None:
        """Draw the desk as it stands now."""
        if not self._has_desk:
            return
        desk = self.desk
        self.desk_column.show_desk(desk)
        self.desk_line.show_desk(desk)
        times = Times(desk.started, of_day=desk.live)
        if times != self._times:
            # Methods of equal values differ: the lists would be drawn again with every beat.
            self._times = times
            for each in (self.side.commands, self.side.notes):
                each.write_times(times.at)

    def fit_desk(self, room: Size) -> None:
        """Take in the size of the viewer's terminal; the app's own is told of it only later."""
        self._room = room
        self.lay_out_desk()

    def lay_out_desk(self) -> None:
        """Decide where the desk is, and show it."""
        columns, rows = self._room
        frame = self.stage.view.frame
        recorded = (0, 0) if frame is None else (frame.columns, frame.lines)
        self._plan = plan_of(
            columns, rows, recorded, timeline=self.timeline_height, hidden=self._desk_hidden
        )
        self.seat.set_class(self._has_desk, "-desk")
        self.seat.set_class(self.sidebar, "-sidebar")
        plan, column = self._plan, self.desk_column
        shown = self._has_desk and not self.sidebar
        over = shown and self._desk_over and plan.line
        self.seat.set_class(shown and plan.line, "-desk-line")
        self.seat.set_class(rows < TALL, "-low")
        self.body.set_class(shown and plan.under > 0, "-under")
        column.set_class(shown and plan.beside > 0, "-beside")
        column.set_class(shown and plan.under > 0, "-under")
        column.set_class(over, "-over")
        column.set_class(self.sidebar, "-whole")
        beside, under = (plan.beside, plan.under) if shown else (0, 0)
        column.styles.width = beside or (min(_OVER, columns) if over else "1fr")
        column.styles.height = under or "1fr"
        self.side.lie_under(plan.commands if shown else None)
        without = WITHOUT_SCREEN if self.sidebar else frozenset()
        self._hints.update(hints_text(columns - 2, live=self._has_desk, without=without))
        self.show_desk()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out what moves in a screen where there is none."""
        if self.sidebar and action in WITHOUT_SCREEN:
            return False
        return super().check_action(action, parameters)

    def marked_tag(self) -> Moment | None:
        """Return the tag that is marked on the desk, where there is a desk."""
        if not self._has_desk:
            return super().marked_tag()
        marked = self.desk_column.marked
        return next((each for each in self.player.tags if marked and each.id == marked.id), None)

    # Time

    def action_look_back(self) -> None:
        """Look at what was half a minute ago; the present goes on."""
        self.player.seek(self.player.transport.position - FAR)
        self.beat()

    def action_go_live(self) -> None:
        """Come back to the present."""
        if self.player.overview is not None and not self.player.overview.live:
            self.notify("the session has ended", timeout=2)
            return
        self.action_end()

    # The desk

    def action_read_out(self) -> None:
        """Show all that is read out."""
        self.push_screen(ReadOutScreen(self.desk))

    def action_toggle_details(self) -> None:
        """Tell more of connections and probes; in a replay show the desk in place of the lists."""
        overview = self.player.overview
        ended = overview is not None and not overview.live and not self.sidebar
        if ended and not self.player.starts_live:
            self._has_desk = self._details = not self._has_desk
            self._desk_over = self._has_desk
        else:
            self._details = not self._details
            self._desk_over = self._details
        self.desk_column.show_details(wanted=self._details)
        self.lay_out_desk()

    def action_toggle_side(self) -> None:
        """Show or hide the desk, or in a replay without it the lists."""
        if not self._has_desk:
            super().action_toggle_side()
        elif self._plan.line and not self._desk_hidden:
            self._show_over(not self._desk_over)
        else:
            self._desk_hidden = not self._desk_hidden
            self._desk_over = False
            self.lay_out_desk()

    def _show_over(self, wanted: bool) -> None:
        self._desk_over = wanted
        if not wanted:
            self.screen.set_focus(None)
        self.lay_out_desk()

    def action_pick_tag(self) -> None:
        """Choose from the tags on the desk; during a search from the hits."""
        if not self._has_desk or self.sought.is_on:
            super().action_pick_tag()
            return
        if self.desk_column.has_focus:
            self._leave_desk()
            return
        if self._plan.line and not self.sidebar:
            self._desk_hidden = False
            self._desk_over = True
            self.lay_out_desk()
        self.desk_column.focus()

    def _leave_desk(self) -> None:
        self._desk_over = False
        self.screen.set_focus(None)
        self.lay_out_desk()

    def action_dismiss(self) -> None:
        """Close what is open; a desk over the screen too."""
        super().action_dismiss()
        if self._has_desk:
            self._leave_desk()

    def action_next_row(self) -> None:
        """Mark the next row of the list in use."""
        self._move_row(1)

    def action_previous_row(self) -> None:
        """Mark the row before."""
        self._move_row(-1)

    def _move_row(self, steps: int) -> None:
        focused = self.focused
        if not isinstance(focused, MomentList):
            if self._has_desk:
                self.desk_column.move(steps)
                return
            self.side.pick("tags")
            focused = self.side.list_of("tags")
        if steps > 0:
            focused.action_cursor_down()
        else:
            focused.action_cursor_up()

    def on_desk_column_chosen(self, message: DeskColumn.Chosen) -> None:
        """Go to shortly before the moment of a tag."""
        moment = next((each for each in self.player.tags if each.id == message.tag), None)
        if self.sidebar:
            self.notify("there is no screen here: `jumpseat watch` shows it", timeout=3)
        elif moment is not None:
            self.player.jump(moment)
            self._leave_desk()
            self.beat()

    # The clock

    def action_start_clock(self) -> None:
        """Start the session's clock, after a yes."""
        overview, clock = self.player.overview, self.desk.clock
        if overview is None or not overview.live:
            self.notify("the session is not live", timeout=2)
        elif clock.started is not None:
            self.notify("the clock runs already", timeout=2)
        elif not may_order():
            self.notify("whoever runs jumpseat serve starts the clock", timeout=3)
        else:
            self.push_screen(AskScreen("Start the clock of this session?"), self._start_clock)

    def _start_clock(self, wanted: bool | None) -> None:
        if wanted:
            self.run_worker(
                self._feed_reader.start_clock,
                name="clock",
                group="clock",
                thread=True,
                exit_on_error=False,
            )

    def on_clock_not_started(self, message: ClockNotStarted) -> None:
        """Say why it was not started."""
        self.notify(plain(str(message.error)), severity="error", timeout=8, markup=False)
