"""Notes in the trace what a person does here, a line a place: before it is done, or beside it.

What hands out or deletes is refused where it cannot be noted (`must_trace`). What only looks goes
on, with a warning (`trace_look`): nobody's interview ends because a disk is full. Cheap to import.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from recorder.errors import JumpseatError, TraceError
from recorder.home import Home
from recorder.trace.actions import Action, Door
from recorder.trace.waiting import put
from tui.person import doing

_log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from recorder.store.noted import Note


def must_trace(
    home: Home,
    engine: Engine,
    action: Action,
    about: str | None = None,
    detail: str = "",
    *,
    here: Door | None = None,
) -> None:
    """Note what is about to be done.

    Args:
        home: Where entries may wait that come before this one.
        engine: The store.
        action: What it is.
        about: The session's id, if it is about one.
        detail: Numbers, formats, kinds; never content, never a candidate's name.
        here: Their door, unless they came over SSH; by default this process's.

    Raises:
        TraceError: It cannot be noted, and must not be done.

    """
    from recorder.trace.keeping import add, trace_errors  # noqa: PLC0415 - loads the store
    from recorder.trace.taking import take_in  # noqa: PLC0415

    with trace_errors():
        take_in(home, engine)
    add(engine, doing(action, about, detail, here=here))
    remember_trace(home, engine)


def trace_look(
    home: Home,
    engine: Engine | None,
    action: Action,
    about: str | None = None,
    detail: str = "",
    *,
    here: Door | None = None,
    warn: Callable[[str], object],
) -> None:
    """Note that somebody looks; where the store cannot take it, it waits beside the store.

    Args:
        home: As for `must_trace`, and likewise the following.
        engine: The store; None where it is not open, and then the entry waits.
        action: Likewise.
        about: Likewise.
        detail: Likewise.
        here: Likewise.
        warn: Told in words what could not be noted, or not yet.

    """
    try:
        put(home, doing(action, about, detail, here=here))
    except TraceError as error:
        warn(f"not in the trace: {error.cause}")
        return
    if engine is not None:
        take_waiting(home, engine, warn)


def take_waiting(home: Home, engine: Engine, warn: Callable[[str], object]) -> None:
    """Let the trace take in what waits; what it cannot take goes on waiting."""
    from recorder.trace.taking import take_in  # noqa: PLC0415 - loads the store's library

    try:
        take_in(home, engine)
    except JumpseatError as error:
        warn(f"not in the trace yet, and taken in later: {error.cause}")
    remember_trace(home, engine)


def remember_trace(home: Home, engine: Engine) -> None:
    """Let the home remember the trace's head; that it cannot, or finds another trace, is logged.

    Nothing waits for it: `jumpseat trace verify` tells whoever wants to know.
    """
    from recorder.trace.remembering import remember  # noqa: PLC0415 - loads the store's library

    try:
        lost = remember(home, engine)
    except JumpseatError as error:
        _log.info("%s", error)
        return
    if lost is not None:
        _log.warning("entry %d of the trace is not the one that it was", lost.head.number)


def noted_words(note: Note) -> str:
    """Return a note as the trace tells of it: its kind and number, never its words."""
    if note.withdrawn:
        return f"{note.kind} {note.replaces} taken back"
    return f"{note.kind} {note.number}"
