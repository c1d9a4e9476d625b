from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import ComposeResult
from textual.widgets import Static
from textual.widgets._toast import Toast

from tests.tui.seat.running import Running
from tui.seat.themed import ThemedApp


class Talking(ThemedApp[None]):
    """Says something by key, as all apps do."""

    BINDINGS = (("n", "say", "Say"),)

    def compose(self) -> ComposeResult:
        yield Static("a screen")

    def action_say(self) -> None:
        self.notify("no tag after this", timeout=60)


@asynccontextmanager
async def talking() -> AsyncIterator[tuple[Talking, Running[None]]]:
    app = Talking()
    running = Running(app)
    async with app.run_test(message_hook=running.hear, notifications=True) as pilot:
        running.pilot = pilot
        yield app, running


def toasts(app: Talking) -> int:
    return len(app.screen.query(Toast))


async def test_a_message_goes_with_the_next_key() -> None:
    async with talking() as (app, running):
        app.notify("kept", timeout=60)
        await running.shows("kept")
        await running.press("j")
        await running.until(lambda: "kept" not in running.text)


async def test_one_key_pressed_again_and_again_leaves_one_message() -> None:
    async with talking() as (app, running):
        await running.press("n", "n", "n")
        await running.shows("no tag after this")
        await running.until(lambda: toasts(app) == 1)


@pytest.mark.parametrize("lasting", [True, False])
async def test_an_error_and_what_lasts_outlast_keys(lasting: bool) -> None:
    async with talking() as (app, running):
        severity = "information" if lasting else "error"
        app.notify("ssh -p 2201 candidate@host", severity=severity, timeout=60, lasting=lasting)
        await running.press("j", "n")
        await running.shows("ssh -p 2201 candidate@host", "no tag after this")
