"""A client that says over a channel whatever it is told to, in the right order or not.

asyncssh makes the connection; the channel is ours, so that nothing is checked, encoded or left out
before it is sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncssh
from asyncssh.constants import (
    MSG_CHANNEL_CLOSE,
    MSG_CHANNEL_DATA,
    MSG_CHANNEL_EOF,
    MSG_CHANNEL_FAILURE,
    MSG_CHANNEL_OPEN,
    MSG_CHANNEL_REQUEST,
    MSG_CHANNEL_SUCCESS,
)
from asyncssh.packet import Boolean, SSHPacket, SSHPacketHandler, String, UInt32

from tests.end_to_end.support.network import LOOPBACK

PATIENCE = 40.0
"""Seconds that the other end has for an answer: one that takes longer is stuck."""


class RawChannel(SSHPacketHandler):
    """One channel; asyncssh takes it for one of its own.

    Attributes:
        answers: What requests that wanted an answer got.
        output: What the program has said.
        ended: Set with the other end's close, or with the connection's end.

    """

    def __init__(self, connection: asyncssh.SSHClientConnection) -> None:
        self._connection = connection
        self._opened: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._remote = 0
        self._asked = 0
        self.answers: asyncio.Queue[bool] = asyncio.Queue()
        self.output = b""
        self._heard = asyncio.Event()
        self.ended = asyncio.Event()
        self._local = connection.add_channel(self)  # type: ignore[arg-type] # all that it calls

    def _log_packet(self, *_: object) -> None:
        """asyncssh's own, which would write it down."""

    async def open(self, kind: bytes = b"session", details: bytes = b"") -> bool:
        """Ask for the channel, and return whether it was given."""
        head = String(kind) + UInt32(self._local) + UInt32(1 << 21) + UInt32(1 << 15)
        self._connection.send_packet(MSG_CHANNEL_OPEN, head + details)
        async with asyncio.timeout(PATIENCE):
            return await self._opened

    def say(self, kind: int, said: bytes = b"") -> None:
        """Send any packet with the channel's number."""
        with suppress(asyncssh.Error, ConnectionError):
            self._connection.send_packet(kind, UInt32(self._remote) + said)

    def ask(self, name: bytes, *details: bytes) -> None:
        """Send a request that wants an answer."""
        self._asked += 1
        self.say(MSG_CHANNEL_REQUEST, String(name) + Boolean(True) + b"".join(details))

    async def answered(self) -> list[bool]:
        """Return the answers since the last call, waiting for them; fewer where it has ended."""
        found: list[bool] = []
        async with asyncio.timeout(PATIENCE):
            while len(found) < self._asked and not self.ended.is_set():
                found.append(await self.answers.get())
        self._asked = 0
        return found

    async def heard(self, lines: int) -> None:
        """Return when the program has said so many lines."""
        async with asyncio.timeout(PATIENCE):
            while self.output.count(b"\n") < lines:
                self._heard.clear()
                await self._heard.wait()

    async def finish(self) -> None:
        """Say that nothing more comes, and close; return when the other end has."""
        self.say(MSG_CHANNEL_EOF)
        self.say(MSG_CHANNEL_CLOSE)
        async with asyncio.timeout(PATIENCE):
            await self.ended.wait()

    # What asyncssh calls.

    def process_open_confirmation(
        self, number: int, _window: int, _size: int, _packet: SSHPacket
    ) -> None:
        self._remote = number
        self._opened.set_result(True)

    def process_open_failure(self, _code: int, _reason: str, _language: str) -> None:
        self._opened.set_result(False)
        self._end()

    def process_packet(self, pkttype: int, pktid: int, packet: SSHPacket) -> bool:  # noqa: ARG002
        if pkttype in {MSG_CHANNEL_SUCCESS, MSG_CHANNEL_FAILURE}:
            self.answers.put_nowait(pkttype == MSG_CHANNEL_SUCCESS)
        elif pkttype == MSG_CHANNEL_DATA:
            self.output += packet.get_string()
            self._heard.set()
        elif pkttype == MSG_CHANNEL_CLOSE:
            self._end()
        return True

    def process_connection_close(self, exc: Exception | None) -> None:  # noqa: ARG002
        if not self._opened.done():
            self._opened.set_result(False)
        self._end()

    def close(self) -> None:
        """asyncssh's wish, as the connection is closed."""
        self.say(MSG_CHANNEL_CLOSE)

    def _end(self) -> None:
        if not self.ended.is_set():
            self.ended.set()
            self._connection.remove_channel(self._local)
            self.answers.put_nowait(False)  # whoever waits for an answer gets none any more


@asynccontextmanager
async def connected(
    port: int, user: str, password: str, compression: tuple[str, ...] = ("none",)
) -> AsyncIterator[asyncssh.SSHClientConnection]:
    """Log in on a loopback port; the connection is cut off when the block ends."""
    connection = await asyncssh.connect(
        LOOPBACK, port, username=user, password=password, known_hosts=None, config=None,
        client_keys=None, agent_path=None, gss_host=None, login_timeout=PATIENCE,
        compression_algs=compression,
    )  # fmt: skip
    try:
        yield connection
    finally:
        connection.abort()
        await connection.wait_closed()


def data(words: bytes) -> tuple[int, bytes]:
    """Return a packet of data."""
    return MSG_CHANNEL_DATA, String(words)


async def settled(connection: asyncssh.SSHClientConnection) -> bool:
    """Return whether the other end still answers, once it has read all that was said."""
    try:
        async with asyncio.timeout(PATIENCE):
            await connection._make_global_request(b"keepalive@openssh.com")
    except (asyncssh.Error, OSError):
        return False
    return not connection.is_closed()
