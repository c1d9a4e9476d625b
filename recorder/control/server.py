"""The control socket of a running `serve`: who may use it, and one answer to each line.

For its owner alone: the file's mode says so, and the kernel is asked who calls. Nothing here knows
what a request does.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import socket
import struct
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Self

from recorder.control.messages import (
    LINE_LIMIT,
    Request,
    Result,
    decode_request,
    encode,
    failure,
    success,
)
from recorder.errors import ControlError, JumpseatError
from recorder.home import PRIVATE_FILE, Home

_log = logging.getLogger(__name__)

_ASK_SECONDS = 10.0
_BACKLOG = 16

Handler = Callable[[Request], Awaitable[object]]


@contextlib.contextmanager
def short_path(path: Path) -> Iterator[str]:
    """Give a name of a socket that fits into its address: 108 bytes, unix(7).

    The directory is named by a descriptor of ours, as /proc shows it (proc_pid_fd(5)).
    """
    directory = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)


def hold_control(home: Home) -> int | None:
    """Become the one `serve` of this home that takes orders; None where another is.

    Raises:
        ControlError: The lock cannot be made.

    """
    try:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        descriptor = os.open(home.control_lock, flags, PRIVATE_FILE)
    except OSError as error:
        raise ControlError(
            f"cannot make {home.control_lock} ({error.strerror})", "mend the home's permissions"
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


class ControlServer:
    """Answers on ``<home>/control.sock`` while its block runs; its caller holds the lock."""

    def __init__(self, home: Home, handler: Handler) -> None:
        self._path = home.control
        self._handler = handler
        self._server: asyncio.Server | None = None
        self._answering: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Begin to answer.

        Raises:
            ControlError: The socket cannot be made.

        """
        try:
            self._path.unlink(missing_ok=True)
            sock = self._bound()
        except OSError as error:
            raise ControlError(
                f"cannot make {self._path} ({error.strerror})",
                "choose a home on a local file system, or mend its permissions",
            ) from error
        self._server = await asyncio.start_unix_server(self._accept, sock=sock, limit=LINE_LIMIT)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Take no more orders, and leave off those that are being carried out."""
        if self._server is not None:
            self._server.close()
        for task in self._answering:
            task.cancel()
        if self._answering:
            await asyncio.wait(self._answering)
        with contextlib.suppress(OSError):
            self._path.unlink()

    def _bound(self) -> socket.socket:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            # Nobody can connect before `listen`, and the mode is set before that.
            with short_path(self._path) as name:
                sock.bind(name)
            self._path.chmod(PRIVATE_FILE)
            sock.listen(_BACKLOG)
        except BaseException:
            sock.close()
            raise
        return sock

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        work = self._answer(reader, writer)
        task = asyncio.get_running_loop().create_task(work, name="control")
        self._answering.add(task)
        task.add_done_callback(self._reap)

    def _reap(self, task: asyncio.Task[None]) -> None:
        self._answering.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("an order failed", exc_info=error)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            uid = peer_uid(writer.get_extra_info("socket"))
            if uid not in (os.getuid(), 0):
                _log.warning("user %d may not give orders here", uid)
                return
            async with asyncio.timeout(_ASK_SECONDS):
                line = await reader.readline()
            if line:
                writer.write(encode(await self._do(line)))
                await writer.drain()
        except (TimeoutError, ValueError, ConnectionError):
            pass  # whoever asked went away, or never asked
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _do(self, line: bytes) -> Result:
        try:
            return success(await self._handler(decode_request(line)))
        except JumpseatError as error:
            return failure(error)


def peer_uid(sock: socket.socket) -> int:
    """Return the user at the other end of a Unix socket; SO_PEERCRED of unix(7)."""
    layout = struct.Struct("3i")
    _, uid, _ = layout.unpack(sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, layout.size))
    return int(uid)
