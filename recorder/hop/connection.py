"""One SSH connection of the candidate's: who logs in, on which connection to the target.

It answers asyncssh's questions from the target's own answers, numbers the channels, and writes what
happened to the journal. What goes through the channels is `recorder.hop.relay`'s.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, Protocol

import asyncssh

from recorder.gates import Endpoint
from recorder.hop.channel import CandidateChannel
from recorder.hop.hostkeys import PinnedKeys
from recorder.hop.login import Answer, UpstreamLogin
from recorder.hop.relay import CandidateSession
from recorder.hop.target import Target, format_address
from recorder.hop.terms import Terms
from recorder.recording.journal import (
    ConnectionClosed,
    ConnectionOpened,
    ConsentShown,
    LoginAttempt,
    TargetHostKey,
)
from recorder.recording.writer import RecordingWriter

_log = logging.getLogger(__name__)

CLOSE_SECONDS = 5.0
_TOO_MANY = "Too many authentication failures"
_UNREACHABLE = "The server cannot be reached at the moment"


class HopContext(Protocol):
    """What a connection needs to know of the hop."""

    target: Target
    pinned: PinnedKeys
    pinned_key: asyncssh.SSHKey
    writer: RecordingWriter
    terms: Terms

    def next_connection(self) -> int:
        """Return the number of a new connection, from 1."""

    def admits(self, local: Endpoint, peer: Endpoint) -> bool:
        """Tell whether whoever is at ``peer`` may knock at all, and write down who may not."""

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
        self._login: UpstreamLogin | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._why: str | None = None
        self._tries = 0
        self._told = False
        self.logged_in = False
        self.ended = asyncio.Event()

    @property
    def upstream(self) -> asyncssh.SSHClientConnection:
        """The connection to the target, logged in."""
        if self._login is None or self._login.connection is None:
            raise asyncssh.ConnectionLost("nobody is logged in on the target")
        return self._login.connection

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
        if self._login is not None:
            self._login.close()

    def abort(self, why: str) -> None:
        """Cut both sides off, delivering nothing more."""
        self._why = self._why or why
        if self._conn is not None:
            self._conn.abort()
        if self._login is not None:
            self._login.abort()

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

    def connection_lost(self, exc: Exception | None) -> None:
        """Close the target's side too, and wait for it."""
        if self._conn is None:
            return
        why = self._why or (str(exc) if exc else "closed by the candidate")
        if self._login is not None:
            self._login.close()
        task = asyncio.get_running_loop().create_task(self._finish(why), name="connection end")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _finish(self, why: str) -> None:
        try:
            if self._login is not None:
                async with asyncio.timeout(CLOSE_SECONDS):
                    await self._login.wait_closed()
        except TimeoutError:
            _log.warning("connection %d: the target did not close in time", self.number)
        finally:
            self.writer.log(
                ConnectionClosed(t=self.writer.now(), connection=self.number, reason=why)
            )
            self._hop.left(self)
            self.ended.set()

    async def begin_auth(self, username: str) -> bool:
        """Begin the same login on the target; return whether it asks for anything."""
        self._count_try()
        self._show_consent()
        if self._login is not None:
            self._login.close()
        self.user = username
        login = UpstreamLogin(self._hop.target, self._hop.pinned, self._hop.pinned_key, username)
        login.on_banner = self._show_banner
        login.on_lost = self._upstream_lost
        self._login = login
        answer = await login.begin()
        if answer is None:
            # Every client begins by asking without a method, which tells it what is offered.
            self._note("none", Answer("refused"))
            return True
        self._note("none", answer)
        if answer.outcome == "accepted":
            return False
        if answer.outcome == "error" and not answer.dropped:
            raise asyncssh.DisconnectError(asyncssh.DISC_SERVICE_NOT_AVAILABLE, _UNREACHABLE)
        return True

    def auth_completed(self) -> None:
        """Note that the candidate is in: this connection is no start-up any more."""
        self.logged_in = True

    def password_auth_supported(self) -> bool:
        """Offer what the target offers."""
        return self._offers("password")

    def public_key_auth_supported(self) -> bool:
        """Offer what the target offers."""
        return self._offers("publickey")

    def kbdint_auth_supported(self) -> bool:
        """Relayed later; asyncssh would otherwise offer it wherever passwords are."""
        return False

    async def validate_password(self, username: str, password: str) -> bool:  # noqa: ARG002
        """Let the target decide."""
        if self._login is None:
            return False
        self._count_try()
        answer = await self._login.try_password(password)
        return self._conclude("password", answer)

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:  # noqa: ARG002
        """Let the target say whether it would take the key; the hop cannot sign for it."""
        if self._login is None:
            return False
        self._count_try()
        answer = await self._login.try_key(key)
        return self._conclude("publickey", answer, key.get_fingerprint())

    def session_requested(self) -> tuple[CandidateChannel, CandidateSession]:
        """Relay a session."""
        if self._conn is None:
            raise asyncssh.ChannelOpenError(asyncssh.OPEN_CONNECT_FAILED, "no connection")
        channel = CandidateChannel.adopt(self._conn.create_server_channel(encoding=None))
        return channel, CandidateSession(self)

    # What the hop itself demands and says.

    def _count_try(self) -> None:
        """End a connection that tries without end, where the target would not.

        Raises:
            asyncssh.DisconnectError: It has tried too often.

        """
        self._tries += 1
        # The first is every client's question, without a secret, what is offered.
        if self._tries > self._hop.terms.limits.tries + 1:
            self._why = "too many tries to log in"
            raise asyncssh.DisconnectError(asyncssh.DISC_PROTOCOL_ERROR, _TOO_MANY)

    def _show_consent(self) -> None:
        """Tell each connection once, before the target says anything, that it is recorded."""
        words = self._hop.terms.consent
        if words is None or self._told or self._conn is None:
            return
        self._told = True
        self._conn.send_auth_banner(words)
        self.writer.log(ConsentShown(t=self.writer.now(), connection=self.number))

    # How that is told.

    def _offers(self, method: str) -> bool:
        return self._login is not None and method in self._login.methods

    def _conclude(self, method: str, answer: Answer, fingerprint: str | None = None) -> bool:
        self._note(method, answer, fingerprint)
        if answer.disconnect is not None:
            self._why = answer.cause
            raise answer.disconnect
        return answer.outcome == "accepted"

    def _note(self, method: str, answer: Answer, fingerprint: str | None = None) -> None:
        self.writer.log(
            LoginAttempt(
                t=self.writer.now(),
                connection=self.number,
                user=self.user,
                method=method,
                methods=self._login.methods if self._login else (),
                outcome=answer.outcome,
                cause=answer.cause,
                fingerprint=fingerprint,
            )
        )
        if (key := answer.other_key) is not None:
            self.writer.log(
                TargetHostKey(
                    t=self.writer.now(),
                    algorithm=key.get_algorithm(),
                    fingerprint=key.get_fingerprint(),
                    verdict="changed",
                )
            )
        if answer.outcome == "error":
            self._why = self._why or answer.cause
            _log.warning("connection %d: login failed (%s)", self.number, answer.cause)

    def _show_banner(self, message: str, language: str) -> None:
        if self._conn is not None:
            self._conn.send_auth_banner(message, language)

    def _upstream_lost(self, error: Exception | None) -> None:
        if self._login is not None and self._login.connection is not None:
            self.close(f"closed by the target ({error})" if error else "closed by the target")
        elif isinstance(error, asyncssh.ConnectionLost):
            # A word of goodbye from the hop would be one that the target did not say.
            self.abort("the target closed the connection before the login")
