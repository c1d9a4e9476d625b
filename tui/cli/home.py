"""`jumpseat` alone: home in a terminal, a table in a pipe.

Must load neither the store nor the analyzer: home is there before they are.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recorder.control.permission import may_order
from tui.cli.beside import shipped_tasks
from tui.cli.settings import Settings
from tui.cli.terminal import is_terminal
from tui.cli.verbs import Verb, pass_settings
from tui.seat import run_found, run_home
from tui.seat.beside import run_beside

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tui.seat import Store
    from tui.seat.home.sittings import HomeFeed


@click.command(cls=Verb)
@pass_settings
def seat(settings: Settings) -> None:
    """Show the sessions: to choose from in a terminal, as a table in a pipe."""
    if not is_terminal():
        from tui.cli.sessions import print_sessions  # noqa: PLC0415 - loads the store

        print_sessions(settings, as_json=False)
        return
    with ExitStack() as stack:
        store = _Store(stack, settings)
        find = store.finder

        def open_both(one: str, other: str) -> None:
            run_beside(find(one), find(other), fallback=lambda: shipped_tasks(settings))

        def open_debrief(session: str) -> None:
            from tui.cli.debrief import show  # noqa: PLC0415 - loads the store

            show(settings, session)

        run_home(
            store.feed,
            lambda session, live: run_found(find(session), live=live),
            open_both=open_both,
            open_debrief=open_debrief,
            target=settings.target or "",
            steers=may_order(),
        )


class _Store:
    """Opens the store when it is asked for, once, in whatever thread; closed with ``stack``."""

    def __init__(self, stack: ExitStack, settings: Settings) -> None:
        self._stack = stack
        self._settings = settings
        self._engine: Engine | None = None
        self._lock = threading.Lock()

    def engine(self) -> Engine:
        """Return the store.

        Raises:
            JumpseatError: It cannot be opened.

        """
        from tui.cli.store import opened_store  # noqa: PLC0415 - half a second

        with self._lock:
            if self._engine is None:
                self._engine = self._stack.enter_context(opened_store(self._settings))
            return self._engine

    def finder(self, session: str) -> Callable[[], tuple[Path, Store]]:
        """Return how a session's recording and the store are found; an id, no other word."""
        return lambda: (self._settings.home.recording(session), self.engine)

    def feed(self) -> HomeFeed:
        """Return what home is told.

        Raises:
            JumpseatError: The store cannot be opened.

        """
        from tui.seat.home.stored import StoredHome  # noqa: PLC0415 - half a second

        return StoredHome(self.engine(), self._settings.home)
