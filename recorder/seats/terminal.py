"""One seat's process on a terminal of its own: started, fed, drained, resized, and ended for good.

Back-pressure goes both ways and nothing is kept beyond a few blocks: a viewer that does not read
stops its own seat, a seat that does not read stops its own viewer. SSH is not known here.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import os
import pty
import signal
import struct
import termios
from collections.abc import Callable, Mapping, Sequence

BLOCK = 65536
INPUT_HIGH = 65536
"""Bytes of input that wait for the seat, above which the viewer has to wait."""

COLUMNS = (2, 500)
LINES = (1, 200)
_USUAL = (80, 24)
_HANG_UP_SECONDS = 1.0
_DRAIN_SECONDS = 60.0
"""How long a slow viewer may take for the last words, which set their terminal right again."""
_NEITHER = termios.ECHO | termios.ISIG | termios.ICANON | termios.IEXTEN


def fitting(columns: int, lines: int) -> tuple[int, int]:
    """Return a size that can be drawn: what a client says may be nothing, or absurd."""
    if columns <= 0 or lines <= 0:
        return _USUAL
    return (
        min(max(columns, COLUMNS[0]), COLUMNS[1]),
        min(max(lines, LINES[0]), LINES[1]),
    )


class SeatTerminal:
    """A process and the controlling side of its terminal, from `run` to its end.

    Args:
        output: Takes what the process draws.
        thirsty: Called when input that had to wait was taken.

    """

    def __init__(self, output: Callable[[bytes], None], thirsty: Callable[[], None]) -> None:
        self._output = output
        self._thirsty = thirsty
        self._master = -1
        self._input = bytearray()
        self._paused = False
        self._drained = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None

    @property
    def full(self) -> bool:
        """Whether input waits that should not grow."""
        return len(self._input) > INPUT_HIGH

    async def run(
        self, argv: Sequence[str], variables: Mapping[str, str], size: tuple[int, int]
    ) -> int:
        """Run the process to its end; return its exit status, 128 and more for a signal.

        Cancelled, it hangs up first. Whatever happens, the process is gone when this returns.

        Raises:
            OSError: It cannot be started.

        """
        self._master, slave = pty.openpty()
        try:
            try:
                _prepare(slave)
                self.resize(*size)
                os.set_blocking(self._master, False)
                self._process = await asyncio.create_subprocess_exec(
                    *argv,
                    stdin=slave,
                    stdout=slave,
                    stderr=slave,
                    env=dict(variables),
                    start_new_session=True,
                )
            finally:
                os.close(slave)
            self._attend()
            status = await self._process.wait()
            # Helpers that it left would keep the terminal open, and its last words from ending.
            _signal(self._process.pid, signal.SIGKILL)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_DRAIN_SECONDS):
                    await self._drained.wait()
            return status if status >= 0 else 128 - status
        finally:
            await asyncio.shield(self._end())

    def feed(self, data: bytes) -> None:
        """Give the process input; where it does not read, the input waits."""
        if self._master < 0:
            return
        self._input += data
        self._write()

    def resize(self, columns: int, lines: int) -> None:
        """Change the terminal's size, in cells; the kernel tells the process."""
        if self._master >= 0:
            columns, lines = fitting(columns, lines)
            packed = struct.pack("HHHH", lines, columns, 0, 0)
            fcntl.ioctl(self._master, termios.TIOCSWINSZ, packed)

    def pause(self) -> None:
        """Take no more output: the process waits as soon as the terminal is full."""
        self._paused = True
        if self._master >= 0:
            asyncio.get_running_loop().remove_reader(self._master)

    def resume(self) -> None:
        """Go on."""
        self._paused = False
        self._attend()

    def _attend(self) -> None:
        if self._process is not None and self._master >= 0 and not self._drained.is_set():
            loop = asyncio.get_running_loop()
            if not self._paused:
                loop.add_reader(self._master, self._read)
            self._write()

    def _read(self) -> None:
        try:
            data = os.read(self._master, BLOCK)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno != errno.EIO:  # what a terminal says when its last holder is gone
                raise
            data = b""
        if data:
            self._output(data)
        else:
            asyncio.get_running_loop().remove_reader(self._master)
            self._drained.set()

    def _write(self) -> None:
        loop = asyncio.get_running_loop()
        was_full = self.full
        try:
            while self._input:
                del self._input[: os.write(self._master, self._input[:BLOCK])]
        except BlockingIOError:
            loop.add_writer(self._master, self._write)
        except OSError:
            self._input.clear()
        if not self._input:
            loop.remove_writer(self._master)
        if was_full and not self.full:
            self._thirsty()

    async def _end(self) -> None:
        """Hang up, and see to it that nothing of the process's is left."""
        loop = asyncio.get_running_loop()
        master, self._master = self._master, -1
        loop.remove_reader(master)
        loop.remove_writer(master)
        os.close(master)
        process = self._process
        if process is None:
            return
        if process.returncode is None:
            _signal(process.pid, signal.SIGHUP)
            try:
                async with asyncio.timeout(_HANG_UP_SECONDS):
                    await process.wait()
            except TimeoutError:
                pass
        # Its whole group: the process may have had helpers, which count on nobody else.
        _signal(process.pid, signal.SIGKILL)
        await process.wait()


def _prepare(slave: int) -> None:
    """Let nothing be echoed, and no key raise a signal, before the seat has set it up."""
    modes = termios.tcgetattr(slave)
    modes[0] &= ~termios.IXON
    modes[3] &= ~_NEITHER
    termios.tcsetattr(slave, termios.TCSANOW, modes)


def _signal(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
