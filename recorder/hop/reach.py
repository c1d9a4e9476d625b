"""A socket to the target that is known to answer, or the reason why there is none.

Whether the target is down, or shuts out the hop, makes all the difference for what a failed login
means. Nothing of SSH's login belongs here, only what can be told before its first packet.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Literal

from recorder.errors import TargetError
from recorder.hop.icmp import FirewallError
from recorder.hop.target import Target

ANSWER_SECONDS = 10.0
_LOOK = 256
_BUSY = (b"Exceeded MaxStartups",)
_SHUT_OUT = (b"Not allowed at this time",)

Cause = Literal["unreachable", "banned"]


class UnreachedError(Exception):
    """The target cannot be talked to.

    Attributes:
        cause: ``banned`` where it, or a firewall before it, refuses to talk to the hop;
            ``unreachable`` where nobody answers.
        detail: What happened, in words.
        silent: Packets vanish, which may be either.

    """

    def __init__(self, cause: Cause, detail: str, *, silent: bool = False) -> None:
        super().__init__(detail)
        self.cause = cause
        self.detail = detail
        self.silent = silent


async def reach(target: Target) -> socket.socket:
    """Return a connected socket on which the target has begun to speak.

    Raises:
        UnreachedError: There is none.

    """
    try:
        sock = await target.connect()
    except TargetError as error:
        problem = error.__cause__
        cause: Cause = "banned" if isinstance(problem, FirewallError) else "unreachable"
        silent = isinstance(problem, TimeoutError)
        raise UnreachedError(cause, error.cause, silent=silent) from error
    try:
        await _listen(sock)
    except BaseException:
        sock.close()
        raise
    return sock


async def _listen(sock: socket.socket) -> None:
    """Wait for the first words without taking them, and judge them."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await _readable(sock)
        words = sock.recv(_LOOK, socket.MSG_PEEK)
    except TimeoutError as error:
        raise UnreachedError("unreachable", "the target says nothing to a connection") from error
    except OSError as error:
        raise UnreachedError("banned", f"the target cut the hop off ({error.strerror})") from error
    if any(word in words for word in _BUSY):
        raise UnreachedError("unreachable", "the target has too many logins at once (MaxStartups)")
    if not words or any(word in words for word in _SHUT_OUT):
        raise UnreachedError("banned", "the target closes the hop's connections without a word")


def _settle(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


async def _readable(sock: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()
    loop.add_reader(sock, _settle, ready)
    try:
        await ready
    finally:
        loop.remove_reader(sock)
