"""`serve`'s note in the trace of who may take a seat: at its start, and whenever the file changes.

Who changed the file nobody can tell; what was changed, and by when, can be. Must never import
Textual: `serve` uses it.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from recorder.errors import InterviewersError, JumpseatError
from recorder.seats.interviewers import read_interviewers
from recorder.trace.actions import Action
from recorder.trace.entries import cut_detail
from recorder.trace.keeping import add, last_of
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.person import actor

_log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""Between two looks at the file."""

UNREADABLE = "the file cannot be used: nobody new is let in"


def note_interviewers(settings: Settings, file: Path) -> bool:
    """Note who is listed, if that is not what was noted last; return whether it was noted.

    Raises:
        JumpseatError: It cannot be noted.

    """
    try:
        words = read_interviewers(file).words()
    except InterviewersError:
        words = UNREADABLE
    with opened_store(settings) as engine:
        last = last_of(engine, (Action.INTERVIEWERS_CHANGED,))
        if last is not None and last.detail == cut_detail(words):
            return False
        add(engine, actor("serve").doing(Action.INTERVIEWERS_CHANGED, None, words))
    return True


async def keep_noting_interviewers(settings: Settings, file: Path) -> None:
    """Note who is listed, now and whenever the file has changed, until cancelled."""
    noted: tuple[int, ...] | None = None
    warned = False
    while True:
        stamp = _stamp(file)
        if stamp != noted:
            try:
                await asyncio.to_thread(note_interviewers, settings, file)
            except JumpseatError as error:
                if not warned:
                    _log.warning("the trace does not tell yet who may take a seat: %s", error)
                warned = True
            else:
                noted, warned = stamp, False
        await asyncio.sleep(LOOK_SECONDS)


def _stamp(file: Path) -> tuple[int, ...]:
    """Return what changes with the file; one that is not there has a stamp of its own."""
    try:
        status = file.stat()
    except OSError:
        return ()
    return (status.st_dev, status.st_ino, status.st_size, status.st_mode, status.st_mtime_ns)
