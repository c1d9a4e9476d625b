"""`jumpseat replay ONE --beside OTHER`: both found, the store opened once, for two threads.

What takes long to import is imported while the first picture stands already; what another tool
recorded may have to be converted first, which is told on the terminal.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from recorder.errors import UsageError
from tui.cli.given import is_path
from tui.cli.settings import Settings
from tui.seat.beside import StepWord, run_beside

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from analyzer.models.tasks import Tasks
    from tui.seat import Store

Size = tuple[int, int] | None


def replay_beside(
    settings: Settings, named: tuple[str, str], *, step: StepWord | None, size: Size
) -> None:
    """Show two recordings that a person named, side by side, until they leave.

    Raises:
        UsageError: A size was given, and neither is a file.
        JumpseatError: One cannot be found, or neither can be read.

    """
    if size is not None and not any(map(is_path, named)):
        raise UsageError("--size is for files", "a session's recording tells its size")
    with ExitStack() as stack:
        finding = _Finding(stack, settings)
        left, right = (finding.finder(name, size) for name in named)
        run_beside(left, right, step=step or "clock", fallback=lambda: shipped_tasks(settings))


def shipped_tasks(settings: Settings) -> Tasks:
    """Return the tasks of the exercise that ships."""
    from analyzer.models.tasks import Tasks  # noqa: PLC0415 - as below
    from recorder.exercise.loader import DEFAULT, load_exercise  # noqa: PLC0415

    return Tasks(load_exercise(settings.home, DEFAULT).plan)


class _Finding:
    """Finds recordings and opens the store, whichever of two threads asks first."""

    def __init__(self, stack: ExitStack, settings: Settings) -> None:
        self._stack = stack
        self._settings = settings
        self._lock = threading.Lock()
        self._engine: Engine | None = None

    def finder(self, name: str, size: Size) -> Callable[[], tuple[Path, Store]]:
        """Return how to find a recording; one of another tool's is found at once."""
        if not is_path(name):
            return lambda: self._find(name, None)
        found = self._find(name, size)
        return lambda: found

    def _find(self, name: str, size: Size) -> tuple[Path, Store]:
        from tui.cli.found import found_recording  # noqa: PLC0415 - half a second

        with self._lock:
            directory, store = found_recording(self._stack, self._settings, name, size)
        return directory, None if store is None else self._store

    def _store(self) -> Engine:
        from tui.cli.store import opened_store  # noqa: PLC0415 - migrations take long to import

        with self._lock:
            if self._engine is None:
                self._engine = self._stack.enter_context(opened_store(self._settings))
            return self._engine
