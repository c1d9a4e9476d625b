"""Decides when a recording is written and what a failed write means: the session stops.

The only module of the recording that knows asyncio. Appends are written within `FLUSH_SECONDS` and
forced to disk within `SYNC_SECONDS`, in a thread. Nothing else may happen here.
"""

from __future__ import annotations

import asyncio
import logging

from recorder.recording.writer import BUFFER_LIMIT, RecordingWriter

FLUSH_SECONDS = 0.02
SYNC_SECONDS = 0.9
_HOLD_CHECK_SECONDS = 0.25

_log = logging.getLogger(__name__)


class Flusher:
    """Flushes one recording while its block runs.

    Attributes:
        failed: Done with the error once a write has failed; whoever relays must stop then.

    """

    def __init__(self, writer: RecordingWriter) -> None:
        self.writer = writer
        self._loop = asyncio.get_running_loop()
        self.failed: asyncio.Future[OSError] = self._loop.create_future()
        self._flush_timer: asyncio.TimerHandle | None = None
        self._syncing: asyncio.Future[None] | None = None
        self._sync_timer: asyncio.TimerHandle | None = None
        self._written_meanwhile = False
        self._closed = False
        writer.on_dirty = self._schedule
        self._schedule()

    def _schedule(self) -> None:
        if self._closed or self.failed.done():
            return
        if self.writer.overdue or self.writer.pending > BUFFER_LIMIT:
            self._flush()
        elif self._flush_timer is None:
            self._flush_timer = self._loop.call_later(FLUSH_SECONDS, self._flush)

    def _flush(self) -> None:
        if self._flush_timer is not None:
            self._flush_timer.cancel()
            self._flush_timer = None
        try:
            self.writer.flush()
        except OSError as error:
            self._fail(error)
            return
        # A sync that runs may have passed the file already.
        self._written_meanwhile = self._syncing is not None
        self._schedule_sync()
        if self.writer.holding:
            self._flush_timer = self._loop.call_later(_HOLD_CHECK_SECONDS, self._flush)

    def _schedule_sync(self) -> None:
        if self._sync_timer is None and self._syncing is None:
            self._sync_timer = self._loop.call_later(SYNC_SECONDS, self._sync)

    def _sync(self) -> None:
        self._sync_timer = None
        self._syncing = self._loop.run_in_executor(None, self.writer.sync)
        self._syncing.add_done_callback(self._synced)

    def _synced(self, done: asyncio.Future[None]) -> None:
        self._syncing = None
        error = done.exception() if not done.cancelled() else None
        if isinstance(error, OSError):
            self._fail(error)
        elif self._written_meanwhile and not self._closed:
            self._written_meanwhile = False
            self._schedule_sync()

    def _fail(self, error: OSError) -> None:
        if not self.failed.done():
            _log.error("the recording cannot be written (%s): the session stops", error.strerror)
            self.failed.set_result(error)

    async def close(self) -> None:
        """Stop the timers and wait for a sync that runs; the writer is its owner's to close."""
        self._closed = True
        for timer in (self._flush_timer, self._sync_timer):
            if timer is not None:
                timer.cancel()
        if self._syncing is not None:
            await asyncio.wait([self._syncing])
