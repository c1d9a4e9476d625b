"""Takes into the trace what waits for it, each once, with the time at which it was done.

Whoever opens the trace to write or to read it does so first, so that nothing is missing there.
"""

from __future__ import annotations

import contextlib
from datetime import datetime

from sqlalchemy import Engine

from recorder.errors import TraceError
from recorder.home import Home
from recorder.trace.entries import Doing
from recorder.trace.keeping import append, holds, writing
from recorder.trace.waiting import read_waiting, waiting


def take_in(home: Home, engine: Engine) -> int:
    """Append what waits to the trace, each once, whoever else does so; return how many it were.

    Raises:
        StoreError: The store cannot be written.
        TraceError: A file cannot be read; the others are in.

    """
    taken, unread = 0, []
    for path in waiting(home):
        try:
            read = read_waiting(path)
        except FileNotFoundError:
            continue
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            unread.append(path)
            continue
        taken += _take(engine, *read)
        # One that stays is known again the next time.
        with contextlib.suppress(OSError):
            path.unlink()
    if unread:
        raise TraceError(
            f"{unread[0]} waits for the trace and cannot be read", "look at it, then remove it"
        )
    return taken


def _take(engine: Engine, doing: Doing, said: datetime) -> bool:
    with writing(engine) as connection:
        # Whoever took it in before may have been killed before the file was gone.
        if holds(connection, doing, said):
            return False
        append(connection, doing, now=said)
        return True
