"""The login's packets as they are, on both sides, where asyncssh would interpret them.

asyncssh answers a login from what its own handlers make of it: passwords are normalised, methods
put in an order of its own, partial success unknown. The hop passes the packets on instead, so that
the client sees the target's. asyncssh has no hook for that: its connections are made ours after it
made them. Only what carries packets belongs here, and no decision about them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, Protocol, cast

import asyncssh
from asyncssh.constants import MSG_DISCONNECT
from asyncssh.logging import SSHLogger
from asyncssh.packet import SSHPacket, SSHPacketHandler, String

from recorder.hop import userauth

ALIVE_SECONDS = 3.0


class CandidateLogin(Protocol):
    """Who answers the candidate's side."""

    def request(self, payload: bytes) -> Awaitable[None]:
        """Answer USERAUTH_REQUEST; nothing else is read from the candidate until it returns."""

    def continuation(self, payload: bytes) -> Awaitable[None]:
        """Answer a message of the method that is being tried, such as INFO_RESPONSE."""


class TargetLogin(Protocol):
    """Who takes what the target says."""

    def asked(self) -> None:
        """Take note that the target waits for the first request."""

    def replied(self, payload: bytes) -> None:
        """Take any message of the login but a banner and the success."""

    def bannered(self, payload: bytes) -> None:
        """Take a banner."""


class _Continuations(SSHPacketHandler):
    """Takes messages 60 to 79, which asyncssh gives to the handler of the method being tried."""

    def __init__(self, conn: asyncssh.SSHServerConnection, login: CandidateLogin) -> None:
        self._conn = conn
        self._login = login

    @property
    def logger(self) -> SSHLogger:
        """The connection's own."""
        return self._conn.logger

    def process_packet(self, pkttype: int, pktid: int, packet: SSHPacket) -> Awaitable[None]:  # noqa: ARG002
        """Hand it on."""
        return self._login.continuation(packet.get_full_payload())

    def cancel(self) -> None:
        """Nothing of its own is running."""


class CandidateWire(asyncssh.SSHServerConnection):
    """The candidate's connection, whose login is somebody else's to answer."""

    _login: CandidateLogin

    @classmethod
    def adopt(cls, conn: asyncssh.SSHServerConnection, login: CandidateLogin) -> CandidateWire:
        """Make a connection of asyncssh's own making, not begun yet, one of these."""
        conn.__class__ = cls
        adopted = cast("CandidateWire", conn)
        adopted._login = login  # noqa: SLF001 (its own)
        return adopted

    @property
    def is_logged_in(self) -> bool:
        """Whether the candidate has been let in."""
        return bool(self._auth_complete)

    def tell(self, payload: bytes) -> None:
        """Send a message of the login, as it is."""
        self.send_packet(payload[0], payload[1:])

    async def let_in(self, user: str) -> None:
        """Tell the candidate that the login has succeeded."""
        self._username = user
        await self.send_userauth_success()

    def verifies(self, key: asyncssh.SSHKey, proof: userauth.Key) -> bool:
        """Tell whether a signature was made with the key, for this very connection."""
        if proof.signature is None or not proof.signed:
            return False
        made_with = userauth.signature_algorithm(proof)
        if not proof.signature.startswith(String(made_with)):
            return False
        return key.verify(String(self._session_id) + proof.signed, proof.signature)

    def _process_userauth_request(self, kind: int, number: int, packet: SSHPacket) -> Any:
        if self._auth_complete:
            return super()._process_userauth_request(kind, number, packet)
        self._auth = cast("Any", _Continuations(self, self._login))
        return self._login.request(packet.get_full_payload())

    _packet_handlers = {  # noqa: RUF012 (asyncssh declares it as an instance's)
        **asyncssh.SSHServerConnection._packet_handlers,  # noqa: SLF001 (asyncssh has no hook here)
        userauth.REQUEST: _process_userauth_request,
    }


class _Replies(SSHPacketHandler):
    """Takes messages 60 to 79 of the target, and stands where asyncssh wants a method's handler."""

    def __init__(self, conn: asyncssh.SSHClientConnection, login: TargetLogin) -> None:
        self._conn = conn
        self._login = login

    @property
    def logger(self) -> SSHLogger:
        """The connection's own."""
        return self._conn.logger

    def process_packet(self, pkttype: int, pktid: int, packet: SSHPacket) -> bool:  # noqa: ARG002
        """Hand it on."""
        self._login.replied(packet.get_full_payload())
        return True

    def auth_succeeded(self) -> None:
        """Told by the connection itself."""

    def cancel(self) -> None:
        """Nothing of its own is running."""


class TargetWire(asyncssh.SSHClientConnection):
    """The connection to the target, whose login somebody else conducts.

    Attributes:
        dismissed: The target has ended the connection in words of its own. asyncssh has the same
            errors for that as for its own complaints about what came in.

    """

    _login: TargetLogin
    dismissed: bool = False

    @classmethod
    def adopt(cls, conn: asyncssh.SSHClientConnection, login: TargetLogin) -> TargetWire:
        """Make a connection of asyncssh's own making, not begun yet, one of these."""
        conn.__class__ = cls
        adopted = cast("TargetWire", conn)
        adopted._login = login  # noqa: SLF001 (its own)
        return adopted

    @property
    def session_id(self) -> bytes:
        """What a signature for this connection covers first (RFC 4252, 7)."""
        return bytes(self._session_id)

    def tell(self, payload: bytes) -> None:
        """Send a message of the login, as it is."""
        self.send_packet(payload[0], payload[1:])

    async def is_alive(self) -> bool:
        """Ask the target for any answer, and tell whether it came soon."""
        try:
            async with asyncio.timeout(ALIVE_SECONDS):
                await self._make_global_request(b"keepalive@openssh.com")
        except (TimeoutError, asyncssh.Error, OSError):
            return False
        return not self.is_closed()

    def try_next_auth(self, *, next_method: bool = False) -> None:  # noqa: ARG002
        """Begin: asyncssh calls this once, when the target has agreed to talk of the login."""
        self._auth = cast("Any", _Replies(self, self._login))
        self._login.asked()

    def _process_disconnect(self, kind: int, number: int, packet: SSHPacket) -> None:
        super()._process_disconnect(kind, number, packet)
        self.dismissed = True

    def _process_userauth_failure(self, _kind: int, _number: int, packet: SSHPacket) -> None:
        self._login.replied(packet.get_full_payload())

    def _process_userauth_banner(self, _kind: int, _number: int, packet: SSHPacket) -> None:
        self._login.bannered(packet.get_full_payload())

    _packet_handlers = {  # noqa: RUF012 (asyncssh declares it as an instance's)
        **asyncssh.SSHClientConnection._packet_handlers,  # noqa: SLF001 (asyncssh has no hook here)
        MSG_DISCONNECT: _process_disconnect,
        userauth.FAILURE: _process_userauth_failure,
        userauth.BANNER: _process_userauth_banner,
    }
