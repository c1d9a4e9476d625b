"""`serve`'s memory of the trace: the head that its home compares with, moved on every minute.

What interviewers do from other homes with one database is remembered here too, though none of this
home's programs noted it. Must never import Textual: `serve` uses it.
"""

from __future__ import annotations

import asyncio
import logging

from recorder.errors import JumpseatError
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.tracing import remember_trace

_log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
"""Between two looks: what is forged within it, and hidden by it, is not noticed."""


def remember_now(settings: Settings) -> None:
    """Remember the head, and log it where the trace is not the one that it was.

    Raises:
        JumpseatError: The store cannot be used.

    """
    with opened_store(settings) as engine:
        remember_trace(settings.home, engine)


async def keep_remembering(settings: Settings) -> None:
    """Remember the trace's head every minute, in a thread, until cancelled."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await asyncio.to_thread(remember_now, settings)
        except JumpseatError as error:
            _log.info("the trace cannot be looked at: %s", error)
