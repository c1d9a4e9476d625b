"""What `jumpseat replay` and `jumpseat watch` were given, found and opened; imports take long."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import Engine

from recorder.errors import SessionNotFoundError
from recorder.store.catalogue import find_session, list_sessions
from tui.cli.given import given_recording
from tui.cli.settings import Settings
from tui.cli.store import opened_store


def found_recording(
    stack: ExitStack, settings: Settings, name: str, size: tuple[int, int] | None = None
) -> tuple[Path, Engine | None]:
    """Return the directory of a session or of another tool's recording, and a session's store.

    Raises:
        JumpseatError: There is none, or it or the store cannot be opened.

    """
    given = stack.enter_context(given_recording(settings, name, size))
    return given.directory, None if given.foreign else stack.enter_context(opened_store(settings))


def found_live(
    stack: ExitStack, settings: Settings, session: str | None
) -> tuple[Path, Engine | None]:
    """Return a session's directory and the store; without a name, that of the live one.

    Raises:
        JumpseatError: No session is live, or none is called so, or the store cannot be opened.

    """
    engine = stack.enter_context(opened_store(settings))
    if session is not None:
        return find_session(settings.home, session), engine
    live = [row for row in list_sessions(engine, settings.home) if row.state == "live"]
    if not live:
        raise SessionNotFoundError(
            "no session is live", "`jumpseat serve` starts one, `jumpseat` lists the others"
        )
    return live[0].directory, engine
