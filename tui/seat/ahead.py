"""A child process that reads ahead what a seat will need, while this one imports its screen.

What reads a session and its store takes as long to import as the whole screen does, and one
interpreter imports one thing at a time: a thread would make the screen wait, a second processor
does not. It is a convenience and nothing rests on it: a child that fails, is slow or is killed has
nothing to say, and says nothing. What is read is no matter of this file, see `tui.seat.read_ahead`.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from select import select
from typing import Any, NoReturn

_FORKS = sys.platform == "linux"
"""Elsewhere a process that goes on after a fork may meet libraries that cannot."""

_UNASKED = 3.0
"""Seconds that a child waits to be asked; not everything that is shown is asked for."""

_CHUNK = 1 << 20
_LENGTH = struct.Struct("<Q")


class Ahead:
    """A child that reads ahead: `begin` starts it, `ask` says what is wanted, `take` has it."""

    def __init__(self, child: int, pipe: int, asking: int) -> None:
        self._child = child
        self._pipe = pipe
        self._asking = asking
        self._began = time.monotonic()
        self._received = bytearray()
        self._taking = threading.Lock()
        self._ending = threading.Lock()

    @classmethod
    def begin(
        cls,
        parts: Callable[[object], Iterable[object]],
        *,
        prepare: Callable[[], None] = lambda: None,
    ) -> Ahead | None:
        """Start a child.

        Args:
            parts: Called in the child with what it is asked; yields what it reads, which can be
                pickled. Whatever it raises there, somebody else will have to say.
            prepare: Called in the child before it is asked.

        Returns:
            The child; None where this process had better not be forked, or where both would have
            to share one processor.

        """
        if not _can_fork():
            return None
        ends: list[int] = []
        try:
            ends += os.pipe()
            ends += os.pipe()
            child = os.fork()
        except OSError:
            for end in ends:
                os.close(end)
            return None
        heard, asking, reading, writing = ends
        if not child:
            os.close(asking)
            os.close(reading)
            _be_the_child(parts, prepare, heard, writing)
        os.close(heard)
        os.close(writing)
        return cls(child, reading, asking)

    def ask(self, wanted: object) -> None:
        """Tell the child what is wanted, once; it must be small, and such that can be pickled."""
        with suppress(BrokenPipeError), os.fdopen(self._asking, "wb") as pipe:
            self._asking = -1
            pickle.dump(wanted, pipe)

    def take(self, patience: float) -> Any:
        """Wait for the next part and return it; None where there is none, now or ever after.

        Args:
            patience: Seconds after the child's start that are waited at most.

        """
        with self._taking:
            found = self._next(self._began + patience)
            if found is None:
                self._end()
                self._close_pipe()
                return None
            # It comes from this very program, by a pipe that nobody else holds.
            return pickle.loads(found)  # noqa: S301

    def close(self) -> None:
        """End the child, whatever it does; whoever waits for it waits no longer."""
        self._end()
        with self._taking:
            self._close_pipe()

    def _next(self, until: float) -> bytes | None:
        """Return the next part as it was written; None where it is not there in time, or whole."""
        while (part := self._whole_part()) is None:
            rest = max(until - time.monotonic(), 0.0)
            if self._pipe < 0 or not select([self._pipe], [], [], rest)[0]:
                return None
            read = os.read(self._pipe, _CHUNK)
            if not read:
                return None
            self._received += read
        return part

    def _whole_part(self) -> bytes | None:
        received, head = self._received, _LENGTH.size
        if len(received) < head:
            return None
        (length,) = _LENGTH.unpack_from(received)
        if len(received) < head + length:
            return None
        part = bytes(received[head : head + length])
        del received[: head + length]
        return part

    def _end(self) -> None:
        with self._ending:
            # It is this process's until it was waited for here, so its number is nobody else's.
            child, self._child = self._child, 0
            if child:
                with suppress(ProcessLookupError, ChildProcessError):
                    os.kill(child, signal.SIGKILL)
                    os.waitpid(child, 0)

    def _close_pipe(self) -> None:
        for end in (self._pipe, self._asking):
            if end >= 0:
                os.close(end)
        self._pipe = self._asking = -1


def _can_fork() -> bool:
    # Children of a process that ignores their end are gone at once, and their number another's.
    return (
        _FORKS
        and threading.active_count() == 1
        and signal.getsignal(signal.SIGCHLD) != signal.SIG_IGN
        and len(os.sched_getaffinity(0)) > 1
    )


def _be_the_child(
    parts: Callable[[object], Iterable[object]],
    prepare: Callable[[], None],
    asked: int,
    writing: int,
) -> NoReturn:
    """Read, write, and be gone: nothing of the parent's is flushed, closed or printed here."""
    status = 1
    try:
        # It is gone in a second: collecting would only be in the way.
        gc.disable()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nowhere, stream)
        prepare()
        if not select([asked], [], [], _UNASKED)[0]:
            raise TimeoutError
        with os.fdopen(asked, "rb") as pipe:
            wanted = pickle.load(pipe)  # noqa: S301 - from this very program, by a pipe of its own
        with os.fdopen(writing, "wb") as pipe:
            for part in parts(wanted):
                packed = pickle.dumps(part, protocol=pickle.HIGHEST_PROTOCOL)
                pipe.write(_LENGTH.pack(len(packed)) + packed)
                pipe.flush()
        status = 0
    finally:
        os._exit(status)
