"""A session's first lists, read ahead by a child process while this one makes its first picture.

What reads the store takes as long to import as the whole screen does, and one interpreter imports
one thing at a time: a thread would make the screen wait, a second processor does not. It is a
convenience and nothing rests on it. A child that finds nothing sure, fails or is slow leaves it to
the feed, which reads the store anyway and is the one that says what is wrong with it; so a child
never analyses, never changes a store, and says nothing.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from select import select
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tui.seat.feed import Findings

_PATIENCE = 3.0
"""Seconds after its start that a child is waited for: a store that is locked is the feed's."""

_FORKS = sys.platform == "linux"
"""Elsewhere a process that goes on after a fork may meet libraries that cannot."""

_CHUNK = 1 << 20


class Ahead:
    """What a child reads of a session; `begin` starts one, `take` has what it read."""

    def __init__(self, child: int, pipe: int) -> None:
        self._child = child
        self._pipe = pipe
        self._until = time.monotonic() + _PATIENCE
        self._taking = threading.Lock()
        self._ending = threading.Lock()

    @classmethod
    def begin(cls, find: Callable[[], tuple[Path, Engine]]) -> Ahead | None:
        """Have a child read what is stored of a session.

        Args:
            find: Returns the session's directory and its store; called in the child. Whatever it
                raises there, somebody else will have to say.

        Returns:
            What the child will have read; None where this process had better not be forked.

        """
        if not _FORKS or threading.active_count() > 1:
            return None
        reading, writing = os.pipe()
        try:
            child = os.fork()
        except OSError:
            os.close(reading)
            os.close(writing)
            return None
        if not child:
            _be_the_child(find, writing)
        os.close(writing)
        return cls(child, reading)

    def take(self, directory: Path, session: str) -> Findings | None:
        """Wait for the child and return what it read, once; None where that is not sure.

        Args:
            directory: Of the session that is shown; another one's lists are not taken.
            session: Its id.

        """
        with self._taking:
            found = self._received()
            is_whole = self._end(kill=found is None) == 0
            self._close_pipe()
        if not found or not is_whole:
            return None
        # It comes from this very program, by a pipe that nobody else holds.
        of, findings = pickle.loads(found)  # noqa: S301
        return findings if of == (directory, session) else None

    def close(self) -> None:
        """End the child, whatever it does; whoever waits for it waits no longer."""
        self._end(kill=True)
        with self._taking:
            self._close_pipe()

    def _received(self) -> bytes | None:
        """Return all that the child wrote; None where it did not end in time."""
        parts = []
        while self._pipe >= 0:
            if not select([self._pipe], [], [], max(self._until - time.monotonic(), 0.0))[0]:
                return None
            part = os.read(self._pipe, _CHUNK)
            if not part:
                break
            parts.append(part)
        return b"".join(parts)

    def _end(self, *, kill: bool) -> int:
        """Wait for the child's end and return its status; not 0 where it was waited for before."""
        with self._ending:
            if not self._child:
                return 1
            if kill:
                os.kill(self._child, signal.SIGKILL)
            _, status = os.waitpid(self._child, 0)
            self._child = 0
            return status

    def _close_pipe(self) -> None:
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1


def _be_the_child(find: Callable[[], tuple[Path, Engine]], writing: int) -> NoReturn:
    """Read, write, and be gone: nothing of the parent's is flushed, closed or printed here."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nowhere, stream)
        directory, engine = find()
        from tui.seat.recorded_findings import stored_findings  # noqa: PLC0415 - what takes long

        # Of a session in the store: its directory is called as it is.
        of = (directory, directory.name)
        found = stored_findings(*of, engine)
        if found is not None:
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump((of, found), pipe, protocol=pickle.HIGHEST_PROTOCOL)
        status = 0
    finally:
        os._exit(status)
