"""The replay, the live view and the list of sessions: the only door for the command line.

Importing this is cheap: Textual and the analyzer are loaded by the functions. No widget, no key and
no colour belongs here.

For callers::

    run_replay(home.recording(session), engine)                           # replay, from the start
    run_replay(home.recording(session), engine, live=True)                # follow, at the live end
    run_replay(directory, engine, live=True, until_closed=True)           # the demo
    run_sessions(list_rows, open_session)                                 # `jumpseat` alone

Both take over the terminal and return when the person leaves. Both need a terminal on standard
input and output: the caller checks ``isatty``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

    Store = Engine | Callable[[], Engine] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSummary:
    """One row of the list of sessions.

    ``started`` is aware of its zone and shown in local time, ``duration`` is in seconds (None where
    it is not known), ``state`` is the store's word for it, ``live`` whether it can be followed now.
    """

    id: str
    state: str
    live: bool
    candidate: str | None
    target: str
    started: datetime
    duration: float | None
    tags: int


def run_replay(
    directory: Path,
    engine: Engine | None,
    *,
    live: bool = False,
    sidebar: bool = False,
    until_closed: bool = False,
    greeting: str = "",
) -> None:
    """Show one session until the person leaves.

    Args:
        directory: The session's recording, finished or growing.
        engine: The store, for its tags and commands; a finished session that was not analysed yet
            is analysed while its screen can already be watched. None for a recording that is in no
            store: it is analysed in memory.
        live: Begin at the live end instead of the session's start. A session that has ended
            meanwhile shows its end.
        sidebar: Show no screen but what else an interviewer needs, in a narrow pane.
        until_closed: Leave by itself a few seconds after the live session has closed.
        greeting: Said for some seconds at the beginning.

    Raises:
        JumpseatError: The recording cannot be read.

    """
    run_found(
        lambda: (directory, engine),
        live=live,
        sidebar=sidebar,
        until_closed=until_closed,
        greeting=greeting,
    )


def run_found(
    find: Callable[[], tuple[Path, Store]],
    *,
    live: bool = False,
    sidebar: bool = False,
    until_closed: bool = False,
    greeting: str = "",
) -> None:
    """Show one session as `run_replay` does, found while the first picture stands already.

    Args:
        find: Returns the directory and the store, or how to open it; called once, in a thread.
        live: As for `run_replay`.
        sidebar: Likewise.
        until_closed: Likewise.
        greeting: Likewise.

    Raises:
        JumpseatError: The recording cannot be read, or whatever ``find`` raised.

    """
    from tui.seat.app import ReplayApp  # noqa: PLC0415 - Textual loads only when it is shown
    from tui.seat.feed import Feed, Opening  # noqa: PLC0415

    def make() -> Feed:
        from tui.seat.recording_feed import RecordingFeed  # noqa: PLC0415 - half a second

        return RecordingFeed(*find())

    app = ReplayApp(
        Opening(make), live=live, sidebar=sidebar, until_closed=until_closed, greeting=greeting
    )
    app.run()
    if app.failure is not None:
        raise app.failure


def run_sessions(
    list_rows: Callable[[], Sequence[SessionSummary]],
    open_session: Callable[[SessionSummary], None],
) -> None:
    """Show the list of sessions, open those that are chosen, return when the person leaves.

    Args:
        list_rows: Called once a second in a thread, so that live sessions are seen to come and go.
            The order does not matter: live ones are shown first, then the youngest.
        open_session: Called with the chosen row while the list is off the terminal; usually
            ``lambda row: run_replay(home.recording(row.id), engine, live=row.live)``. When it
            returns, the list is shown again.

    Raises:
        JumpseatError: Whatever ``list_rows`` or ``open_session`` raised.

    """
    from tui.seat.sessions import SessionsApp  # noqa: PLC0415 - Textual loads only when shown

    selected: str | None = None
    while True:
        app = SessionsApp(list_rows, selected=selected)
        chosen = app.run()
        if app.failure is not None:
            raise app.failure
        if chosen is None:
            return
        selected = chosen.id
        open_session(chosen)
