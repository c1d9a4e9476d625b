"""A running debrief on a real store, and how a test waits for what it shows, not for time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from recorder.cards.book import Book
from tests.tui.seat.running import Running
from tui.debrief.app import DebriefApp
from tui.debrief.feed import StoredDebrief
from tui.debrief.view import Jump, View


class Table(Running[Jump]):
    """A debrief that runs, for one who sits at it."""

    def __init__(self, app: DebriefApp) -> None:
        super().__init__(app)
        self.app = app

    async def type(self, words: str) -> None:
        """Type words, a key each."""
        await self.press(*("space" if each == " " else each for each in words))

    async def form(self) -> None:
        """Wait until a form is open and somebody can type."""
        await self.until(lambda: len(self.app.screen_stack) > 1 and self.app.screen.is_current)
        await self.pilot.pause()

    async def no_form(self) -> None:
        """Wait until it has been kept."""
        await self.until(lambda: len(self.app.screen_stack) == 1)


def feed_of(book: Book, viewer: str, **changes: Any) -> StoredDebrief:
    values: dict[str, Any] = {
        "replayable": True, "writes_files": True, "note": lambda _where: None,
    }  # fmt: skip
    return StoredDebrief(book=book, viewer=viewer, **(values | changes))


@asynccontextmanager
async def run_debrief(
    book: Book,
    viewer: str = "bo",
    *,
    size: tuple[int, int] = (80, 24),
    view: View | None = None,
    **changes: Any,
) -> AsyncIterator[Table]:
    """Run it for one viewer; by default in 80x24."""
    app = DebriefApp(feed_of(book, viewer, **changes), view)
    table = Table(app)
    async with app.run_test(size=size, message_hook=table.hear, notifications=True) as pilot:
        table.pilot = pilot
        await table.until(lambda: app.meeting is not None)
        await pilot.pause()
        yield table
