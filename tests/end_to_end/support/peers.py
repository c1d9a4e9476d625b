"""Servers to forward to: small, on loopback or on a socket in the file system, one a test."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recorder.hop.peer import loopback_peer_uid
from tests.end_to_end.support.network import LOOPBACK
from tests.end_to_end.support.waiting import wait_for

GREETING = b"220 speaks first\r\n"


class _Threaded(socketserver.ThreadingMixIn):
    daemon_threads = True
    block_on_close = False
    # With socketserver's 5 the kernel resets some of many connections at once (by SYN cookies).
    request_queue_size = 128


class _Tcp(_Threaded, socketserver.TCPServer):
    allow_reuse_address = True


class _Unix(_Threaded, socketserver.UnixStreamServer):
    pass


class Peer:
    """A server that greets, then sends back in capitals what it reads until the end of it.

    Attributes:
        uids: Who connected, as the kernel says; None where it was not over loopback's TCP.

    """

    def __init__(self, path: Path | None = None) -> None:
        self.uids: list[int | None] = []
        peer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                peer._serve(self.request)

        self._server = _Unix(str(path), Handler) if path else _Tcp((LOOPBACK, 0), Handler)
        self.port = 0 if path else int(self._server.server_address[1])

    def _serve(self, connection: socket.socket) -> None:
        if self.port:
            ends = connection.getsockname()[:2], connection.getpeername()[:2]
            self.uids.append(loopback_peer_uid(*ends))
        else:
            self.uids.append(None)
        try:
            connection.sendall(GREETING)
            while block := connection.recv(65536):
                connection.sendall(block.upper())
        except OSError:
            return

    def run(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def peer(path: Path | None = None) -> Iterator[Peer]:
    """Run such a server until the block ends."""
    server = Peer(path)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()


def talk(connection: socket.socket, words: bytes) -> bytes:
    """Say something, end that direction, and return all that came until the other end."""
    connection.settimeout(30)
    connection.sendall(words)
    connection.shutdown(socket.SHUT_WR)
    found = b""
    while block := connection.recv(65536):
        found += block
    return found


def dial(address: int | Path, *, timeout: float = 40.0) -> socket.socket:
    """Connect to a loopback port or to a socket's path as soon as somebody listens there."""

    def attempt() -> socket.socket | None:
        kind = socket.AF_UNIX if isinstance(address, Path) else socket.AF_INET
        connection = socket.socket(kind)
        try:
            connection.connect(str(address) if isinstance(address, Path) else (LOOPBACK, address))
        except OSError:
            connection.close()
            return None
        return connection

    return wait_for(attempt, f"listener on {address}", timeout=timeout)
