"""A TCP proxy that damages one of the two streams at one place: cut, flipped, lost, doubled, noise.

What comes after the damage is still passed on for a moment, then both ends are closed: a peer that
waits for bytes that were lost would wait for its login grace time. Nothing of SSH is known here.
"""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from tests.end_to_end.support.dice import Dice
from tests.end_to_end.support.network import LOOPBACK

_AFTERWARDS = 0.4
"""Seconds that a connection lives on after the damage."""

_LOOK = 0.05

Damage = Literal["cut", "half", "flip", "lose", "double", "noise"]
_DAMAGES: tuple[Damage, ...] = ("cut", "half", "flip", "lose", "double", "noise")
_PLACES = (60, 1_600, 3_500, 12_000)
"""Bytes: the version line, the key exchange, the login, what is said then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which stream is damaged, how, and after how many bytes of it."""

    to_server: bool
    damage: Damage
    place: int
    noise: bytes

    @classmethod
    def by(cls, dice: Dice) -> Plan:
        """Return one by chance."""
        return cls(
            to_server=dice.chance(0.5),
            damage=dice.random.choice(_DAMAGES),
            place=dice.random.randrange(dice.random.choice(_PLACES)),
            noise=dice.random.randbytes(dice.random.randrange(1, 60)),
        )


class _Stream:
    """One direction: passes on, and damages where the plan says so."""

    def __init__(self, source: socket.socket, sink: socket.socket, plan: Plan | None) -> None:
        self.source, self._sink, self._plan = source, sink, plan
        self._passed = 0
        self.damaged = False

    def pump(self) -> bool:
        """Pass one block on; False where the connection is over."""
        block = self.source.recv(65536)
        if not block:
            self._sink.shutdown(socket.SHUT_WR)
            return False
        plan, place = self._plan, 0
        if plan is not None and not self.damaged and self._passed + len(block) > plan.place:
            place = plan.place - self._passed
            self.damaged = True
            block = self._damage(plan, block, place)
        self._passed += len(block)
        self._sink.sendall(block)
        if self.damaged and plan is not None and plan.damage == "half":
            self._sink.shutdown(socket.SHUT_WR)
        return not (self.damaged and plan is not None and plan.damage in {"cut", "half"})

    @staticmethod
    def _damage(plan: Plan, block: bytes, place: int) -> bytes:
        before, after = block[:place], block[place:]
        match plan.damage:
            case "cut" | "half":
                return before
            case "flip":
                return before + bytes([after[0] ^ (plan.noise[0] or 1)]) + after[1:]
            case "lose":
                return before + after[len(plan.noise) :]
            case "double":
                return before + after[: len(plan.noise)] + after
            case "noise":
                return before + plan.noise + after


class Mangler:
    """The proxy; `plan` is for the next connection and those after it, None passes all on."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server((LOOPBACK, 0))
        self._listener.settimeout(_LOOK)
        self._ending = threading.Event()
        self._serving: list[threading.Thread] = []
        self.port = int(self._listener.getsockname()[1])
        self.plan: Plan | None = None

    def run(self) -> None:
        """Accept until `close`."""
        while not self._ending.is_set():
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=self._serve, args=(client, self.plan))
            thread.start()
            self._serving.append(thread)
        for thread in self._serving:
            thread.join()

    def close(self) -> None:
        """Let `run` return."""
        self._ending.set()

    def release(self) -> None:
        """Close the listening socket."""
        self._listener.close()

    def _serve(self, client: socket.socket, plan: Plan | None) -> None:
        try:
            with client, socket.create_connection((LOOPBACK, self._target)) as server:
                self._pass(client, server, plan)
        except OSError:
            return  # an end has gone: that is what this is for

    def _pass(self, client: socket.socket, server: socket.socket, plan: Plan | None) -> None:
        up = _Stream(client, server, plan if plan and plan.to_server else None)
        down = _Stream(server, client, plan if plan and not plan.to_server else None)
        open_streams = {up, down}
        deadline: float | None = None
        with selectors.DefaultSelector() as selector:
            for stream in (up, down):
                selector.register(stream.source, selectors.EVENT_READ, stream)
            while open_streams and not self._ending.is_set():
                for key, _ in selector.select(_LOOK):
                    stream = key.data
                    if not stream.pump():
                        selector.unregister(stream.source)
                        open_streams.discard(stream)
                        deadline = deadline or time.monotonic() + 10 * _AFTERWARDS
                if up.damaged or down.damaged:
                    deadline = min(deadline or 1e12, time.monotonic() + _AFTERWARDS)
                if deadline is not None and time.monotonic() > deadline:
                    return


@contextmanager
def mangler(port: int) -> Iterator[Mangler]:
    """Run such a proxy before a loopback port until the block ends."""
    proxy = Mangler(port)
    thread = threading.Thread(target=proxy.run)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join()
        proxy.release()
