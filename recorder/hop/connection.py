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

from recorder.hop.candidate_link import CandidateLink
from recorder.hop.hostkeys import PinnedKeys
from recorder.hop.login import Answer, UpstreamLogin
from recorder.hop.target import Target, format_address
from recorder.recording.journal import (
    ConnectionClosed,
    ConnectionOpened,
    LoginAttempt,
    TargetHostKey,
)
from recorder.recording.writer import RecordingWriter

_log = logging.getLogger(__name__)

CLOSE_SECONDS = 5.0
_UNREACHABLE = "The server cannot be reached at the moment"


class HopContext(Protocol):
    """What a connection needs to know of the hop."""

    target: Target
    pinned: PinnedKeys
    pinned_key: asyncssh.SSHKey
    writer: RecordingWriter

    def next_connection(self) -> int:
        """Return the number of a new connection, from 1."""

    def admits(self, local: tuple[str, int], peer: tuple[str, int]) -> bool:
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
        self._login: UpstreamLogin | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._why: str | None = None
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
        self._conn = conn
        self.number = self._hop.next_connection()
        self._hop.joined(self)
        peer = conn.get_extra_info("peername") or ("?", 0)
        local = conn.get_extra_info("sockname") or ("?", 0)
        self.writer.log(
            ConnectionOpened(
                t=self.writer.now(),
                connection=self.number,
                peer=format_address(str(peer[0]), int(peer[1])),
            )
        )
        if not self._hop.admits((local[0], local[1]), (peer[0], peer[1])):
            self._why = "refused: another user of this machine"
            _log.warning("connection %d: %s", self.number, self._why)
            conn.abort()
            return
        CandidateLink.adopt(conn, self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Close the target's side too, and wait for it."""
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
        answer = await self._login.try_password(password)
        return self._conclude("password", answer)

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:  # noqa: ARG002
        """Let the target say whether it would take the key; the hop cannot sign for it."""
        if self._login is None:
            return False
        answer = await self._login.try_key(key)
        return self._conclude("publickey", answer, key.get_fingerprint())

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
