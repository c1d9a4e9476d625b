"""What `jumpseat replay` and `jumpseat watch` were given, found; the store is opened later.

A thread imports this while the first picture stands; the candidate's screen waits for it.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from recorder.store.directories import find_session, youngest_live
from tui.cli.given import given_recording
from tui.cli.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tui.seat import Store
    from tui.seat.read_ahead import ReadAhead


def found_recording(
    stack: ExitStack, settings: Settings, name: str, size: tuple[int, int] | None = None
) -> tuple[Path, Store]:
    """Return the directory of a session or of another tool's recording, and a session's store.

    Raises:
        JumpseatError: There is none.

    """
    given = stack.enter_context(given_recording(settings, name, size))
    return given.directory, None if given.foreign else lambda: _store(stack, settings)


def found_live(stack: ExitStack, settings: Settings, session: str | None) -> tuple[Path, Store]:
    """Return a session's directory and the store; without a name, the youngest that is live.

    Raises:
        JumpseatError: No session is live, or none is called so.

    """
    directory = find_session(settings.home, session) if session else youngest_live(settings.home)
    return directory, lambda: _store(stack, settings)


def found_again(
    stack: ExitStack, settings: Settings, ahead: ReadAhead | None
) -> tuple[Path, Store] | None:
    """Return the session that was begun with; None where none was.

    It is not looked for by its name again: the youngest may be another by now, and a file may be
    called as a session is.
    """
    if ahead is None or ahead.session is None:
        return None
    return ahead.session, lambda: _store(stack, settings)


def _store(stack: ExitStack, settings: Settings) -> Engine:
    from tui.cli.store import opened_store  # noqa: PLC0415 - migrations take long to import

    return stack.enter_context(opened_store(settings))
