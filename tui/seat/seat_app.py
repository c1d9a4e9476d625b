"""What every app here is: it wears a theme, offers its table of keys, and ends with its threads.

Which keys there are, and what is shown, is each app's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ClassVar, Generic

from textual.app import ReturnType, SystemCommand
from textual.screen import Screen
from textual.worker import Worker, WorkerFailed, WorkerState

from tui.seat.keys.action import Action
from tui.seat.themed import ThemedApp

_THREADS = 32
"""Threads at once, at most: those that read last as long as the app, and orders come beside them.

An event loop's own pool has five on a machine with one processor, and the rest would wait for ever.
"""


class SeatApp(ThemedApp[ReturnType], Generic[ReturnType]):
    """An app whose palette is made from its table of keys.

    Attributes:
        failure: Why the app has ended by itself; None where somebody left.

    """

    TITLE = "jumpseat"
    KEYS: ClassVar[tuple[Action, ...]] = ()
    """The table."""

    def __init__(self) -> None:
        super().__init__()
        self.failure: BaseException | None = None

    @property
    def hidden(self) -> Collection[str]:
        """The names of actions that are not to be had now."""
        return ()

    def on_load(self) -> None:
        """Have a thread for whatever asks for one; the event loop joins them all."""
        # Called as the loop's own would be, whose place it takes.
        pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="asyncio")
        asyncio.get_running_loop().set_default_executor(pool)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Leave when a thread failed: the caller says it in a line, and logs the rest."""
        if event.state is WorkerState.ERROR and self.failure is None:
            self.failure = event.worker.error
            self.exit()

    def _handle_exception(self, error: Exception) -> None:
        # Textual's, which leaves with status 0 for whoever calls `run`.
        if self.failure is None:
            self.failure = error.error if isinstance(error, WorkerFailed) else error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End without Textual's traceback, which shows values: the caller logs what happened."""
        self._close_messages_no_wait()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer the table of keys in the palette, and nothing else."""
        del screen
        for action in self.KEYS:
            if action.name not in self.hidden:
                run = partial(self.run_action, action.name)
                yield SystemCommand(action.words, f"key: {action.shown}", run)
