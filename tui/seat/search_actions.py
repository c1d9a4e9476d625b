"""The part of the seat that searches: what was typed, what was found, what is marked on the screen.

The state of a search is `tui.seat.searching`'s, the row that it is typed in that of
`tui.seat.search_bar`.
"""

from __future__ import annotations

from textual.widgets import Input

from analyzer.cells import Frame
from analyzer.search.find import Hit
from analyzer.search.joined import Place
from analyzer.search.query import Matcher, QueryError
from analyzer.search.spoken import Heard, find_spoken, heard_in
from analyzer.visible import plain
from tui.seat.actions import ReplayActions
from tui.seat.feed_reader import FeedReader
from tui.seat.highlights import Mark, find_marks
from tui.seat.news import (
    NotSearched,
    Searched,
)
from tui.seat.searching import MOST, hit_moments


class SearchActions(ReplayActions):
    """What an app does that can be searched."""

    _feed_reader: FeedReader
    _marked: tuple[Matcher | None, int | None] = (None, None)

    def evidence_marks(self, frame: Frame) -> list[Mark]:
        """Return what of a tag is marked on the screen while nothing is searched for."""
        raise NotImplementedError

    def show_search(self) -> None:
        """Mark where the search matches, and say how many hits there are."""
        position = self.player.transport.position
        index = self.sought.index(position)
        if (self.sought.matcher, index) != self._marked:
            self._marked = (self.sought.matcher, index)
            self.stage.view.mark_with(self._marks if self.sought.is_on else self.evidence_marks)
        if self.search_bar.is_open:
            self.search_bar.show_words(self.sought.words(position))
            self.side.hits.mark(index)

    def _marks(self, frame: Frame) -> list[Mark]:
        """Return where the search matches on the screen that is shown."""
        matcher = self.sought.matcher
        if matcher is None:
            return []
        hit = self.sought.current(self.player.transport.position)
        at = Place(hit.row, hit.column) if isinstance(hit, Hit) and hit.row is not None else None
        return find_marks(frame, matcher, at)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Search for what was typed; for nothing, leave."""
        if event.input is not self.search_bar.entry:
            return
        event.stop()
        if not event.value.strip():
            self.leave_search()
            return
        try:
            matcher = self.sought.begin(event.value)
        except QueryError as error:
            self.notify(plain(str(error)), severity="error", timeout=8, markup=False)
            return
        self.side.show_hits(())
        self.screen.set_focus(None)
        self._feed_reader.search(matcher)
        self.beat()

    def on_searched(self, message: Searched) -> None:
        """Go to the next hit, or, where there is none, to the last one before."""
        if message.matcher is not self.sought.matcher:
            return
        self.sought.take(message.matcher, message.found, self._heard(message.matcher))
        self.side.show_hits(hit_moments(self.sought.hits))
        position = self.player.transport.position
        hit = self.sought.step(position, on=True) or self.sought.step(position, on=False)
        if hit is not None:
            self.player.show_hit(hit)
        self.beat()

    def _heard(self, matcher: Matcher) -> tuple[Heard, ...]:
        """Return where what is looked for was spoken; what has no time cannot be gone to."""
        lines = [each.line for each in self.player.spoken]
        hits, _ = find_spoken(lines, matcher, MOST)
        return heard_in(hits, self.player.transport.duration)

    def on_not_searched(self, message: NotSearched) -> None:
        """Say why it cannot be searched."""
        self.sought.fail(message.matcher, str(message.error))
        self.beat()
