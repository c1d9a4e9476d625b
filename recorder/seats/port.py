"""The seat's port as the host sees it: the socket, and the process that answers on it.

The socket is the host's, so that the port stays the same when the process crashed and is started
again. What interviewers do there is not known here.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import sys
from collections.abc import Callable
from typing import Self

from recorder.errors import ControlError, ListenError
from recorder.home import PRIVATE_FILE, Home
from recorder.hop.listener import bind
from recorder.hop.target import format_address, parse_address
from recorder.keys import load_seat_key
from recorder.seats.interviewers import read_interviewers
from recorder.seats.spec import READY, SeatOptions, SeatSpec

_log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-P", "-m", "recorder.seats")
_READY_SECONDS = 30.0
_END_SECONDS = 8.0
_MOST_FAILURES = 6
_FIRST_PAUSE = 0.2
_STEADY_SECONDS = 60.0
"""A process that ran so long did not fail at once: its crash begins a new count."""


class SeatPort:
    """An ``async with`` block during which interviewers can log in.

    Args:
        home: Where the keys are, and the log.
        options: Who may come, and where.
        announce: Takes the line that says where.
        command: The process; tests put others in its place.

    """

    def __init__(
        self,
        home: Home,
        options: SeatOptions,
        announce: Callable[[str], None],
        command: tuple[str, ...] = COMMAND,
    ) -> None:
        self._home = home
        self._options = options
        self._announce = announce
        self._command = command
        self._sock: socket.socket | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin, and say where.

        Raises:
            InterviewersError: The file cannot be used.
            ListenError: The address cannot be bound.
            HomeError: The host key cannot be read or made.
            ControlError: The process does not start.

        """
        read_interviewers(self._options.interviewers)
        load_seat_key(self._home)
        self._sock = _bound(self._options.listen)
        try:
            await self._begin()
        except BaseException:
            self._sock.close()
            raise
        loop = asyncio.get_running_loop()
        self._task = loop.create_task(self._keep(), name="seat port")
        host, port = self._sock.getsockname()[:2]
        self._announce(f"seat listening on {format_address(host, port)}")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Show everybody out, and end the process."""
        if self._task is not None:
            # Before the process: it must not be started again meanwhile.
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._end()
        if self._sock is not None:
            self._sock.close()

    async def _begin(self) -> None:
        if not await self._start():
            raise ControlError("the seat's process does not start", f"see {self._log_file}")

    @property
    def process(self) -> int | None:
        """The id of the process that answers now."""
        return None if self._process is None else self._process.pid

    @property
    def _log_file(self) -> str:
        return str(self._home.logs / "seats.log")

    async def _keep(self) -> None:
        """Start it again whenever it has ended, unless it does so over and over."""
        loop = asyncio.get_running_loop()
        failures = 0
        while self._process is not None:
            began = loop.time()
            status = await self._process.wait()
            failures = 1 if loop.time() - began > _STEADY_SECONDS else failures + 1
            _log.warning("the seat's process ended with status %s, see %s", status, self._log_file)
            if failures >= _MOST_FAILURES:
                break
            await asyncio.sleep(_FIRST_PAUSE * 2**failures)
            await self._start()
        _log.error("nobody can get a seat over SSH any more; sessions go on")
        if self._sock is not None:
            self._sock.close()

    async def _start(self) -> bool:
        """Start the process; tell whether interviewers can log in. If not, none of it is left."""
        try:
            ready = await self._launch()
        except OSError as error:
            _log.warning("the seat's process cannot be started (%s)", error)
            ready = False
        if not ready:
            await self._end()
        return ready

    async def _launch(self) -> bool:
        """Start the process and hear whether it is ready.

        Raises:
            OSError: It cannot be started.

        """
        if self._sock is None:
            return False
        spec = SeatSpec(
            home=self._home.path,
            descriptor=self._sock.fileno(),
            parent=os.getpid(),
            interviewers=self._options.interviewers,
            argv=self._options.argv,
            variables=dict(self._options.variables),
            limits=self._options.limits,
        )
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        log = os.open(self._log_file, flags, PRIVATE_FILE)
        try:
            # A session of its own: Ctrl-C in the terminal is for the host, which closes in order.
            process = self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                pass_fds=(self._sock.fileno(),),
                start_new_session=True,
            )
        finally:
            os.close(log)
        if process.stdin is None or process.stdout is None:
            return False
        process.stdin.write(spec.model_dump_json().encode() + b"\n")
        try:
            async with asyncio.timeout(_READY_SECONDS):
                line = await process.stdout.readline()
        except TimeoutError:
            line = b""
        return line == READY

    async def _end(self) -> None:
        """Let the process close in order; make it, where it does not."""
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(_END_SECONDS):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _bound(listen: str) -> socket.socket:
    """Return the socket of the seat's port.

    Raises:
        UsageError: It is not an address.
        ListenError: It cannot be bound.

    """
    try:
        return bind(*parse_address(listen, None))
    except ListenError as error:
        raise ListenError(
            f"no seat over SSH: {error.cause}", "choose another port with --seat-port"
        ) from error
