"""Passes ports of the session's address on to the target, for the candidate's browser.

Plain TCP, byte for byte: whoever may knock at the session may knock here. Sizes, times and keyed
digests are recorded, never content. What an HTTP server says is not this module's business.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import resource
import socket
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from recorder.errors import ListenError, TargetError, UsageError
from recorder.hop.listener import bind
from recorder.hop.target import TcpTarget, format_address
from recorder.recording.forward import Direction, ForwardCount
from recorder.recording.journal import PortRelayClosed, PortRelayOpened
from recorder.recording.writer import RecordingWriter

_log = logging.getLogger(__name__)

BLOCK = 64 * 1024
"""Bytes read at once; no more than a few of these wait for a slow end."""

CLOSE_SECONDS = 5.0
CONNECTION_LIMIT = 512
"""Connections at once, where the system allows so many files; see `connection_limit`."""

_MAX_PORT = 65535

Admit = Callable[[tuple[str, int], tuple[str, int]], bool]


@dataclass(frozen=True, slots=True)
class RelayedPort:
    """A port of the session's address, 0 for any, and the target's port behind it."""

    listen: int
    target: int


def parse_relay(text: str) -> tuple[RelayedPort, ...]:
    """Read PORT[:TARGETPORT],...

    Raises:
        UsageError: It is not a list of ports, or names one twice.

    """
    ports: list[RelayedPort] = []
    for word in text.split(","):
        listen, colon, target = word.strip().partition(":")
        port = RelayedPort(_port(listen, text, lowest=0), _port(target if colon else listen, text))
        if port.listen and port.listen in {each.listen for each in ports}:
            raise UsageError(f"port {port.listen} is named twice: {text!r}", "name each port once")
        ports.append(port)
    return tuple(ports)


def _port(word: str, text: str, lowest: int = 1) -> int:
    if word.isascii() and word.isdigit() and lowest <= int(word) <= _MAX_PORT:
        return int(word)
    raise UsageError(
        f"not a list of ports: {text!r}",
        "write PORT,... or LISTEN:TARGET,... such as 80,443 or 8080:80",
    )


def connection_limit() -> int:
    """Return how many may be open at once: one peer must not use up the hop's files.

    Each takes two; half of what this process may have is left for candidates and recording.
    """
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    unlimited = files == resource.RLIM_INFINITY
    return CONNECTION_LIMIT if unlimited else min(CONNECTION_LIMIT, max(1, files // 4))


class PortRelay:
    """The relayed ports of one session: bound when made, serving from `start` to `close`."""

    def __init__(self, host: str, ports: Sequence[RelayedPort], target: TcpTarget) -> None:
        """Bind every port.

        Raises:
            ListenError: One is taken or may not be used; none is bound then.

        """
        self._target = target
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._count = 0
        self._ending = False
        self._bound: list[tuple[RelayedPort, socket.socket]] = []
        self._host = host
        try:
            for port in ports:
                self._bound.append((port, self._bind(port)))
        except ListenError:
            self.release()
            raise

    def _bind(self, port: RelayedPort) -> socket.socket:
        try:
            return bind(self._host, port.listen)
        except ListenError as error:
            raise ListenError(
                error.cause,
                "choose other ports with --relay LISTEN:TARGET, or give the program the right to"
                " use low ports (setcap cap_net_bind_service)",
            ) from error

    def release(self) -> None:
        """Give the addresses back; for a relay that was never started."""
        for _, sock in self._bound:
            sock.close()

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """The address of each port as ADDR:PORT, and the target's port behind it."""
        return [
            (format_address(*sock.getsockname()[:2]), port.target) for port, sock in self._bound
        ]

    async def start(self, writer: RecordingWriter, admit: Admit) -> None:
        """Pass connections on from now."""
        for port, sock in self._bound:
            server = await asyncio.start_server(
                self._accepter(port.target, writer, admit), sock=sock, limit=BLOCK
            )
            self._servers.append(server)

    async def close(self) -> None:
        """Stop, cut off what is open, and wait until all of it is recorded."""
        self._ending = True
        for server in self._servers:
            server.close()
        self.release()
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSE_SECONDS)

    def _accepter(
        self, port: int, writer: RecordingWriter, admit: Admit
    ) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]:
        def accept(reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
            local, peer = near.get_extra_info("sockname"), near.get_extra_info("peername")
            full = len(self._tasks) >= connection_limit()
            # One that is accepted as the session ends would be passed on unrecorded.
            closed = self._ending or writer.broken
            if closed or full or not (peer and admit(local[:2], peer[:2])):
                near.transport.abort()
                return
            self._count += 1
            wire = _Wire(writer, self._count, port, format_address(*peer[:2]))
            self._own(wire.run(reader, near, self._target), f"relay {self._count}")

        return accept

    def _own(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._reap)

    def _reap(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("%s failed", task.get_name(), exc_info=error)


class _Wire:
    """One connection that is passed on."""

    def __init__(self, writer: RecordingWriter, number: int, port: int, peer: str) -> None:
        self._writer = writer
        self._number = number
        self._port = port
        self._peer = peer
        self._count = ForwardCount(writer)

    async def run(
        self, reader: asyncio.StreamReader, near: asyncio.StreamWriter, target: TcpTarget
    ) -> None:
        """Pass everything on both ways until both ends have said all, or one is lost."""
        self._writer.log(
            PortRelayOpened(
                t=self._writer.now(), relay=self._number, port=self._port, peer=self._peer
            )
        )
        refused: str | None = None
        try:
            sock = await TcpTarget(target.host, self._port).connect()
            far_reader, far = await asyncio.open_connection(sock=sock, limit=BLOCK)
        except (TargetError, OSError) as error:
            refused = str(error.cause if isinstance(error, TargetError) else error)
            near.transport.abort()
        else:
            with contextlib.suppress(OSError):
                await self._exchange((reader, near), (far_reader, far))
        finally:
            near.close()
            self._writer.log(
                PortRelayClosed(
                    t=self._writer.now(),
                    relay=self._number,
                    refused=refused,
                    flows=self._count.flows(),
                )
            )

    async def _exchange(
        self,
        near: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        far: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        there = asyncio.ensure_future(self._pass("in", near[0], far[1]))
        back = asyncio.ensure_future(self._pass("out", far[0], near[1]))
        try:
            await asyncio.gather(there, back)
        finally:
            there.cancel()
            back.cancel()
            for writer in (near[1], far[1]):
                writer.close()

    async def _pass(
        self, direction: Direction, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while (block := await reader.read(BLOCK)) and not self._writer.broken:
            self._count.feed(direction, block)
            writer.write(block)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
