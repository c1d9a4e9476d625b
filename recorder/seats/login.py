"""One connection at the seat's port: the login, by public key only, and what it may then open.

Sessions, in the sense of SSH, are all there is: no forward of any kind, no agent, no X11. A name
that is not listed is answered exactly as one that is and whose key is another.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import asyncssh

from recorder.seats.channel import SeatChannel
from recorder.seats.door import Door
from recorder.seats.spec import SeatSpec
from recorder.trace.roles import Role, with_role

_log = logging.getLogger(__name__)

_PATIENCE = 1.0
"""Seconds that a client has to go by itself."""

_BYE = 11  # SSH_DISCONNECT_BY_APPLICATION of RFC 4253, 11.1


class SeatConnection(asyncssh.SSHServer):
    """An interviewer's connection, or that of somebody who would like to be one.

    Attributes:
        address: Where it comes from.
        name: Who is logged in; empty before.
        key: The public data of the key that they logged in with.
        role: What their name was when they did.

    """

    def __init__(self, door: Door, spec: SeatSpec) -> None:
        self.address = "?"
        self.name = ""
        self.key = b""
        self.role: Role = "interviewer"
        self._door = door
        self._spec = spec
        self._offered = b""
        self._refusals = 0
        self._leaving = False
        self._conn: asyncssh.SSHServerConnection | None = None
        self._channels: set[SeatChannel] = set()

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Let it try to log in, if there is room."""
        self.address = str((conn.get_extra_info("peername") or ("?",))[0])
        if not self._door.admits(self.address):
            conn.abort()
            return
        self._conn = conn
        self._door.entered(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it; its seats hang up by themselves."""
        if self._conn is None:
            return
        self._conn = None
        self._door.left(self)
        if self.name:
            _log.info("%s left (%s)", self.name, self.address)
        elif exc is not None or self._refusals:
            self._door.refused(self.address, "not logged in")

    def leave(self, why: str) -> None:
        """Close the connection, and tell the client why."""
        self._leaving = True
        seated = [channel for channel in self._channels if channel.show_out(why)]
        # A client whose last session was closed goes by itself; one that is cut off while it reads
        # of that leaves its terminal as it was.
        if seated:
            asyncio.get_running_loop().call_later(_PATIENCE, self._disconnect, why)
        else:
            self._disconnect(why)

    def _disconnect(self, why: str) -> None:
        if self._conn is not None:
            self._conn.disconnect(_BYE, why)

    def begin_auth(self, username: str) -> bool:
        """Demand a login of everybody, whatever they call themselves."""
        del username
        return True

    def public_key_auth_supported(self) -> bool:
        """Take keys."""
        return True

    def password_auth_supported(self) -> bool:
        """Take no passwords."""
        return False

    def kbdint_auth_supported(self) -> bool:
        """Ask no questions."""
        return False

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Tell whether the key is this name's; whether it is theirs, a signature has to show.

        Called both for a key that is only offered and for one that has signed.
        """
        self._offered = key.public_data
        if self._door.book.current().admits(username, self._offered):
            return True
        self._refusals += 1
        if self._refusals >= self._spec.limits.tries and self._conn is not None:
            self._conn.disconnect(
                asyncssh.DISC_NO_MORE_AUTH_METHODS_AVAILABLE, "Too many authentication failures"
            )
        return False

    def auth_completed(self) -> None:
        """Take note of who it is."""
        if self._conn is None:
            return
        self.name = str(self._conn.get_extra_info("username"))
        self.key = self._offered
        self.role = self._door.book.current().role(self.name)
        if self._door.crowded(self.name):
            self.leave(f"you have {self._spec.limits.connections} connections open")
            return
        _log.info("%s came in from %s", self.name, self.address)

    def session_requested(self) -> Any:
        """Open a session, if whoever logged in is still listed."""
        current = self._door.book.current()
        if self._leaving or not self.name or not current.admits(self.name, self.key):
            return False
        if current.role(self.name) != self.role:
            return False
        who = with_role(self.name, self.role)
        channel = SeatChannel(self.name, who, self._door, self._spec, self._channels.discard)
        self._channels.add(channel)
        return channel


async def listen(door: Door, spec: SeatSpec, sock: Any, host_key: asyncssh.SSHKey) -> Any:
    """Accept interviewers on a socket that listens already; return what closes it."""
    return await asyncssh.listen(
        sock=sock,
        config=None,
        server_factory=lambda: SeatConnection(door, spec),
        server_host_keys=[host_key],
        server_version="Jumpseat",
        login_timeout=spec.limits.login_grace,
        keepalive_interval=spec.limits.keepalive,
        keepalive_count_max=spec.limits.unanswered,
        encoding=None,
        line_editor=False,
        window=1 << 16,
        gss_host=None,
        compression_algs=None,
        agent_forwarding=False,
        x11_forwarding=False,
        allow_scp=False,
        sftp_factory=None,
    )
