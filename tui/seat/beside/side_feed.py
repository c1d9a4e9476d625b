"""One side's feed as the comparison holds it: who reads it, and what went wrong with it.

The feed is found and read in threads; what it answers is posted with the side that it belongs to.
What is done with that is the app's.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message

from recorder.errors import JumpseatError
from tui.seat.beside.source import Setting, Source
from tui.seat.beside.views import News
from tui.seat.feed import Opening
from tui.seat.feed_reader import FeedReader


class FromSide(Message):
    """Something that one side's feed answered."""

    def __init__(self, side: int, message: Message) -> None:
        super().__init__()
        self.side = side
        self.message = message


class SideFeed:
    """One side's feed.

    Attributes:
        reader: Asks it, in threads.
        unfound: Why there is none to be read at all.
        failure: What is said where the recording cannot be read, else empty.
        no_findings: What is said where tags cannot be had, else empty.
        lost: What is said while the recording cannot be read any more, else empty.

    """

    def __init__(
        self, side: int, make: Callable[[], Source], post: Callable[[Message], object]
    ) -> None:
        self._make = make
        self._source: Source | None = None
        self.reader = FeedReader(Opening(self._find), lambda message: post(FromSide(side, message)))
        self.unfound: JumpseatError | None = None
        self.failure = ""
        self.no_findings = ""
        self.lost = ""

    def _find(self) -> Source:
        try:
            self._source = source = self._make()
        except JumpseatError as error:
            self.unfound = error
            raise
        return source

    def setting(self) -> Setting:
        """Return on what the session is measured, as far as that is known."""
        return Setting() if self._source is None else self._source.setting()

    def news(self, clipped: str) -> News:
        """Return what is to be told of it; ``clipped`` as in `News`."""
        return News(
            progress=None if self._source is None else self._source.progress(),
            failure=self.failure,
            no_findings=self.no_findings,
            lost=self.lost,
            clipped=clipped,
        )
