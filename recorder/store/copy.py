"""Copies a journal to the store while it grows, in a thread: the relay never waits for it.

A store that cannot be written costs a warning: the rows are made from the recording at the next
look.
"""

from __future__ import annotations

import asyncio
import logging

from recorder.errors import JumpseatError
from recorder.store.sync import SessionSync

_log = logging.getLogger(__name__)

_GATHER_SECONDS = 0.1
"""How long lines are gathered; longer than a flush takes."""


class StoreCopy:
    """Copies the journal to the store in a thread; the relay never waits for it."""

    def __init__(self, sync: SessionSync) -> None:
        self._sync = sync
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._warned = False

    def notice(self) -> None:
        """Note that the journal grew; it is read a moment later, when it was flushed."""
        self._wake.set()

    def start(self) -> None:
        """Begin to copy."""
        self._wake.set()
        self._task = asyncio.get_running_loop().create_task(self._run(), name="store")

    async def finish(self) -> None:
        """Copy what is left."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._copy()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await asyncio.sleep(_GATHER_SECONDS)  # let the flush come first, and gather lines
            await self._copy()

    async def _copy(self) -> None:
        try:
            await asyncio.to_thread(self._sync.update)
        except JumpseatError as error:
            # The recording is the truth: the rows are made from it at the next look.
            if not self._warned:
                _log.warning("the store is not up to date: %s", error)
            self._warned = True
