"""The debrief on one shared screen: a page at a time, kept up to date with what others say.

It is told everything by a feed, in a thread, and opens no replay itself: choosing evidence ends the
app with that choice, and `tui.debrief.run_debrief` shows it. Drawing and asking belong to the
modules beside it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from analyzer.visible import plain
from tui.debrief.actions import DebriefActions
from tui.debrief.drawn import draw_page
from tui.debrief.feed import DebriefFeed
from tui.debrief.keys import ACTIONS, TALKING, hints_text
from tui.debrief.meeting import Meeting
from tui.debrief.pages import OUTCOME, OVERVIEW, Paper, page_names, place_words
from tui.debrief.reader import DebriefReader, Lost, Read
from tui.debrief.style import STYLE_SHEET
from tui.debrief.view import View, same_spot
from tui.debrief.wording import at, heading_words
from tui.seat.keys.action import bindings
from tui.seat.look import ACCENT, FAINT, INK
from tui.seat.panels.paper import row

_WIDEST = 120
"""Cells of a page: longer lines are hard to follow from across a table."""

_ROOMY = 32
"""Rows from which the table of all matters leaves every second line free."""


class DebriefApp(DebriefActions):
    """Shows a debrief; its result is a moment to see in the replay, None where somebody left.

    Attributes:
        failure: Why the app has ended by itself: a thread failed in a way that nobody foresaw.

    """

    CSS = STYLE_SHEET
    BINDINGS = bindings(ACTIONS)
    KEYS = ACTIONS
    AUTO_FOCUS = None

    def __init__(self, feed: DebriefFeed, view: View | None = None) -> None:
        """Take where the debrief comes from, and what was looked at before."""
        super().__init__()
        self.feed = feed
        self.view = view or View()
        self.meeting: Meeting | None = None
        self.paper = Paper(width=80)
        self.reader = DebriefReader(feed, self.post_message)
        self.page_box = VerticalScroll(id="page", can_focus=False)
        self._heading = Static(id="heading")
        self._banner = Static(id="banner", markup=False)
        self._sheet = Static("   Reading …", id="sheet", markup=False)
        self._hints = Static(id="hints")

    def compose(self) -> ComposeResult:
        """Heading, page, keys."""
        yield self._heading
        yield self._banner
        with self.page_box:
            yield self._sheet
        yield self._hints

    def on_mount(self) -> None:
        """Begin to read."""
        self.run_worker(
            self.reader.read_meetings, name="meetings", group="feed", thread=True,
            exit_on_error=False,
        )  # fmt: skip

    def on_unmount(self) -> None:
        """Let the thread end; the event loop joins it."""
        self.reader.stop()

    def on_resize(self, _event: events.Resize) -> None:
        """Write the page anew for the room that there is."""
        self.call_after_refresh(partial(self.show_page, follow=True))

    @property
    def hidden(self) -> frozenset[str]:
        """Which actions are not to be had now."""
        files = frozenset() if self.feed.writes_files else frozenset({"export"})
        state = None if self.meeting is None else self.meeting.state
        if state in {"open", "closed"}:
            return files | {"open"}
        return TALKING | (frozenset() if state == "waiting" else frozenset({"open"}))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out what cannot be done now."""
        del parameters
        return action not in self.hidden

    def on_read(self, message: Read) -> None:
        """Show the debrief as it is now, where somebody is in it."""
        first, before = self.meeting is None, self.paper.spots
        self.meeting = message.meeting
        if self.view.page not in page_names(message.meeting):
            self.view = replace(self.view, page=OVERVIEW, marked=0)
        self.show_page()
        if first:
            top = self.view.top
            self.call_after_refresh(lambda: self.page_box.scroll_to(y=top, animate=False))
            return
        marked = same_spot(before, self.paper.spots, self.view.marked)
        if marked != self.view.marked:
            self.view = replace(self.view, marked=marked)
            self.show_page()

    def on_lost(self, message: Lost) -> None:
        """Say why nothing is new; what was read stays."""
        self._banner.update(f"! {plain(str(message.error))}; trying again")
        self._banner.add_class("-on")

    def on_regained(self) -> None:
        """Take the banner away."""
        self._banner.remove_class("-on")

    def show_page(self, *, follow: bool = False) -> None:
        """Draw what the view says; ``follow`` brings what is marked into sight."""
        last = self.view.page == OUTCOME
        self._hints.update(hints_text(self.size.width - 2, hidden=self.hidden, last=last))
        if self.meeting is None:
            return
        self._heading.update(self._heading_text(self.meeting))
        width = max(20, min(_WIDEST, self.size.width - 2))
        roomy = self.size.height >= _ROOMY
        self.paper = draw_page(self.meeting, self.view.page, width, self.view.marked, roomy=roomy)
        self._sheet.update(Text("\n").join(self.paper.lines))
        if follow and self.paper.spots:
            self.call_after_refresh(self._follow)

    def _follow(self) -> None:
        """Scroll as far as is needed for what is marked, with a line around it."""
        if not 0 <= self.view.marked < len(self.paper.spots):
            return
        line = self.paper.spots[self.view.marked].line
        top, rows = round(self.page_box.scroll_offset.y), self.page_box.size.height
        if line - 1 < top:
            # The first spot of a page: what stands above it is to be read, too.
            self.page_box.scroll_to(y=0 if self.view.marked == 0 else line - 1, animate=False)
        elif line + 2 > top + rows:
            self.page_box.scroll_to(y=line + 2 - rows, animate=False)

    def _heading_text(self, meeting: Meeting) -> Text:
        room = max(20, self.size.width - 2)
        right = Text()
        if meeting.state == "waiting":
            right.append("not open", "$caution")
        elif meeting.closed is not None:
            right.append(f"closed {at(meeting.closed.said)}", f"bold {INK}")
        elif meeting.opened is not None:
            right.append(f"open {at(meeting.opened.said)}", FAINT)
        place = place_words(meeting, self.view.page)
        if place:
            right = Text(f"{place} · ", FAINT).append_text(right)
        left = Text.assemble(("Debrief  ", f"bold {ACCENT}"))
        who, *more = heading_words(meeting.heading, room - 12 - right.cell_len)
        left.append(who, f"bold {INK}").append("  " + " · ".join(more), FAINT)
        return row(room, left, right)
