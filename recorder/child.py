"""One session's process as the host sees it: started, asked, awaited, and ended if it must be.

It carries lines and watches for the end; what they mean is the host's and the session's affair.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import signal
import sys
from typing import Any

from recorder.control.messages import LINE_LIMIT, OfSession, Result, encode, read_answer
from recorder.control.options import SessionSpec
from recorder.errors import ControlError, JumpseatError

_log = logging.getLogger(__name__)

ARGV = (sys.executable, "-P", "-m", "recorder.session_process")
"""``-P``: nothing is imported out of the directory that `serve` was started in."""

CLOSE_SECONDS = 60.0
"""Longer than a session takes to close: its connections, its follower, its manifest."""

_TERM_SECONDS = 5.0
_ANSWER_SECONDS = 20.0


class SessionCrashedError(JumpseatError):
    """A session's process ended without a word."""


class SessionChild:
    """The process of one session.

    Attributes:
        spec: What it was told.
        state: How the session stood when it was ready.

    """

    def __init__(self, spec: SessionSpec) -> None:
        loop = asyncio.get_running_loop()
        self.spec = spec
        self.state: Result = {}
        self._process: asyncio.subprocess.Process | None = None
        self._ready: asyncio.Future[Result] = loop.create_future()
        self._over: asyncio.Future[str] = loop.create_future()
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._last = 0
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> Result:
        """Start it, and wait until candidates can connect; return how the session stands.

        Raises:
            JumpseatError: The session could not be opened; what the process said.
            SessionCrashedError: The process ended without a word.

        """
        try:
            # A session of its own: Ctrl-C in the terminal is for the host, which closes in order.
            self._process = await asyncio.create_subprocess_exec(
                *ARGV,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                start_new_session=True,
                limit=LINE_LIMIT,
            )
        except OSError as error:
            raise ControlError(
                f"cannot start the session's process ({error.strerror})", "free memory or processes"
            ) from error
        self._send(self.spec.model_dump(mode="json"))
        name = f"session {self.spec.session}"
        self._task = asyncio.get_running_loop().create_task(self._follow(), name=name)
        ends: list[asyncio.Future[Any]] = [self._ready, self._over]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if not self._ready.done():
            self._over.result()
            raise ControlError("the session ended before it was ready", "start it again")
        self.state = self._ready.result()
        return self.state

    async def ask(self, request: OfSession) -> Any:
        """Have the session do something; return how it stands then.

        Raises:
            JumpseatError: What it could not do.
            ControlError: It has ended, or does not answer.

        """
        self._last += 1
        number = self._last
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        self._send({"number": number, "request": request.model_dump(mode="json")})
        try:
            await asyncio.wait(
                [answer, self._over],
                timeout=_ANSWER_SECONDS,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            del self._answers[number]
        if answer.done():
            return answer.result()
        ended = "has ended" if self._over.done() else "does not answer"
        raise ControlError(f"the session {self.spec.session} {ended}", "see the log of `serve`")

    @property
    def over(self) -> asyncio.Future[str]:
        """Done when the process has ended; `wait` tells how."""
        return self._over

    @property
    def crashed(self) -> bool:
        """Whether the process ended without a word."""
        over = self._over
        return over.done() and isinstance(over.exception(), SessionCrashedError)

    async def wait(self) -> str:
        """Wait for the session's end; return why it ended.

        Raises:
            JumpseatError: It failed; what it said.
            SessionCrashedError: The process ended without a word.

        """
        return await asyncio.shield(self._over)

    async def close(self) -> None:
        """Let the session end in order, and make sure that its process is gone."""
        process = self._process
        if process is None:
            return
        if process.stdin is not None and not process.stdin.is_closing():
            self._send({"farewell": "the host ended"})
            process.stdin.close()
        for patience, number in (
            (CLOSE_SECONDS, signal.SIGTERM),
            (_TERM_SECONDS, signal.SIGKILL),
        ):
            try:
                async with asyncio.timeout(patience):
                    await process.wait()
                    break
            except TimeoutError:
                _log.warning("session %s does not end; sent %s", self.spec.session, number.name)
                with contextlib.suppress(ProcessLookupError):
                    process.send_signal(number)
        if self._task is not None:
            await asyncio.wait([self._task])

    def _send(self, message: Result) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(encode(message))

    async def _follow(self) -> None:
        """Read what the process says until it has ended."""
        process = self._process
        if process is None or process.stdout is None:
            return
        end: str | JumpseatError | None = None
        while line := await process.stdout.readline():
            end = self._take(json.loads(line)) or end
        status = await process.wait()
        self._finish(end if end is not None else self._crash(status))

    def _take(self, message: Result) -> str | JumpseatError | None:
        """Act on one line; return the session's end where it tells it."""
        match message:
            case {"ready": dict(state)}:
                self._ready.set_result(state)
            case {"number": int(number), "answer": dict(answer)}:
                self._answer(number, answer)
            case {"ended": str(why)}:
                return why
            case {"failed": dict(answer)}:
                return _error(answer)
            case _:
                _log.warning("session %s said what nobody understands", self.spec.session)
        return None

    def _answer(self, number: int, answer: Result) -> None:
        waiting = self._answers.get(number)
        if waiting is None or waiting.done():
            return
        try:
            waiting.set_result(read_answer(encode(answer)))
        except JumpseatError as error:
            waiting.set_exception(error)

    def _finish(self, end: str | JumpseatError) -> None:
        if isinstance(end, str):
            self._over.set_result(end)
            return
        self._over.set_exception(end)
        self._over.exception()  # looked at: who waits may not have come yet

    def _crash(self, status: int) -> SessionCrashedError:
        how = f"status {status}" if status >= 0 else signal.Signals(-status).name
        return SessionCrashedError(
            f"the process of session {self.spec.session} ended unexpectedly ({how})",
            "its recording is closed as cut off; open another session to go on",
        )


def _error(answer: Result) -> JumpseatError:
    try:
        read_answer(encode(answer))
    except JumpseatError as error:
        return error
    return ControlError("the session failed without a word", "see the log of `serve`")
