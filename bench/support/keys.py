"""People who type: one key at a time, each timed until its echo is back.

The far end is a terminal whose kernel echoes, so that no shell's work is measured.
"""

from __future__ import annotations

import heapq
import os
import random
import select
import selectors
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Self

from bench.support.ways import Way, handle

PATIENCE = 60.0
"""Seconds after which a login, or an echo, is taken for lost."""

_READY = b"ready-to-type"
# The word itself must not be found in what a shell says of its command.
_FAR_END = "stty -echoctl; printf 'ready-%s' to-type; exec cat >/dev/null"
_FLOOD = "printf go; exec yes 'a line of output, as long as those of a log often are'"
_LINE = 60
_KEYS = b"abcdefghijklmnopqrstuvwxyz"


class LostError(Exception):
    """A client ended, or said nothing for too long."""


class Typist:
    """One ssh on a terminal; ``waiting_since`` is when the key was sent whose echo is missing."""

    def __init__(self, way: Way) -> None:
        self._client = way.start(_FAR_END, "-tt")
        self._in = handle(self._client.stdin)
        self.out = handle(self._client.stdout)
        self._count = 0
        self._expected = b""
        self._seen = b""
        self.waiting_since: float | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        with _ended(self._client):
            pass

    def await_ready(self) -> None:
        """Return once the far end reads keys."""
        self._expected = _READY
        self._await()

    def press(self) -> None:
        """Send the next key; each line of them ends before the terminal's buffer is full."""
        self._count += 1
        if self._count % _LINE == 0:
            key, self._expected = b"\r", b"\r\n"
        else:
            key = self._expected = _KEYS[self._count % len(_KEYS) :][:1]
        self._seen = b""
        self.waiting_since = time.perf_counter()
        os.write(self._in, key)

    def read(self) -> float | None:
        """Take what has come; return the seconds since the key once its echo is complete."""
        data = os.read(self.out, 65536)
        now = time.perf_counter()
        if not data:
            raise LostError("an ssh that was typing has ended")
        self._seen += data
        if self._expected not in self._seen or self.waiting_since is None:
            return None
        took, self.waiting_since = now - self.waiting_since, None
        return took

    def stroke(self) -> float:
        """Press a key and return the seconds until its echo."""
        self.press()
        return self._await()

    def _await(self) -> float:
        self.waiting_since = self.waiting_since or time.perf_counter()
        while select.select([self.out], [], [], PATIENCE)[0]:
            took = self.read()
            if took is not None:
                return took
        raise LostError(f"nothing came back for {PATIENCE:g} s, but {self._seen!r}")


def strokes(typist: Typist, count: int, seconds: float) -> list[float]:
    """Type keys with pauses of 5 to 15 ms, and return the seconds that each echo took.

    Echoes may be so late that there are fewer keys in ``seconds`` than wanted.
    """
    took: list[float] = []
    end = time.perf_counter() + seconds
    while len(took) < count and time.perf_counter() < end:
        time.sleep(random.uniform(0.005, 0.015))
        took.append(typist.stroke())
    return took


@contextmanager
def floods(way: Way, count: int, *, own: bool = False) -> Iterator[None]:
    """Let terminals be written to, as fast as they are read, while the block runs.

    Args:
        way: The way that they go.
        count: How many.
        own: Whether they are of the same session as who types, not each of another one.

    """
    others = way.clients[:1] if own else way.clients[1:] or way.clients
    with ExitStack() as stack:
        for number in range(count):
            candidate = others[number % len(others)]
            client = stack.enter_context(_ended(way.start(_FLOOD, "-tt", client=candidate)))
            out = handle(client.stdout)
            while b"go" not in (said := os.read(out, 4096)):
                if not said:
                    raise LostError("an ssh that was to flood has ended")
            # From here on a process of its own reads: the bench must not take part in the load.
            reader = subprocess.Popen(["cat"], stdin=out, stdout=subprocess.DEVNULL)
            stack.enter_context(_ended(reader))
        yield


@contextmanager
def _ended(client: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    try:
        yield client
    finally:
        client.kill()
        client.wait()
        for stream in (client.stdin, client.stdout):
            if stream is not None:
                stream.close()


class Crowd:
    """A growing number of people who type at once, five keys a second each."""

    _PAUSE = 0.2
    _LOGINS = 8

    def __init__(self, way: Way, stack: ExitStack) -> None:
        self._way = way
        self._stack = stack
        self.typists: list[Typist] = []

    def grow(self, count: int) -> None:
        """Log in until there are so many."""
        while len(self.typists) < count:
            fresh = [Typist(self._way) for _ in range(min(self._LOGINS, count - len(self.typists)))]
            for typist in fresh:
                self._stack.enter_context(typist)
            for typist in fresh:
                typist.await_ready()
            self.typists += fresh

    def type(self, seconds: float) -> list[float]:
        """Let all type for so long, and return the seconds that each echo took."""
        took: list[float] = []
        now = time.perf_counter()
        end = now + seconds
        due = [(now + random.uniform(0, self._PAUSE), i) for i in range(len(self.typists))]
        heapq.heapify(due)
        with selectors.DefaultSelector() as selector:
            for i, typist in enumerate(self.typists):
                selector.register(typist.out, selectors.EVENT_READ, i)
            # Who would press only after the end presses no more, and then nobody may be waiting.
            while self._press(due, end) or any(typist.waiting_since for typist in self.typists):
                ready = selector.select(self._until(due))
                if not ready and not due:
                    raise LostError("the echoes of a crowd have stopped")
                for index in self._read([key.data for key, _ in ready], took):
                    pause = random.uniform(0.5, 1.5) * self._PAUSE
                    heapq.heappush(due, (time.perf_counter() + pause, index))
        return took

    def _press(self, due: list[tuple[float, int]], end: float) -> bool:
        """Press the keys whose time has come; return whether more are to come."""
        while due and (due[0][0] <= time.perf_counter() or due[0][0] > end):
            when, index = heapq.heappop(due)
            if when <= end:
                self.typists[index].press()
        return bool(due)

    @staticmethod
    def _until(due: list[tuple[float, int]]) -> float:
        return max(0.0, due[0][0] - time.perf_counter()) if due else PATIENCE

    def _read(self, ready: Sequence[int], took: list[float]) -> Iterator[int]:
        for index in ready:
            seconds = self.typists[index].read()
            if seconds is not None:
                took.append(seconds)
                yield index
