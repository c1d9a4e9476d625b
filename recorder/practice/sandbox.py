"""The host's side of the sandbox: starts its first process and asks it for shells and files.

Messages are JSON objects on a SEQPACKET socket pair, one a packet. To the sandbox:
``{"id", "op": "spawn", "user", "program", "argv", "environment", "greeting", "terminal":
null|{"size", "modes"}}``, ``{"id", "op": "read", "path"}``, ``{"id", "op": "append", "path",
"text"}``, ``{"id", "op": "signal", "pid", "number"}``. From it: ``{"id", ...}`` as the answer, with
descriptors where some were asked for, and ``{"event": "ready"|"failed"|"exit"|"knock", ...}``, the
last with the descriptor of a connection that was made to the SSH port inside. No SSH in here.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import recorder
from recorder.errors import ConfinementError

FILM = Path(__file__).parent / "film"
START_TIMEOUT = 20.0
_END_TIMEOUT = 2.0  # seconds that the first process has to see that its socket is closed
_MAX_PACKET = 262144
_MAX_DESCRIPTORS = 3
# Uids that no system hands out: above systemd's container range, below 2^31 (systemd UIDS-GIDS).
_FIRST_FREE_UID = 0x70000000
_REMEDY = "allow unprivileged user namespaces, or run it without walls with --unconfined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to run in the sandbox.

    Attributes:
        user: ``candidate`` or ``root`` (of the sandbox).
        argv: The arguments, the name it goes by first.
        program: The file that is run.
        environment: Beside what a login sets itself.
        greeting: Printed before the program starts.
        terminal: Columns, lines, width and height in pixels, and modes (RFC 4254 opcodes), or None.

    """

    user: str
    program: str
    argv: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    greeting: str = ""
    terminal: tuple[tuple[int, int, int, int], dict[int, int]] | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """A started program.

    Attributes:
        pid: In the sandbox's numbering.
        descriptors: The terminal's master, or the ends of stdin, stdout, stderr; the caller's.
        ended: Becomes the wait status (os.waitpid's) when it has ended.

    """

    pid: int
    descriptors: list[int]
    ended: asyncio.Future[int]


class Sandbox:
    """An async context manager around one sandbox.

    ``knocked`` is given each connection that somebody inside makes to the SSH port there.
    """

    def __init__(
        self,
        *,
        unconfined: bool = False,
        knocked: Callable[[socket.socket], None] = socket.socket.close,
    ) -> None:
        self._knocked = knocked
        self._unconfined = unconfined
        self._prefix: Path | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._control: socket.socket | None = None
        self._next_id = 0
        self._answers: dict[int, asyncio.Future[tuple[dict[str, Any], list[int]]]] = {}
        self._ended: dict[int, asyncio.Future[int]] = {}
        self._ready: asyncio.Future[None] | None = None

    async def __aenter__(self) -> Self:
        """Build the sandbox.

        Raises:
            ConfinementError: This machine does not give what it takes.

        """
        try:
            await self._start()
            async with asyncio.timeout(START_TIMEOUT):
                assert self._ready is not None  # noqa: S101 (set by _start)
                await self._ready
        except (OSError, TimeoutError) as error:
            await self._stop()
            reason = str(error) or f"not ready within {START_TIMEOUT:.0f} s"
            raise ConfinementError(
                f"cannot confine the practice server: {reason}", _REMEDY
            ) from error
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """End everything that runs in it."""
        await self._stop()

    async def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        self._control = ours
        loop = asyncio.get_running_loop()
        self._ready = loop.create_future()
        if self._unconfined:
            self._prefix = Path(tempfile.mkdtemp(prefix="jumpseat-practice-"))
            walls = ("unconfined", str(self._prefix))
        else:
            walls = ("confined", str(_FIRST_FREE_UID + secrets.randbelow(1 << 16)))
        source = Path(recorder.__file__).parent.parent
        start = (
            f"import sys; sys.path.insert(0, {str(source)!r}); "
            "from recorder.practice import init; sys.exit(init.main(sys.argv[1:]))"
        )
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-I", "-S", "-B", "-c", start,
                str(theirs.fileno()), str(FILM), *walls,
                pass_fds=(theirs.fileno(),), stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
                cwd="/", env={"LC_ALL": "C.UTF-8"}, start_new_session=True,
            )  # fmt: skip
        loop.add_reader(ours.fileno(), self._receive)

    async def _stop(self) -> None:
        control, self._control = self._control, None
        if control is not None:
            asyncio.get_running_loop().remove_reader(control.fileno())
            control.close()
        self._fail_all(ConnectionResetError("the sandbox has ended"))
        if self._process is not None:
            await _end(self._process)
        if self._prefix is not None:
            shutil.rmtree(self._prefix, ignore_errors=True)

    def _receive(self) -> None:
        if self._control is None:
            return
        try:
            packet, descriptors, _, _ = socket.recv_fds(
                self._control, _MAX_PACKET, _MAX_DESCRIPTORS
            )
        except BlockingIOError:
            return
        except OSError:
            packet, descriptors = b"", []
        if not packet:
            asyncio.get_running_loop().remove_reader(self._control.fileno())
            self._fail_all(ConnectionResetError("the sandbox's first process ended"))
            return
        self._dispatch(json.loads(packet), list(descriptors))

    def _dispatch(self, message: dict[str, Any], descriptors: list[int]) -> None:
        match message.get("event"):
            case "ready" if self._ready is not None and not self._ready.done():
                self._ready.set_result(None)
            case "failed" if self._ready is not None and not self._ready.done():
                self._ready.set_exception(OSError(message["error"]))
            case "exit":
                future = self._ended.pop(message["pid"], None)
                if future is not None and not future.done():
                    future.set_result(message["status"])
            case "knock":
                for descriptor in descriptors:
                    self._knocked(socket.socket(fileno=descriptor))
            case None:
                self._deliver(message, descriptors)

    def _deliver(self, message: dict[str, Any], descriptors: list[int]) -> None:
        if "pid" in message:
            # Registered before the answer is awaited: the exit may be the very next packet.
            self._ended[message["pid"]] = asyncio.get_running_loop().create_future()
        future = self._answers.pop(message["id"], None)
        if future is None or future.done():
            for descriptor in descriptors:
                os.close(descriptor)
        elif "error" in message:
            future.set_exception(OSError(message["error"]))
        else:
            future.set_result((message, descriptors))

    def _fail_all(self, error: OSError) -> None:
        waiting: list[asyncio.Future[Any]] = [*self._answers.values(), *self._ended.values()]
        if self._ready is not None:
            waiting.append(self._ready)
        self._answers.clear()
        self._ended.clear()
        for future in waiting:
            if not future.done():
                future.set_exception(error)
                future.exception()  # retrieved: nobody may be waiting any more

    async def _ask(self, **request: object) -> tuple[dict[str, Any], list[int]]:
        if self._control is None:
            raise ConnectionResetError("the sandbox has ended")
        self._next_id += 1
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[tuple[dict[str, Any], list[int]]] = loop.create_future()
        self._answers[self._next_id] = answer
        packet = json.dumps({"id": self._next_id, **request}).encode()
        await loop.sock_sendall(self._control, packet)
        return await answer

    async def spawn(self, program: Program) -> Running:
        """Start a program.

        Raises:
            OSError: It could not be started.

        """
        terminal = None
        if program.terminal is not None:
            terminal = {"size": program.terminal[0], "modes": program.terminal[1]}
        message, descriptors = await self._ask(
            op="spawn",
            user=program.user,
            program=program.program,
            argv=program.argv,
            environment=program.environment,
            greeting=program.greeting,
            terminal=terminal,
        )
        ended = self._ended.get(message["pid"])
        if ended is None:
            raise ConnectionResetError("the sandbox has ended")
        return Running(message["pid"], descriptors, ended)

    async def read(self, path: str) -> bytes:
        """Read a file of the sandbox's, its first 64 KiB.

        Raises:
            OSError: There is none, or it cannot be read.

        """
        message, _ = await self._ask(op="read", path=path)
        return base64.b64decode(message["content"])

    async def append(self, path: str, text: str) -> None:
        """Append to a file of the sandbox's, a log; what cannot be written is let go."""
        with contextlib.suppress(OSError):
            await self._ask(op="append", path=path, text=text)

    async def signal(self, pid: int, number: int) -> None:
        """Send a signal to the process group that a started program leads."""
        with contextlib.suppress(OSError):
            await self._ask(op="signal", pid=pid, number=number)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Wait for the end of a sandbox whose socket is closed; what is stuck is killed."""
    try:
        await asyncio.wait_for(process.wait(), _END_TIMEOUT)
    except TimeoutError:
        process.kill()
        await process.wait()
