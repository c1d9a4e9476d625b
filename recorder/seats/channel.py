"""One SSH session of an interviewer's: what they asked for, and the seat's terminal behind it.

Of what a client may set, the kind of terminal and its colours count, and nothing else. Which words
are understood is `recorder.seats.requests`'s, how a process is run `recorder.seats.terminal`'s.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import Callable, Mapping

import asyncssh

from recorder.errors import JumpseatError, RefusedRequestError
from recorder.seats.door import Door
from recorder.seats.entry import PARENT
from recorder.seats.requests import Visit, parse_request
from recorder.seats.spec import SeatSpec
from recorder.seats.terminal import SeatTerminal, fitting

_log = logging.getLogger(__name__)

PASSED_ON = ("COLORTERM", "NO_COLOR", "TERM_PROGRAM")
"""What a client may say of its terminal. Its locale does not count: a seat writes UTF-8."""

_VALUE = re.compile(r"[A-Za-z0-9._+-]{1,64}")
_USUAL = "xterm-256color"
_CANNOT_DRAW = frozenset({"dumb", "unknown"})
_NOT_DONE = 1
_KILLED = 128
"""An exit status from here on is a signal's, and the seat had no time to tidy up."""

RESTORE = "".join(f"\x1b[?{mode}l" for mode in (1000, 1002, 1003, 1006, 1015, 1004, 2004, 1049))
RESTORE += "\x1b[<u\x1b[?25h\x1b[m\r\n"
"""Sets right a terminal that a seat had to leave at once: mouse, paste, screen, keys, cursor."""
_WRONG_USAGE = 2


class SeatChannel(asyncssh.SSHServerSession[bytes]):
    """A session, from its request to its end.

    Args:
        name: Who asks.
        who: The same with their role, as the seat's program takes it.
        door: Gives seats.
        spec: What is run, and how.
        over: Called with this when it has ended.

    """

    def __init__(
        self,
        name: str,
        who: str,
        door: Door,
        spec: SeatSpec,
        over: Callable[[SeatChannel], None],
    ) -> None:
        self._name = name
        self._who = who
        self._door = door
        self._spec = spec
        self._over = over
        self._term: str | None = None
        self._size = (0, 0)
        self._visit: Visit | None = None
        self._refusal: JumpseatError | None = None
        self._terminal: SeatTerminal | None = None
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """Keep the channel."""
        self._chan = chan

    # What the client asks for, before anything runs.

    def pty_requested(
        self, term_type: str, term_size: tuple[int, int, int, int], term_modes: Mapping[int, int]
    ) -> bool:
        """Take note of the terminal; its modes are the seat's to set."""
        del term_modes
        self._term = term_type
        self._size = term_size[:2]
        return True

    def shell_requested(self) -> bool:
        """Show the sessions: there is no shell here."""
        return self.exec_requested("")

    def exec_requested(self, command: str) -> bool:
        """Read what is wanted; what is refused is answered in words."""
        try:
            self._visit = parse_request(command)
        except RefusedRequestError as error:
            self._refusal = error
            _log.warning("%s asked for what is not offered: %r", self._name, command[:200])
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        """Refuse every subsystem: files do not travel here."""
        _log.warning("%s asked for the subsystem %r", self._name, subsystem[:200])
        return False

    def session_started(self) -> None:
        """Begin."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="seat")

    # What the client does while it runs.

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        """Hand on what is typed; who types faster than the seat reads, waits."""
        del datatype
        if self._terminal is not None:
            self._terminal.feed(data)
            if self._terminal.full:
                self._chan.pause_reading()

    def eof_received(self) -> bool:
        """Go on: there is more to see."""
        return True

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        """Hand on the size."""
        del pixwidth, pixheight
        self._size = (width, height)
        if self._terminal is not None:
            self._terminal.resize(width, height)

    def break_received(self, msec: int) -> bool:
        """Ignore it."""
        del msec
        return False

    def signal_received(self, signal: str) -> None:
        """Ignore it: keys are how a seat is left."""

    def pause_writing(self) -> None:
        """Let the seat wait: the viewer's client is slow."""
        if self._terminal is not None:
            self._terminal.pause()

    def resume_writing(self) -> None:
        """Go on."""
        if self._terminal is not None:
            self._terminal.resume()

    def connection_lost(self, exc: Exception | None) -> None:
        """Hang up."""
        del exc
        if self._task is None:
            self._over(self)
        else:
            self._task.cancel()

    def show_out(self, why: str) -> bool:
        """End it at once, the terminal in order, with a word for the viewer.

        Tells whether somebody sat here.
        """
        if self._terminal is None or self._chan.is_closing():
            return False
        self._terminal.pause()
        self._restore()
        self._say(why)
        self._chan.exit(_NOT_DONE)
        return True

    def _restore(self) -> None:
        if self._terminal is not None:
            self._draw(RESTORE.encode())

    def _draw(self, data: bytes) -> None:
        # A seat goes on for a moment when its viewer is on the way out.
        if not self._chan.is_closing():
            self._chan.write(data)

    async def _run(self) -> None:
        try:
            status = await self._sit()
            if status > _KILLED:
                self._restore()
            self._chan.exit(status)
        except (JumpseatError, OSError) as error:
            self._say(str(error))
            self._chan.exit(_WRONG_USAGE if isinstance(error, RefusedRequestError) else _NOT_DONE)
        finally:
            self._over(self)

    async def _sit(self) -> int:
        """Run the seat; return its exit status.

        Raises:
            JumpseatError: It is not to be had.
            OSError: It cannot be started.

        """
        if self._visit is None:
            raise self._refusal or RefusedRequestError("nothing was asked for")
        words = " ".join(self._visit.words)
        if self._term is None:
            raise RefusedRequestError(
                "a seat is drawn on a terminal, and ssh asked for none",
                f"write `ssh -t`: ssh -t -p PORT {self._name}@HOST {words}".rstrip(),
            )
        if self._term in _CANNOT_DRAW:
            raise JumpseatError(
                f"a terminal of the kind {self._term!r} cannot show a seat",
                "use another terminal, or set TERM to what it is",
            )
        with self._door.seat(self._name):
            # Which session it is, the trace tells: this file is not searched when one is deleted.
            _log.info("%s sits down: %s", self._name, self._visit.verb)
            self._terminal = SeatTerminal(self._draw, self._chan.resume_reading)
            argv = (*self._spec.argv, self._who, *self._visit.words)
            status = await self._terminal.run(argv, self._variables(), fitting(*self._size))
            _log.info("%s gets up, with status %d", self._name, status)
            return status

    def _variables(self) -> dict[str, str]:
        told = self._chan.get_environment()
        theirs = {
            key: told[key] for key in PASSED_ON if key in told and _VALUE.fullmatch(told[key])
        }
        term = self._term or ""
        return {
            **self._spec.variables,
            **theirs,
            "TERM": term if _VALUE.fullmatch(term) else _USUAL,
            PARENT: str(os.getpid()),
        }

    def _say(self, words: str) -> None:
        """Say something in a line, on a terminal that is in raw mode, or none."""
        end = "\r\n" if self._term is not None else "\n"
        if not self._chan.is_closing():
            self._chan.write_stderr(f"jumpseat: {words}{end}".encode())
