"""Loopback ports: finding a free one, and telling when somebody answers on it."""

from __future__ import annotations

import os
import random
import socket
from collections import deque
from contextlib import suppress
from pathlib import Path

from tests.end_to_end.support.waiting import wait_for

LOOPBACK = "127.0.0.1"


_SPAN = (20_000, 32_000)
"""Ports below those that Linux gives out of itself by default."""

_CHANCE = random.SystemRandom()
_KEPT = 200

_taken: deque[int] = deque()
"""A socket for each of the last ports, whose name no other test process can take meanwhile."""


def free_port() -> int:
    """Return a port of the loopback address on which nobody listens, and nobody will unasked.

    It is none that the kernel gives to whoever wants any port, nor to connections that go out: it
    is still free when the program that it is for listens on it, however much later that is.
    """
    for _ in range(10_000):
        port = _CHANCE.randrange(*_span())
        with suppress(OSError), socket.socket(socket.AF_UNIX) as name, socket.socket() as probe:
            # Other test processes look for ports at the same time.
            name.bind(f"\0jumpseat-test-port-{port}")
            probe.bind((LOOPBACK, port))
            _taken.append(name.detach())
            if len(_taken) > _KEPT:
                os.close(_taken.popleft())
            return port
    raise AssertionError("no port is free")


def _span() -> tuple[int, int]:
    """Return between which ports the kernel gives none out of itself (ip(7))."""
    words = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()
    first, last = int(words[0]), int(words[1])
    below, above = (_SPAN[0], min(_SPAN[1], first)), (last + 1, 65_536)
    return max(below, above, key=lambda span: span[1] - span[0])


def ssh_banner(address: str, port: int) -> str | None:
    """Return the first line of an SSH server, None where nobody answers."""
    try:
        with socket.create_connection((address, port), timeout=10) as connection:
            line = connection.recv(256).decode("ascii", "replace").strip()
    except OSError:
        return None
    return line if line.startswith("SSH-") else None


def await_ssh(address: str, port: int, *, timeout: float = 40.0) -> str:
    """Return the banner of an SSH server that is starting."""
    return wait_for(
        lambda: ssh_banner(address, port), f"SSH server on {address}:{port}", timeout=timeout
    )
