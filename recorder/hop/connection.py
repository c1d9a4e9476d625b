"""One SSH connection of the candidate's, from its first packet to its end on both sides.

It numbers the channels, owns the tasks, and writes what happened to the journal. Who logs in is
`recorder.hop.authentication`'s affair, what goes through the channels `recorder.hop.relay`'s.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, Protocol

import asyncssh

from recorder.gates import Endpoint
from recorder.hop.attempts import AttemptLog
from recorder.hop.authentication import Authentication, Session
from recorder.hop.candidate_link import CandidateLink
from recorder.hop.login import UpstreamLogin
from recorder.hop.target import format_address
from recorder.hop.terms import Terms
from recorder.hop.wire import CandidateWire
from recorder.recording.journal import ConnectionClosed, ConnectionOpened, ConsentShown
from recorder.recording.writer import RecordingWriter

_log = logging.getLogger(__name__)

CLOSE_SECONDS = 5.0


class HopContext(Session, Protocol):
    """What a connection needs to know of the hop."""

    writer: RecordingWriter
    terms: Terms

    def next_connection(self) -> int:
        """Return the number of a new connection, from 1."""

    def admits(self, local: Endpoint, peer: Endpoint) -> bool:
        """Tell whether whoever is at ``peer`` may knock at all."""

    def joined(self, connection: CandidateConnection) -> None:
        """Take note of a connection."""

    def left(self, connection: CandidateConnection) -> None:
        """Forget a connection that has ended on both sides."""


class CandidateConnection(asyncssh.SSHServer):
    """The candidate's side of a connection, and its owner."""

    def __init__(self, hop: HopContext) -> None:
        self._hop = hop
        self.writer = hop.writer
        self.number = 0
        self.user = ""
        self._channels = 0
        self._conn: asyncssh.SSHServerConnection | None = None
        self._authentication: Authentication | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._why: str | None = None
        self._tries = 0
        self.logged_in = False
        self.ended = asyncio.Event()

    @property
    def login(self) -> UpstreamLogin | None:
        """The connection to the target, logged in or not; None before it was begun."""
        return self._authentication.login if self._authentication is not None else None

    @property
    def upstream(self) -> asyncssh.SSHClientConnection:
        """The connection to the target, logged in."""
        if (login := self.login) is None or login.connection is None:
            raise asyncssh.ConnectionLost("nobody is logged in on the target")
        return login.connection

    def next_channel(self) -> int:
        """Return the number of a new channel, from 1."""
        self._channels += 1
        return self._channels

    def own(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run a coroutine as a task that ends with the connection."""
        task = asyncio.get_running_loop().create_task(work, name=f"{self.number}: {name}")
        self._tasks.add(task)
        task.add_done_callback(self._reap)

    def _reap(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("connection %d: %s failed", self.number, task.get_name(), exc_info=error)
            self.close("the hop failed")

    def close(self, why: str) -> None:
        """Close both sides."""
        self._why = self._why or why
        if self._conn is not None:
            self._conn.close()
        if (login := self.login) is not None:
            login.release(self)

    def abort(self, why: str) -> None:
        """Cut both sides off, delivering nothing more."""
        self._why = self._why or why
        if self._conn is not None:
            self._conn.abort()
        if (login := self.login) is not None:
            login.release(self, cut=True)

    # What asyncssh calls.

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Give the connection its number and tell the journal."""
        peer = conn.get_extra_info("peername") or ("?", 0)
        local = conn.get_extra_info("sockname") or ("?", 0)
        if not self._hop.admits((local[0], local[1]), (peer[0], peer[1])):
            conn.abort()
            return
        self._conn = conn
        self.number = self._hop.next_connection()
        self._hop.joined(self)
        self.writer.log(
            ConnectionOpened(
                t=self.writer.now(),
                connection=self.number,
                peer=format_address(str(peer[0]), int(peer[1])),
            )
        )
        attempts = AttemptLog(self.writer, self.number)
        self._authentication = Authentication(self, self._hop, attempts)
        self._authentication.attach(CandidateWire.adopt(conn, self._authentication))
        CandidateLink.adopt(conn, self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Close the target's side too, and wait for it."""
        if self._conn is None:
            return
        ended = self._authentication.why if self._authentication is not None else None
        why = self._why or ended or (str(exc) if exc else "closed by the candidate")
        if self._authentication is not None:
            self._authentication.candidate_left()
        if (login := self.login) is not None:
            login.release(self)
        task = asyncio.get_running_loop().create_task(self._finish(why), name="connection end")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _finish(self, why: str) -> None:
        try:
            if (login := self.login) is not None:
                async with asyncio.timeout(CLOSE_SECONDS):
                    await login.wait_closed()
        except TimeoutError:
            _log.warning("connection %d: the target did not close in time", self.number)
        finally:
            self.writer.log(
                ConnectionClosed(t=self.writer.now(), connection=self.number, reason=why)
            )
            self._hop.left(self)
            self.ended.set()

    def auth_completed(self) -> None:
        """Note that the candidate is in: this connection is no start-up any more."""
        self.logged_in = True

    # What the login tells.

    def may_try(self) -> bool:
        """Count a try; False ends one who tries without end, where the target would not."""
        self._tries += 1
        # The first is every client's question, without a secret, what is offered.
        return self._tries <= self._hop.terms.limits.tries + 1

    def begin_login(self, user: str) -> None:
        """Take note of the user, and say that this is recorded, before the target says anything."""
        self.user = user
        words = self._hop.terms.consent
        if words is not None and self._conn is not None:
            self._conn.send_auth_banner(words)
            self.writer.log(ConsentShown(t=self.writer.now(), connection=self.number))

    def upstream_gone(self, error: Exception | None) -> None:
        """Close: the target's side is gone."""
        self.close(f"closed by the target ({error})" if error else "closed by the target")
