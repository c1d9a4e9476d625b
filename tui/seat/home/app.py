"""Home: the list of sessions with what is going on in them, and what can be done about it.

It is told everything by a feed, in threads, and opens nothing itself: choosing a session ends the
app with that choice, and `tui.seat.run_home` shows it. Drawing, sorting and asking belong to the
modules beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from analyzer.visible import plain
from tui.seat.home.actions import HomeActions
from tui.seat.home.columns import draw_header
from tui.seat.home.detail import draw_detail
from tui.seat.home.keys import ACTIONS, STEERING, hints_text
from tui.seat.home.listing import Listing
from tui.seat.home.reader import Detailed, HomeReader, Lost, Rows
from tui.seat.home.rows import in_order, matching, order_named, searchable
from tui.seat.home.sittings import Detail, Draft, HomeFeed, Sitting, View
from tui.seat.home.style import STYLE_SHEET
from tui.seat.keys.action import bindings
from tui.seat.look import ACCENT, FAINT, INK

BEAT = 1.0
"""Seconds between two looks at the clock."""

_LONGEST_QUERY = 200

EMPTY = (
    "No session was recorded yet.\n\n"
    "n                              opens one in a running `jumpseat serve`\n"
    "jumpseat demo                  shows everything in about a minute\n"
    "jumpseat serve --target HOST   records a candidate on a server of yours"
)
EMPTY_HERE = "No session was recorded yet. Whoever runs `jumpseat serve` opens one."
NONE_FOUND = "No session has all of these words. Escape shows all again."


def now_in_utc() -> datetime:
    """Return the present."""
    return datetime.now(UTC)


class HomeApp(HomeActions):
    """Lists the sessions; its result is what somebody wants opened, None where they left.

    Attributes:
        failure: Why the app has ended by itself: a thread failed in a way that nobody foresaw.
        blank_draft: What the form of a new session says at first.

    """

    CSS = STYLE_SHEET
    BINDINGS = bindings(ACTIONS)
    KEYS = ACTIONS
    AUTO_FOCUS = "#table"

    def __init__(
        self,
        feed: HomeFeed,
        *,
        view: View | None = None,
        target: str = "",
        can_compare: bool = False,
        can_debrief: bool = False,
        steers: bool = True,
        clock: Callable[[], datetime] = now_in_utc,
    ) -> None:
        """Take what to show.

        Args:
            feed: Where sessions come from, and where orders go.
            view: What was looked at before.
            target: What a new session works on where nothing else is typed.
            can_compare: Whether two sessions can be shown side by side.
            can_debrief: Whether a session's debrief can be shown.
            steers: Whether sessions can be opened and steered here, and not only seen.
            clock: The present, with its zone.

        """
        super().__init__()
        self.feed = feed
        self.blank_draft = Draft(target=target)
        self.view = view or View(draft=self.blank_draft)
        self.can_compare = can_compare
        self.can_debrief = can_debrief
        self.steers = steers
        self.reader = HomeReader(feed, self.post_message)
        self.listing = Listing(clock())
        self.finder = Horizontal(id="find")
        self.query_input = Input(
            id="query", placeholder="candidate, target, tag, state, id; Esc: all",
            max_length=_LONGEST_QUERY, compact=True,
        )  # fmt: skip
        self._clock = clock
        self._detail: Detail | None = None
        self._read = view is not None
        self._texts: dict[str, str] = {}
        self._heading = Static(id="heading")
        self._banner = Static(id="banner", markup=False)
        self._header = Static(id="header")
        self._notice = Static("Reading …", id="notice", markup=False)
        self._strip = Static(id="detail")
        self._found = Static(id="found")
        self._hints = Static(id="hints")

    def compose(self) -> ComposeResult:
        """Heading, names of columns, rows, more of the marked one, keys."""
        yield self._heading
        yield self._banner
        yield self._header
        yield self.listing
        yield self._notice
        yield self._strip
        with self.finder:
            yield Static("/", id="slash", markup=False)
            yield self.query_input
            yield self._found
        yield self._hints

    def on_mount(self) -> None:
        """Show what is known from before, start to read, and to look at the clock."""
        # Not before: an input with words in it asks for the app that runs.
        self.query_input.value = self.view.query
        self.finder.set_class(bool(self.view.query), "-on")
        self.take(self.view.rows)
        for name, work in (
            ("sittings", self.reader.read_sittings),
            ("details", self.reader.read_details),
        ):
            self.run_worker(work, name=name, group="feed", thread=True, exit_on_error=False)
        self.set_interval(BEAT, self.beat, name="beat")

    def on_unmount(self) -> None:
        """Let the threads end; the event loop joins them."""
        self.reader.stop()

    def on_resize(self, event: events.Resize) -> None:
        """Share the room anew."""
        self._hints.update(hints_text(event.size.width - 2, hidden=self.hidden))
        self.call_after_refresh(self._draw)

    @property
    def hidden(self) -> tuple[str, ...]:
        """Which actions are not to be had here."""
        had = ((("beside",), self.can_compare), (("debrief",), self.can_debrief),
               (STEERING, self.steers))  # fmt: skip
        return tuple(name for names, here in had if not here for name in names)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out what cannot be done here."""
        del parameters
        return action not in self.hidden

    @property
    def is_settled(self) -> bool:
        """Whether the strip tells all of the marked session that there is to tell."""
        marked = self.listing.marked
        return marked is not None and self._detail is not None and self._detail.id == marked.id

    def beat(self) -> None:
        """Let the clocks go on; nothing is read for that."""
        self.listing.show_time(self._clock())
        self._draw_strip()

    def on_rows(self, message: Rows) -> None:
        """List the sessions as they are now, the mark where it was."""
        self._read = True
        self.take(message.rows)

    def take(self, rows: tuple[Sitting, ...]) -> None:
        """List these sessions."""
        known = {row.id: row for row in self.view.rows}
        self._texts = {
            row.id: self._texts[row.id]
            if row.id in self._texts and known.get(row.id) is row
            else searchable(row)
            for row in rows
        }
        self.view = replace(self.view, rows=rows)
        self.listing.measure(rows)
        self.show_rows()

    def show_rows(self) -> None:
        """Sort and filter, and stay on the session that was marked."""
        view = self.view
        rows = matching(in_order(view.rows, view.sort), view.query, self._texts)
        marked = self.listing.marked
        wanted = view.marked or (None if marked is None else marked.id)
        if any(row.id == view.marked for row in view.rows):
            self.view = replace(view, marked=None)
        self.listing.beside = view.beside
        self.listing.show_rows(rows, wanted)
        self._draw()

    def _draw(self) -> None:
        shown = bool(self.listing.rows)
        self.listing.display = shown
        self._notice.display = not shown
        if self._read and not shown:
            empty = EMPTY if self.steers else EMPTY_HERE
            self._notice.update(NONE_FOUND if self.view.rows else empty)
        self._strip.display = shown
        self.on_listing_refitted()
        self._heading.update(self._heading_text())
        count = f"{len(self.listing.rows)} of {len(self.view.rows)}"
        self._found.update(Text(count if self.view.query else "", FAINT))
        self._draw_strip()

    def _heading_text(self) -> Text:
        text = Text(no_wrap=True, overflow="ellipsis").append("jumpseat", f"bold {ACCENT}")
        if not self._read:
            return text
        rows = self.view.rows
        live = sum(row.live for row in rows)
        text.append("  ● " if live else "  ", "bold $bad")
        text.append(f"{live} live" if live else "none live", f"bold {INK}" if live else FAINT)
        text.append(f"  {len(rows)} session{'' if len(rows) == 1 else 's'}", INK)
        text.append(f"  {order_named(self.view.sort).words}", FAINT)
        return text

    def _draw_strip(self) -> None:
        width = max(self.size.width - 4, 10)
        drawn = draw_detail(self.listing.marked, self._detail, self._clock(), width)
        self._strip.update(drawn, layout=False)

    def on_listing_refitted(self) -> None:
        """Name the columns where they stand now."""
        header = draw_header(self.listing.fitted, sort=self.view.sort)
        self._header.update(Text("  ").append_text(header) if self.listing.rows else "")

    def on_listing_moved(self) -> None:
        """Look up more of the session that is marked now."""
        marked = self.listing.marked
        self.reader.want(None if marked is None or marked.problem else marked.id)
        self._draw_strip()

    def on_listing_chosen(self) -> None:
        """Open what was clicked."""
        self.action_choose()

    def on_detailed(self, message: Detailed) -> None:
        """Show what was looked up."""
        self._detail = message.detail
        self._draw_strip()

    def on_lost(self, message: Lost) -> None:
        """Say why nothing is new; what was known can still be seen and opened."""
        words = f"! {plain(str(message.error))}; trying again"
        self._banner.update(words)
        self._banner.add_class("-on")

    def on_regained(self) -> None:
        """Take the banner away."""
        self._banner.remove_class("-on")
        self.notify("the sessions can be listed again", timeout=3)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show only the sessions that have what was typed."""
        if event.input is self.query_input and event.value != self.view.query:
            self.view = replace(self.view, query=event.value)
            self.show_rows()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go from the words to the sessions."""
        if event.input is self.query_input:
            self.screen.set_focus(self.listing)
            if not event.value.strip():
                self.action_dismiss()
