"""What each named action of `tui.seat.home.keys` does, in a few lines.

Orders are the same requests as those of the verbs, given by the feed in a thread.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import ModuleType

from textual.containers import Horizontal
from textual.widgets import Input

from analyzer.visible import plain
from tui.seat.help_screen import HelpScreen
from tui.seat.home.form import NewSession
from tui.seat.home.keys import help_text
from tui.seat.home.listing import Listing
from tui.seat.home.questions import Question
from tui.seat.home.reader import HomeReader
from tui.seat.home.rows import next_order
from tui.seat.home.sittings import Choice, Draft, HomeFeed, Opened, Sitting, View
from tui.seat.seat_app import SeatApp

EXTENSION = 5
"""Minutes that the clock gets by one key."""


class HomeActions(SeatApp[Choice]):
    """The actions; an app that has a list, and a view that tells what it shows."""

    feed: HomeFeed
    view: View
    listing: Listing
    reader: HomeReader
    finder: Horizontal
    query_input: Input
    can_compare: bool
    can_debrief: bool
    steers: bool
    blank_draft: Draft

    @property
    def hidden(self) -> tuple[str, ...]:
        """Which actions are not to be had here."""
        raise NotImplementedError

    def show_rows(self) -> None:
        """List what the view says, now."""
        raise NotImplementedError

    def action_choose(self) -> None:
        """Open the marked session, or the two that are marked."""
        marked = self.listing.marked
        if marked is None:
            return
        if marked.problem:
            self.notify(plain(marked.problem), severity="warning", timeout=4, markup=False)
            return
        self._leave_with((marked,))

    def action_debrief(self) -> None:
        """Open the debrief of the marked session."""
        marked = self.listing.marked
        if marked is not None and not marked.problem:
            self._leave_with((marked,), debrief=True)

    def _leave_with(self, sessions: tuple[Sitting, ...], *, debrief: bool = False) -> None:
        marked = self.listing.marked
        view = replace(self.view, marked=marked.id if marked else None, beside=None)
        self.exit(Choice(sessions=sessions, view=view, debrief=debrief))

    def action_beside(self) -> None:
        """Mark a session; with a second one, open both side by side."""
        marked = self.listing.marked
        if marked is None or marked.problem:
            return
        first = next((row for row in self.view.rows if row.id == self.view.beside), None)
        if first is not None and first.id != marked.id:
            self._leave_with((first, marked))
            return
        waits = None if first is not None else marked.id
        self.view = replace(self.view, beside=waits)
        self.listing.beside = waits
        self.listing.refresh()
        if waits:
            self.notify("b on another session shows both side by side", timeout=4)

    def action_up(self) -> None:
        """Mark the row above."""
        self.listing.mark(self.listing.index - 1)

    def action_down(self) -> None:
        """Mark the row below."""
        self.listing.mark(self.listing.index + 1)

    def action_page_up(self) -> None:
        """Mark the row a page above."""
        self.listing.mark(self.listing.index - self.listing.page)

    def action_page_down(self) -> None:
        """Mark the row a page below."""
        self.listing.mark(self.listing.index + self.listing.page)

    def action_first(self) -> None:
        """Mark the first row."""
        self.listing.mark(0)

    def action_last(self) -> None:
        """Mark the last row."""
        self.listing.mark(len(self.listing.rows) - 1)

    def action_filter(self) -> None:
        """Type words that sessions must have."""
        self.finder.add_class("-on")
        # A widget's own `focus` takes effect later, and what is typed next would be keys.
        self.screen.set_focus(self.query_input)

    def action_dismiss(self) -> None:
        """Show all sessions again."""
        self.query_input.clear()
        self.finder.remove_class("-on")
        self.screen.set_focus(self.listing)
        if self.view.beside is not None:
            self.view = replace(self.view, beside=None)
            self.listing.beside = None
            self.listing.refresh()

    def action_sort(self) -> None:
        """Sort in the next order."""
        order = next_order(self.view.sort)
        self.view = replace(self.view, sort=order.name)
        self.notify(order.words, timeout=2)
        self.show_rows()

    def action_help(self) -> None:
        """Show the keys."""
        self.push_screen(HelpScreen(partial(help_text, hidden=self.hidden)))

    def action_new_session(self) -> None:
        """Ask for a new session."""
        form = NewSession(self.feed, self.view.draft)

        def left(opened: Opened | None) -> None:
            self.view = replace(self.view, draft=self.blank_draft if opened else form.draft)
            if opened is None:
                return
            self.view = replace(self.view, marked=opened.id)
            self.reader.hurry()
            self.notify(plain(opened.words), timeout=10, markup=False, lasting=True)
            if opened.problem:
                self.notify(plain(opened.problem), severity="error", timeout=15, markup=False)

        self.push_screen(form, left)

    def _marked_live(self) -> Sitting | None:
        marked = self.listing.marked
        if marked is None:
            return None
        if not marked.live:
            self.notify("only a live session can be steered", severity="warning", timeout=3)
            return None
        return marked

    def _ask(self, question: Question) -> None:
        def left(words: str | None) -> None:
            if words:
                self.reader.hurry()
                self.notify(plain(words), timeout=6, markup=False)

        self.push_screen(question, left)

    def action_allow_address(self) -> None:
        """Let an address in, if it is typed."""
        row = self._marked_live()
        if row is None:
            return
        self._ask(
            Question(
                self.feed,
                title="Let in",
                words=f"Which address may knock at {_name(row)}?",
                yes="let it in",
                hint="198.51.100.7, or a network as ADDR/BITS",
                request=lambda typed, force: _orders().allow(row.id, typed, force=force),
            )
        )

    def action_start_clock(self) -> None:
        """Start the clock, if that is meant."""
        row = self._marked_live()
        if row is None:
            return
        self._ask(
            Question(
                self.feed,
                title="Clock",
                words=f"Start the clock of {_name(row)}? When it has run out, the session closes.",
                yes="start it",
                request=lambda _typed, _force: _orders().start(row.id),
            )
        )

    def action_extend_clock(self) -> None:
        """Give the clock more, if that is meant."""
        row = self._marked_live()
        if row is None:
            return
        self._ask(
            Question(
                self.feed,
                title="Clock",
                words=f"Give {_name(row)} {EXTENSION} minutes more?",
                yes=f"{EXTENSION} minutes more",
                request=lambda _typed, _force: _orders().extend(row.id, EXTENSION),
            )
        )

    def action_close_session(self) -> None:
        """Close the session, if that is meant."""
        row = self._marked_live()
        if row is None:
            return
        self._ask(
            Question(
                self.feed,
                title="Close",
                words=f"Close {_name(row)}? Whoever is connected is cut off, the recording is"
                " signed, and nobody can go on with it.",
                yes="close it",
                request=lambda _typed, _force: _orders().close(row.id),
            )
        )


def _orders() -> ModuleType:
    """Return the orders, loaded in the thread that gives the first one."""
    from tui.seat.home import requests  # noqa: PLC0415 - a quarter of a second

    return requests


def _name(row: Sitting) -> str:
    return plain(f"{row.candidate}'s session {row.id}" if row.candidate else row.id)
