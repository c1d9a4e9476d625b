"""The replay and the live view: one app, which puts feed, player and widgets together.

A live session is one that has not ended: the same keys, the same widgets. The app takes its feed
and its clock from outside, and learns of the session only by messages. Drawing, the rules of
playing and the reading of files belong to the modules beside it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size
from textual.widgets import Static

from analyzer.cells import Frame
from recorder.errors import JumpseatError
from tui.seat.banner import Banner
from tui.seat.bars import StatusBar
from tui.seat.evidence import TagEvidence
from tui.seat.feed import Feed, Opening
from tui.seat.feed_reader import FeedReader
from tui.seat.keys.action import bindings
from tui.seat.keys.replay import ACTIONS
from tui.seat.look import STYLE_SHEET
from tui.seat.moment_list import MomentList
from tui.seat.news_actions import GREETING, NewsActions
from tui.seat.notes.keeping import Judging, Wanted
from tui.seat.notes.note_bar import NoteBar
from tui.seat.notes.notebook import Notebook
from tui.seat.panels.desk_column import DESK_STYLE_SHEET
from tui.seat.panels.desk_layout import TALL
from tui.seat.player import Player
from tui.seat.search_actions import SearchActions
from tui.seat.search_bar import SearchBar
from tui.seat.searching import Search, hit_of
from tui.seat.side_panel import SidePanel
from tui.seat.stage import Stage
from tui.seat.timeline.time_bar import TimeBar
from tui.seat.timeline.widget import Timeline
from tui.seat.words import (
    notice_words,
    status_of,
    terminal_title,
)

if TYPE_CHECKING:
    from tui.seat.card.edits import Step

BEAT = 0.05
"""Seconds between two looks at the clock: twenty pictures a second are smooth for text."""

_REST = 10
"""Of so many ticks one is a beat while nothing moves."""


class ReplayApp(NewsActions, SearchActions):
    """Shows one session.

    Attributes:
        failure: Why the app has ended by itself: the recording could not be read, or a thread
            failed in a way that nobody foresaw.
        player: Where it stands, and how it moves.

    """

    CSS = STYLE_SHEET + DESK_STYLE_SHEET
    BINDINGS = bindings(ACTIONS)
    KEYS = ACTIONS
    AUTO_FOCUS = None

    def __init__(
        self,
        feed: Feed | Opening,
        *,
        live: bool = False,
        sidebar: bool = False,
        until_closed: bool = False,
        greeting: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what to show.

        Args:
            feed: Where the session comes from; the app closes it.
            live: Begin at the live end, with the desk.
            sidebar: Show the desk, and no screen.
            until_closed: Leave by itself soon after the live session has closed.
            greeting: Said for some seconds at the beginning.
            clock: Seconds that pass for the viewer; the zero does not matter.

        """
        super().__init__()
        self.player = Player(live=live)
        self._until_closed = until_closed
        self._greeting = greeting
        self._viewer_clock = clock
        self._last_beat = clock()
        self._ticks = 0
        self._fitted: Size | None = None
        self._feed_reader = FeedReader(feed, self.post_message)
        # Widgets are held, not looked up: messages may still come while the screen is torn down.
        self.seat = Container(id="seat")
        self.stage = Stage()
        self.side = SidePanel()
        self.begin_desk(live=live, sidebar=sidebar)
        self.sought = Search()
        self.search_bar = SearchBar()
        self.notebook = Notebook()
        self.note_bar = NoteBar()
        self.stage.view.mark_with(self.evidence_marks)
        self.title_row = Static(id="title")
        self._hints = Static(id="hints")
        self.banner = Banner()
        self.timeline = Timeline()
        self.time_bar = TimeBar()
        self.evidence = TagEvidence()
        self._status = StatusBar()

    def compose(self) -> ComposeResult:
        """Title, screen with lists, timeline, status, keys."""
        # Before anything has a style, as a class that comes later has all of them looked up again.
        self._fit(self.size)
        with self.seat:
            yield self.title_row
            yield self.banner
            with self.body:
                with Container(id="left"):
                    yield self.stage
                    yield self.side
                yield self.desk_column
            yield self.search_bar
            yield self.note_bar
            yield self.time_bar
            yield self.timeline
            yield self.desk_line
            yield self._status
            yield self._hints

    def on_mount(self) -> None:
        """Look at the clock, and start to read once something stands on the terminal."""
        self.call_after_refresh(self._start_reading)
        self.set_interval(BEAT, self._tick, name="beat")
        if self._greeting:
            self.notify(self._greeting, timeout=GREETING)
        self.beat()

    def _start_reading(self) -> None:
        reader = self._feed_reader
        for name, work in (
            ("screens", reader.read_screens),
            ("findings", reader.read_findings),
            ("searches", reader.read_searches),
            ("words", reader.keep_words),
            ("card", reader.keep_card),
        ):
            self.run_worker(work, name=name, group="feed", thread=True, exit_on_error=False)

    def on_unmount(self) -> None:
        """Keep what is being written, and let the threads end; the event loop joins them."""
        self.keep_open_words()
        self._feed_reader.stop()

    def on_resize(self, event: events.Resize) -> None:
        """Decide what gives way, if that was not done for this size."""
        if event.size != self._fitted:
            self._fit(event.size)
        self.call_after_refresh(self.beat)

    def _fit(self, size: Size) -> None:
        self._fitted = size
        self.seat.set_class(size.height >= TALL, "-tall")
        self.fit_desk(size)
        self.fit_timeline()
        self.side.fit(size.width, size.height)

    def _tick(self) -> None:
        """Beat while something moves by itself; else news and keys do, and this only rarely."""
        transport = self.player.transport
        moves = transport.playing and not transport.at_live_end
        self._ticks += 1
        if moves or self.player.is_asking or self._ticks % _REST == 0:
            self.beat()

    def beat(self) -> None:
        """Let the viewer's time pass, ask for the screen that is due, and show where it stands."""
        now = self._viewer_clock()
        elapsed, self._last_beat = now - self._last_beat, now
        if self.player.overview is not None and not self.player.is_waiting(now):
            self.player.transport.advance(elapsed)
        wish = None if self.sidebar else self.player.next_wish(now)
        if wish is not None:
            self._feed_reader.ask(wish)
        self.show_position()

    def show_position(self) -> None:
        """Show where the replay stands."""
        player = self.player
        self.fit_timeline()
        self.timeline.show_data(player.timeline)
        self.timeline.show_position(player.transport.position)
        waiting = player.overview is None or player.is_waiting(self._last_beat)
        status = status_of(
            player,
            self.stage.view.clipped_rows,
            waiting=waiting,
            framed=self.stage.has_class("-framed"),
            hinted=self.seat.has_class("-tall"),
            say=self.said(),
        )
        self._status.show_status(status)
        self.show_desk()
        for each in self.side.lists:
            each.show_position(player.transport.position, player.lead)
        self.show_search()

    def show_screen(self) -> None:
        """Show the candidate's screen as it was read last."""
        picture = self.player.picture
        frame = None if picture is None else picture.frame
        self.side.make_way(0 if frame is None else frame.columns)
        before = self.stage.view.frame
        self.stage.show_stage(
            frame,
            title=terminal_title(self.player),
            notice=notice_words(self.player),
        )
        self.mark_evidence()
        self.fit_timeline()
        if _size_of(frame) != _size_of(before):
            self.lay_out_desk()

    def count_from_now(self) -> None:
        """Let the viewer's time begin to count."""
        self._last_beat = self._viewer_clock()

    def show_notes(self) -> None:
        """Show the notes on the lists, and what they say on the desk."""
        super().show_notes()
        self.book.take_notes(self.notebook.notes)
        self.show_desk()

    def judge_tag(self, judging: Judging) -> None:
        """Want something kept that the viewer says of a tag."""
        self.notebook.forget_last()
        self._feed_reader.keep(judging)

    def keep_noted(self, wanted: Wanted) -> None:
        """Want something kept that the viewer noted."""
        self._feed_reader.keep(wanted)

    def hear_failure(self, wanted: Wanted) -> None:
        """Take over that something could not be kept: it is told and offered again from here."""
        self._feed_reader.heard(wanted)

    @property
    def unkept(self) -> tuple[tuple[Wanted, JumpseatError], ...]:
        """What was noted and could not be kept after the app had ended."""
        return self._feed_reader.unkept

    @property
    def unkept_verdicts(self) -> tuple[tuple[Judging, JumpseatError], ...]:
        """What was said last of tags and could not be kept before the app had ended."""
        return self._feed_reader.unkept_verdicts

    @property
    def unkept_card(self) -> tuple[tuple[Step, ...], JumpseatError | None]:
        """What was said on the card and could not be kept before the app had ended, and why."""
        return self._feed_reader.unkept_card

    def viewer_now(self) -> float:
        """Return the viewer's time in seconds."""
        return self._viewer_clock()

    def on_moment_list_chosen(self, message: MomentList.Chosen) -> None:
        """Go to what was chosen, and out of the way."""
        hit = hit_of(message.moment)
        # The search may have been left, or be another, since its row was chosen.
        is_gone = hit is not None and message.moment not in self.side.hits.moments
        if is_gone or not message.moment.timed:
            return
        if hit is None:
            self.player.jump(message.moment)
            self.choose_evidence(message.moment)
        else:
            self.player.show_hit(self.sought.choose(hit))
        self.side.chosen()
        self.beat()


def _size_of(frame: Frame | None) -> tuple[int, int]:
    return (0, 0) if frame is None else (frame.columns, frame.lines)
