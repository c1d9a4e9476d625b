"""What tests of all apps share: waiting for what they show, pressing keys, reading the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from textual.app import App
from textual.pilot import Pilot

PATIENCE = 60.0
LOOK_AGAIN = 0.25

Result = TypeVar("Result")


class Running(Generic[Result]):
    """A running app, and how a test waits for it."""

    def __init__(self, app: App[Result]) -> None:
        self._shown = app
        self.pilot: Pilot[Result]
        self._news = asyncio.Event()

    def hear(self, _message: object) -> None:
        self._news.set()

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until something is so; every message that the app handles is a reason to look."""
        async with asyncio.timeout(PATIENCE):
            while not true():
                self._news.clear()
                # What a message began may be done a moment after the last one.
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), LOOK_AGAIN)
                await self.pilot.pause()

    async def shows(self, *words: str) -> None:
        """Wait until all of these are to be seen."""
        try:
            await self.until(lambda: all(each in self.text for each in words))
        except TimeoutError:
            raise AssertionError(f"not all of {words} in\n{self.text}") from None

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    @property
    def text(self) -> str:
        """What the whole terminal shows."""
        strips = self._shown.screen._compositor.render_strips()
        return "\n".join("".join(part.text for part in strip) for strip in strips)
