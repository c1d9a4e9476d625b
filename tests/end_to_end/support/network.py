"""Loopback ports: finding a free one, and telling when somebody answers on it."""

from __future__ import annotations

import socket

from tests.end_to_end.support.waiting import wait_for

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def ssh_banner(address: str, port: int) -> str | None:
    """Return the first line of an SSH server, None where nobody answers."""
    try:
        with socket.create_connection((address, port), timeout=2) as connection:
            line = connection.recv(256).decode("ascii", "replace").strip()
    except OSError:
        return None
    return line if line.startswith("SSH-") else None


def await_ssh(address: str, port: int, *, timeout: float = 20.0) -> str:
    """Return the banner of an SSH server that is starting."""
    return wait_for(
        lambda: ssh_banner(address, port), f"SSH server on {address}:{port}", timeout=timeout
    )
