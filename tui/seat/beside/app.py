"""Two sessions side by side: one app, which puts two feeds, a pair of players and widgets together.

Both feeds are read in threads of their own and speak by messages that say whose they are; what
fails on one side is shown there. The rules of being in step and all drawing belong to the modules
beside this.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial

from rich.text import Text
from textual import events
from textual.app import ComposeResult, SystemCommand
from textual.containers import Container
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.widgets import Static

from analyzer.visible import plain
from recorder.errors import JumpseatError
from tui.seat.app import BEAT
from tui.seat.beside.actions import BesideActions
from tui.seat.beside.contrast import contrast_of, draw_contrast
from tui.seat.beside.drawn import draw_common
from tui.seat.beside.half import Half, Rows, Track
from tui.seat.beside.in_step import Step
from tui.seat.beside.keys import ACTIONS, offers
from tui.seat.beside.known import SIDES
from tui.seat.beside.look import BESIDE_STYLE_SHEET
from tui.seat.beside.pair import Pair
from tui.seat.beside.side_feed import FromSide, SideFeed
from tui.seat.beside.source import Source
from tui.seat.beside.table_screen import TableScreen
from tui.seat.beside.views import (
    BESIDE,
    STACKED,
    common_view,
    half_notice,
    half_view,
    heading_words,
)
from tui.seat.keys.action import bindings, footer_hints
from tui.seat.news import (
    Broken,
    Found,
    Lost,
    NotFound,
    NotSettled,
    Read,
    Regained,
    Shown,
)
from tui.seat.panels.desk_layout import TALL
from tui.seat.words import hints_text

_REST = 10
"""Of so many ticks one is a beat while nothing moves."""

ROOMY = (164, 66)
"""Columns from which two whole screens stand beside each other, rows from which above."""


class BesideApp(BesideActions):
    """Shows two sessions.

    Attributes:
        failure: Why the app has ended by itself: neither session could be read, or a thread failed
            in a way that nobody foresaw.
        pair: Where both stand, and how they move.

    """

    CSS = BESIDE_STYLE_SHEET
    BINDINGS = bindings(ACTIONS)
    AUTO_FOCUS = None

    def __init__(
        self,
        sources: tuple[Callable[[], Source], Callable[[], Source]],
        *,
        step: Step = Step.CLOCK,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what to show.

        Args:
            sources: Return where the sessions come from; each is called in the thread that
                reads it, and what it raises ends the app. The app closes both.
            step: How they are kept in step.
            clock: Seconds that pass for the viewer; the zero does not matter.

        """
        super().__init__()
        self.pair = Pair(step)
        self._feeds = tuple(
            SideFeed(side, make, self.post_message) for side, make in enumerate(sources)
        )
        self._viewer_clock = clock
        self._last_beat = clock()
        self._ticks = 0
        self._order = (0, 1)
        self._stacked = False
        self._turned = False
        # Widgets are held, not looked up: messages may still come while the screen is torn down.
        self.seat = Container(id="seat")
        self.halves = (Half(0), Half(1))
        self._fold = Static("│\n" * 200, id="fold")
        self._row = Container(id="halves")
        self._common = Rows(classes="common")
        self._hints = Static(id="hints")

    def compose(self) -> ComposeResult:
        """Both halves, what is common to them, keys."""
        with self.seat:
            with self._row:
                yield self.halves[0]
                yield self._fold
                yield self.halves[1]
            yield self._common
            yield self._hints

    def on_mount(self) -> None:
        """Look at the clock, and start to read once something stands on the terminal."""
        self.call_after_refresh(self._start_reading)
        self.set_interval(BEAT, self._tick, name="beat")
        self.beat()

    def _start_reading(self) -> None:
        for side, feed in enumerate(self._feeds):
            for name, work in (
                ("screens", feed.reader.read_screens),
                ("findings", feed.reader.read_findings),
            ):
                self.run_worker(
                    work, name=f"{name} {side}", group="feed", thread=True, exit_on_error=False
                )

    def on_unmount(self) -> None:
        """Let the threads end; the event loop joins them."""
        for feed in self._feeds:
            feed.reader.stop()

    def on_resize(self, event: events.Resize) -> None:
        """Decide what gives way."""
        self.seat.set_class(event.size.height >= TALL, "-tall")
        self._hints.update(hints_text(event.size.width - 2, footer_hints(ACTIONS)))
        self.arrange()

    def arrange(self, *, turn: bool = False) -> None:
        """Put them beside each other, or where only that shows both whole, above each other."""
        self._turned = self._turned != turn
        columns, rows = ROOMY
        above = self.size.width < columns and self.size.height >= rows
        self._stacked = above != self._turned
        self.seat.set_class(self._stacked, "-stacked")
        self.call_after_refresh(self.beat)

    @property
    def names(self) -> tuple[str, str]:
        """What the sessions are called, by where they stand."""
        one, other = STACKED if self._stacked else BESIDE
        return (one, other) if self._order == (0, 1) else (other, one)

    def swap(self) -> None:
        """Let the two change places."""
        one, other = self._order
        self._order = (other, one)
        self._row.move_child(self.halves[other], before=self.halves[one])
        self._row.move_child(self._fold, before=self.halves[one])
        self._refresh_table()
        self.beat()

    def make_active(self, side: int) -> None:
        """Let keys for one side be for that one."""
        self.pair.active = side
        self.beat()

    def _tick(self) -> None:
        """Beat while something moves by itself; else news and keys do, and this only rarely."""
        self._ticks += 1
        asks = any(player.is_asking for player in self.pair.players)
        if self.pair.moves or asks or self._ticks % _REST == 0:
            self.beat()

    def beat(self) -> None:
        """Let the viewer's time pass, ask for the screens that are due, and show what is so."""
        now = self._viewer_clock()
        elapsed, self._last_beat = now - self._last_beat, now
        self.pair.advance(now, elapsed)
        for side, feed in enumerate(self._feeds):
            wish = self.pair.players[side].next_wish(now)
            if wish is not None and not self.pair.is_broken(side):
                feed.reader.ask(wish)
        self._show()

    def _show(self) -> None:
        now, names = self._last_beat, self.names
        for half in self.halves:
            side = half.side
            news = self._feeds[side].news(half.clipped_words)
            half.set_class(side != self.pair.active, "-other")
            picture = self.pair.players[side].picture
            frame = None if picture is None else picture.frame
            half.show_screen(frame, half_notice(self.pair, side, news))
            half.show_view(half_view(self.pair, side, name=names[side], now=now, news=news))
        hint = "" if self.seat.has_class("-tall") else " ? help "
        width = self._common.size.width
        self._common.show_text(draw_common(common_view(self.pair, names), width, hint=hint))

    def on_from_side(self, event: FromSide) -> None:
        """Take in what one side's feed answered."""
        side, message = event.side, event.message
        match message:
            case Read():
                self._take_overview(side, message)
            case Shown():
                self.pair.take_picture(side, message.wish, message.picture)
                # No beat: asking again at once would draw as fast as the machine can.
                self._show()
                return
            case Found():
                self._feeds[side].no_findings = ""
                self.pair.take_findings(side, message.findings)
                self._refresh_table()
            case NotFound():
                self._lack_findings(side, message.error)
            case NotSettled():
                self._say(side, message.error, "warning")
            case Lost():
                self.pair.players[side].abandon_wish()
                self._feeds[side].lost = plain(str(message.error))
            case Regained():
                self.pair.players[side].ask_again()
                self._feeds[side].lost = ""
            case Broken():
                self._give_up(side, message.error)
            case _:
                return
        self.beat()

    def _take_overview(self, side: int, message: Read) -> None:
        if self.pair.courses[side] is None:
            self._last_beat = self._viewer_clock()
        setting = self._feeds[side].setting()
        if self.pair.take_overview(side, message.overview, setting):
            self.notify(f"the {self.names[side]} session has ended", timeout=3)

    def _lack_findings(self, side: int, error: JumpseatError) -> None:
        feed = self._feeds[side]
        if not feed.no_findings:
            self._say(side, error, "error")
        feed.no_findings = plain(str(error))
        self.pair.lack_findings(side)

    def _give_up(self, side: int, error: JumpseatError) -> None:
        feed = self._feeds[side]
        feed.failure = plain(str(error))
        self.pair.give_up(side)
        if feed.unfound is not None or all(self.pair.is_broken(each) for each in SIDES):
            self.failure = error
            self.exit()

    def _say(self, side: int, error: JumpseatError, how: SeverityLevel) -> None:
        words = f"{self.names[side]}: {plain(str(error))}"
        self.notify(words, severity=how, timeout=8, markup=False)

    def open_table(self) -> None:
        """Show the table."""
        self.push_screen(TableScreen(self._heading, self._draw_table))

    def _heading(self) -> str:
        return heading_words(self.pair, self.names, self._order)

    def _draw_table(self, width: int) -> Text:
        one, other = (self.names[side] for side in self._order)
        return draw_contrast(contrast_of(self.pair), (one, other), self._order, width)

    def _refresh_table(self) -> None:
        # Not `self.screen`: news may still come when there is none any more.
        if self.screen_stack and isinstance(self.screen_stack[-1], TableScreen):
            self.screen_stack[-1].refresh_table()

    def on_half_clicked(self, message: Half.Clicked) -> None:
        """Make it the active one."""
        self.make_active(message.side)

    def on_track_clicked(self, message: Track.Clicked) -> None:
        """Go to the moment that was clicked."""
        side = next(half.side for half in self.halves if half.track is message.track)
        self.pair.seek(side, message.t)
        self.beat()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer the table of keys in the palette, and nothing else."""
        del screen
        for words, key, run in offers():
            yield SystemCommand(words, f"key: {key}", partial(self.run_action, run))
