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
from recorder.gates import Endpoint
from recorder.hop.connection import CandidateConnection
from recorder.hop.hostkeys import PinnedKeys
from recorder.hop.keylogin import KeyLogin, RememberedPasswords
from recorder.hop.login import UpstreamLogin
from recorder.hop.refusals import RefusalLog
from recorder.hop.target import Contact, Target, format_address
from recorder.hop.terms import Terms
from recorder.recording.writer import RecordingWriter

_log = logging.getLogger(__name__)

CLOSE_SECONDS = 8.0
_BACKLOG = 128
_PORTS = 1 << 16
_WORDS = {
    "address": "its address is not admitted",
    "user": "another user of this machine",
    "startups": "too many logins at once",
}


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


def bind_first(host: str, port: int, span: int) -> socket.socket:
    """Return a socket bound to the first of ``span`` ports that is free, from ``port`` on.

    Raises:
        ListenError: All are taken, or the address cannot be bound at all.

    """
    for candidate in range(port, min(port + span, _PORTS) - 1):
        try:
            return bind(host, candidate)
        except ListenError as error:
            if getattr(error.__cause__, "errno", None) != errno.EADDRINUSE:
                raise
    return bind(host, min(port + span, _PORTS) - 1)


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
        terms: Terms,
        management: Path | None = None,
    ) -> None:
        self.target = target
        self.pinned = pinned
        self.pinned_key = contact.key
        self._management = management
        self.passwords = RememberedPasswords()
        self.writer = writer
        self._version = contact.version
        self._host_key = host_key
        self.terms = terms
        self._refusals = RefusalLog(writer)
        self._count = 0
        self._connections: set[CandidateConnection] = set()
        self._acceptor: asyncssh.SSHAcceptor | None = None
        self._ending = False

    def next_connection(self) -> int:
        """Return the number of a new connection, from 1."""
        self._count += 1
        return self._count

    def admits(self, local: Endpoint, peer: Endpoint) -> bool:
        """Tell whether whoever is at ``peer`` may knock at all, and write down who may not."""
        if self._ending:
            # It was accepted as the session ended: nothing records it any more.
            return False
        reason = self.terms.gate.refusal(local, peer)
        if reason is None and self._logging_in >= self.terms.limits.startups:
            reason = "startups"
        if reason is None:
            return True
        if self._refusals.note(peer, reason):
            _log.warning("refused a connection from %s (%s)", peer[0], _WORDS[reason])
        return False

    @property
    def open_connections(self) -> int:
        """How many candidates' connections are open, logged in or not."""
        return len(self._connections)

    @property
    def _logging_in(self) -> int:
        return sum(not connection.logged_in for connection in self._connections)

    def joined(self, connection: CandidateConnection) -> None:
        """Take note of a connection."""
        self._connections.add(connection)

    def left(self, connection: CandidateConnection) -> None:
        """Forget a connection that has ended on both sides."""
        self._connections.discard(connection)

    # What the logins of the session share.

    def connect(self, user: bytes) -> UpstreamLogin:
        """Return a connection to the target, not begun."""
        return UpstreamLogin(self.target, self.pinned, self.pinned_key, user)

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
            login_timeout=self.terms.limits.login_grace,
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
        self._ending = True
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
        self._refusals.finish()
