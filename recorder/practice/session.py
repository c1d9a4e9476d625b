"""One SSH channel of the practice server: bytes between the channel and a program in the sandbox.

Back-pressure goes both ways: a slow client stops the reading of the program's output, a program
that does not read stops the client. The exit status leaves after all output. No policy in here.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import os
import signal
import struct
import termios
from collections import deque
from collections.abc import Awaitable, Callable, Mapping

import asyncssh

from recorder.practice.sandbox import Program, Running, Sandbox

_CHUNK = 65536
_INPUT_HIGH = 262144
_SILENCE = 1.0  # seconds that a hung-up terminal may keep its last bytes
_PASSED_ON = ("LANG", "LANGUAGE", "COLORTERM")  # with LC_*, what Ubuntu's AcceptEnv lets in
_SFTP_SERVER = "/usr/lib/openssh/sftp-server"

Greeting = Callable[[bool], Awaitable[str]]


class PracticeSession(asyncssh.SSHServerSession[bytes]):
    """Runs a login shell, a command or sftp-server for one channel."""

    def __init__(self, sandbox: Sandbox, user: str, greeting: Greeting) -> None:
        self._sandbox = sandbox
        self._user = user
        self._greeting = greeting
        self._terminal: tuple[tuple[int, int, int, int], dict[int, int]] | None = None
        self._term = ""
        self._argv: tuple[str, ...] = ()
        self._input: deque[bytes] = deque()
        self._input_ended = False
        self._running: Running | None = None
        self._stdin = -1
        self._open: dict[int, bool] = {}  # descriptors that give output; the value: is it stderr
        self._writable = asyncio.Event()
        self._writable.set()
        self._drained = asyncio.Event()
        self._bytes_read = 0
        self._signals: set[asyncio.Task[None]] = set()
        self._closed = False
        self._task: asyncio.Task[None] | None = None

    # What the client asks for, before anything runs.

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """Keep the channel."""
        self._chan = chan

    def pty_requested(
        self, term_type: str, term_size: tuple[int, int, int, int], term_modes: Mapping[int, int]
    ) -> bool:
        """Give a terminal."""
        self._term, self._terminal = term_type, (term_size, dict(term_modes))
        return True

    def shell_requested(self) -> bool:
        """Start a login shell."""
        self._argv = ("-bash",)
        return True

    def exec_requested(self, command: str) -> bool:
        """Run a command as sshd does, through the user's shell."""
        self._argv = ("bash", "-c", command)
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        """Run sftp-server, where the machine has one."""
        self._argv = ("bash", "-c", f"exec {_SFTP_SERVER}")
        return subsystem == "sftp"

    def session_started(self) -> None:
        """Start the program; what arrives meanwhile is kept."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="practice channel")

    # What the client does while it runs.

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        """Hand input to the program, or hold it, and the client, until it reads."""
        del datatype
        self._input.append(data)
        if sum(map(len, self._input)) > _INPUT_HIGH:
            self._chan.pause_reading()
        self._write_input()

    def eof_received(self) -> bool:
        """Close the program's stdin after the last byte; output goes on."""
        self._input_ended = True
        self._write_input()
        return True

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        """Resize the terminal; the kernel tells the programs."""
        size = (width, height, pixwidth, pixheight)
        if self._terminal is None:
            return
        self._terminal = (size, self._terminal[1])
        if self._stdin >= 0:
            packed = struct.pack("HHHH", *(n & 0xFFFF for n in (height, width, *size[2:])))
            fcntl.ioctl(self._stdin, termios.TIOCSWINSZ, packed)

    def signal_received(self, signal: str) -> None:
        """Pass a signal on to the program's process group."""
        self._send_signal(signal)

    def break_received(self, msec: int) -> bool:
        """Interrupt, as a terminal's driver does on a break."""
        del msec
        self._send_signal("INT")
        return True

    def pause_writing(self) -> None:
        """Stop reading output: the client is slow."""
        self._writable.clear()
        for descriptor in self._open:
            asyncio.get_running_loop().remove_reader(descriptor)

    def resume_writing(self) -> None:
        """Go on."""
        self._writable.set()
        for descriptor in self._open:
            asyncio.get_running_loop().add_reader(descriptor, self._read_output, descriptor)

    def connection_lost(self, exc: Exception | None) -> None:
        """Hang up."""
        del exc
        self._closed = True
        if self._task is not None:
            self._task.cancel()
        self._close_all()

    # The program.

    async def _run(self) -> None:
        try:
            self._running = await self._sandbox.spawn(await self._program())
        except OSError as error:
            self._chan.write_stderr(f"practice server: {error}\n".encode())
            self._chan.exit(255)
            return
        if self._closed:
            for descriptor in self._running.descriptors:
                os.close(descriptor)
            return
        self._attach(self._running.descriptors)
        try:
            status = await self._running.ended
        except OSError:
            self._chan.close()
            return
        await self._drain()
        self._report(status)

    async def _program(self) -> Program:
        environment = {
            key: value
            for key, value in self._chan.get_environment().items()
            if key in _PASSED_ON or key.startswith("LC_")
        }
        environment.setdefault("LANG", "C.UTF-8")
        environment["SSH_CONNECTION"] = "10.20.0.7 50522 10.20.0.11 22"
        environment["SSH_CLIENT"] = "10.20.0.7 50522 22"
        if self._terminal is not None:
            environment["TERM"] = self._term or "dumb"
        shell = self._argv == ("-bash",)
        program, argv = "/bin/bash", self._argv
        if self._user == "root":
            program = "/usr/bin/unshare"
            ask = "exec -l bash" if shell else f"exec bash -c {_quoted(self._argv[-1])}"
            argv = ("unshare", "--user", "--map-root-user", "bash", "-c", f"cd /root; {ask}")
        greeting = await self._greeting(self._terminal is not None) if shell else ""
        return Program(
            user=self._user, program=program, argv=argv, environment=environment,
            greeting=greeting, terminal=self._terminal,
        )  # fmt: skip

    def _attach(self, descriptors: list[int]) -> None:
        for descriptor in descriptors:
            os.set_blocking(descriptor, False)
        self._stdin = descriptors[0]
        self._open = dict.fromkeys(descriptors[:1], False)
        if self._terminal is None:
            self._open = {descriptors[1]: False, descriptors[2]: True}
        else:
            self.terminal_size_changed(*self._terminal[0])
        if self._writable.is_set():
            self.resume_writing()
        self._write_input()

    def _read_output(self, descriptor: int) -> None:
        try:
            data = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno != errno.EIO:  # a terminal's EOF: the last holder closed it
                raise
            data = b""
        self._bytes_read += len(data)
        if data:
            self._chan.write(
                data, asyncssh.EXTENDED_DATA_STDERR if self._open[descriptor] else None
            )
        else:
            self._end_output(descriptor)

    def _end_output(self, descriptor: int) -> None:
        asyncio.get_running_loop().remove_reader(descriptor)
        del self._open[descriptor]
        if descriptor != self._stdin:
            os.close(descriptor)
        if not self._open:
            self._drained.set()

    async def _drain(self) -> None:
        """Wait for the end of all output, as sshd does; a terminal's ends with its shell."""
        if self._terminal is not None:
            await self._drain_terminal()
        else:
            await self._drained.wait()
        if self._chan.get_write_buffer_size():
            self._chan.set_write_buffer_limits(high=0)
            await self._writable.wait()

    async def _drain_terminal(self) -> None:
        """Wait for the terminal's EOF, which the kernel gives when its session's leader is gone.

        A read that finds nothing is no end: the kernel hands the last bytes over in its own time.
        """
        seen = -1
        while not self._drained.is_set():
            if self._writable.is_set() and seen == self._bytes_read:
                return  # silent, and somebody still holds it: sshd would hang here
            seen = self._bytes_read
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._drained.wait(), _SILENCE)

    def _report(self, status: int) -> None:
        if os.WIFSIGNALED(status):
            name = signal.Signals(os.WTERMSIG(status)).name.removeprefix("SIG")
            self._chan.exit_with_signal(name, os.WCOREDUMP(status))
        else:
            self._chan.exit(os.WEXITSTATUS(status))

    def _write_input(self) -> None:
        if self._stdin < 0:
            return
        loop = asyncio.get_running_loop()
        while self._input:
            try:
                written = os.write(self._stdin, self._input[0])
            except BlockingIOError:
                loop.add_writer(self._stdin, self._write_input)
                return
            except OSError:  # the program closed its stdin; the rest is for nobody
                self._input.clear()
                break
            rest = self._input.popleft()[written:]
            if rest:
                self._input.appendleft(rest)
        loop.remove_writer(self._stdin)
        if not self._closed:
            self._chan.resume_reading()
        # Resuming delivers at once what was held back: there may be input again by now.
        if self._input_ended and not self._input and self._stdin >= 0:
            self._end_input()

    def _end_input(self) -> None:
        """Close a pipe; a terminal stays open, as with sshd."""
        if self._terminal is None:
            os.close(self._stdin)
            self._stdin = -1

    def _send_signal(self, name: str) -> None:
        number = getattr(signal, f"SIG{name}", None)
        if self._running is not None and number is not None:
            task = asyncio.get_running_loop().create_task(
                self._sandbox.signal(self._running.pid, number), name="practice signal"
            )
            self._signals.add(task)
            task.add_done_callback(self._signals.discard)

    def _close_all(self) -> None:
        loop = asyncio.get_running_loop()
        for descriptor in {*self._open, self._stdin} - {-1}:
            loop.remove_reader(descriptor)
            loop.remove_writer(descriptor)
            os.close(descriptor)
        self._open = {}
        self._stdin = -1


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
