"""The address that candidates knock at, and the connections behind it.

It binds, admits, numbers and closes; each connection is `recorder.hop.connection`'s own affair.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncssh

from recorder.errors import ListenError
from recorder.hop.connection import CandidateConnection
from recorder.hop.hostkeys import PinnedKeys
from recorder.hop.keylogin import KeyLogin, RememberedPasswords
from recorder.hop.login import UpstreamLogin
from recorder.hop.target import Contact, Target, format_address
from recorder.recording.writer import RecordingWriter

_log = logging.getLogger(__name__)

LOGIN_GRACE_SECONDS = 120
"""As OpenSSH's LoginGraceTime."""

CLOSE_SECONDS = 8.0
_BACKLOG = 128


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to the address, not listening yet.

    Raises:
        ListenError: It is taken, not ours, or not an address.

    """
    shown = format_address(host, port)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        sock = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ListenError(
            f"cannot listen on {shown} ({error.strerror})", "check the address given with --listen"
        ) from error
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(_BACKLOG)
    except OSError as error:
        sock.close()
        hint = "choose another with --listen ADDR:PORT; port 0 takes any that is free"
        if error.errno == errno.EADDRNOTAVAIL:
            hint = "it is not an address of this machine; choose one that is with --listen"
        elif error.errno == errno.EACCES:
            hint = "ports below 1024 need more rights; choose another with --listen"
        raise ListenError(f"cannot listen on {shown} ({error.strerror})", hint) from error
    return sock


class Hop:
    """The hop of one session, from `start` to `close`."""

    def __init__(
        self,
        *,
        target: Target,
        contact: Contact,
        pinned: PinnedKeys,
        writer: RecordingWriter,
        host_key: asyncssh.SSHKey,
        admit: Callable[[tuple[str, int], tuple[str, int]], bool],
        management: Path | None = None,
    ) -> None:
        self._target = target
        self._pinned = pinned
        self._pinned_key = contact.key
        self._management = management
        self.passwords = RememberedPasswords()
        self.writer = writer
        self._version = contact.version
        self._host_key = host_key
        self._admit = admit
        self._count = 0
        self._connections: set[CandidateConnection] = set()
        self._acceptor: asyncssh.SSHAcceptor | None = None

    def next_connection(self) -> int:
        """Return the number of a new connection, from 1."""
        self._count += 1
        return self._count

    def admits(self, local: tuple[str, int], peer: tuple[str, int]) -> bool:
        """Tell whether whoever is at ``peer`` may knock at all."""
        return self._admit(local, peer)

    def joined(self, connection: CandidateConnection) -> None:
        """Take note of a connection."""
        self._connections.add(connection)

    def left(self, connection: CandidateConnection) -> None:
        """Forget a connection that has ended on both sides."""
        self._connections.discard(connection)

    # What the logins of the session share.

    def connect(self, user: bytes) -> UpstreamLogin:
        """Return a connection to the target, not begun."""
        return UpstreamLogin(self._target, self._pinned, self._pinned_key, user)

    def key_login(self) -> KeyLogin:
        """Return the ways in after a key."""
        return KeyLogin(
            self.passwords,
            self._management,
            lambda user: next((each for each in self._open_logins() if each.user == user), None),
        )

    def any_login(self) -> UpstreamLogin | None:
        """Return any connection to the target on which somebody is logged in."""
        return next(self._open_logins(), None)

    def _open_logins(self) -> Iterator[UpstreamLogin]:
        for connection in self._connections:
            login = connection.login
            if login is not None and login.is_usable:
                yield login

    async def start(self, sock: socket.socket) -> None:
        """Accept candidates on a bound socket."""
        self._acceptor = await asyncssh.listen(
            sock=sock,
            config=None,
            server_factory=lambda: CandidateConnection(self),
            server_host_keys=[self._host_key],
            server_version=self._version,
            login_timeout=LOGIN_GRACE_SECONDS,
            line_editor=False,
            encoding=None,
            gss_host=None,
            agent_forwarding=False,
            x11_forwarding=False,
            allow_scp=False,
        )

    async def close(self, why: str) -> None:
        """Stop accepting, close what is open, and wait until it has ended on both sides."""
        await self._end(lambda connection: connection.close(why))

    async def abort(self, why: str) -> None:
        """Like `close`, but nothing that is on its way is delivered any more."""
        await self._end(lambda connection: connection.abort(why))

    async def _end(self, end: Callable[[CandidateConnection], None]) -> None:
        if self._acceptor is not None:
            self._acceptor.close()
        open_connections = list(self._connections)
        for connection in open_connections:
            end(connection)
        if self._acceptor is not None:
            await self._acceptor.wait_closed()
        if open_connections:
            ends = [
                asyncio.get_running_loop().create_task(each.ended.wait(), name="connection end")
                for each in open_connections
            ]
            _, late = await asyncio.wait(ends, timeout=CLOSE_SECONDS)
            for task in late:
                task.cancel()
            if late:
                _log.warning("%d connections did not end in time", len(late))
