"""Keeps one helper process running beside a session, and away from the candidate.

It starts, restarts after a crash with growing pauses, gives up loudly, and waits at the end. What
the process does is not known here: the argv comes from the composition root.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from recorder.home import PRIVATE_FILE

_log = logging.getLogger(__name__)

FINISH_SECONDS = 20.0
_KILL_SECONDS = 3.0
_MAX_FAILURES = 5
_FIRST_PAUSE = 0.2


class Supervised:
    """An ``async with`` block during which the process runs; at its end it may finish its work."""

    def __init__(self, argv: Sequence[str], log_file: Path, env: Mapping[str, str]) -> None:
        self._argv = argv
        self._log_file = log_file
        self._env = {**os.environ, **env}
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self._finishing = asyncio.Event()
        self._stopped = False

    async def __aenter__(self) -> Self:
        self._task = asyncio.get_running_loop().create_task(self._run(), name="supervisor")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the process finish by itself, then make it."""
        self._finishing.set()
        if self._task is None:
            return
        done, _ = await asyncio.wait([self._task], timeout=FINISH_SECONDS)
        if not done:
            _log.warning("the analysis did not finish in time; `jumpseat tags` completes it")
            await self._stop()
        await asyncio.wait([self._task])

    async def _run(self) -> None:
        failures = 0
        while failures < _MAX_FAILURES:
            last = self._finishing.is_set()
            status = await self._run_once()
            if status == 0 or self._stopped:
                return
            if last:
                _log.warning(
                    "the analysis ended with status %s, see %s; `jumpseat tags` completes it",
                    status,
                    self._log_file,
                )
                return
            failures += 1
            _log.warning("the analysis ended with status %s, see %s", status, self._log_file)
            pause = _FIRST_PAUSE * 2**failures
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._finishing.wait()
        _log.error("the analysis failed %d times and is left alone; recording goes on", failures)

    async def _run_once(self) -> int:
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            descriptor = os.open(self._log_file, flags, PRIVATE_FILE)
        except OSError as error:
            _log.error("cannot write %s (%s)", self._log_file, error.strerror)
            return -1
        try:
            # A session of its own: Ctrl-C in the terminal is for the host, which closes in order.
            self._process = await asyncio.create_subprocess_exec(
                *self._argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                env=self._env,
                start_new_session=True,
            )
        except OSError as error:
            _log.error("cannot start %s (%s)", self._argv[0], error.strerror)
            return -1
        finally:
            os.close(descriptor)
        return await self._process.wait()

    async def _stop(self) -> None:
        self._stopped = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(_KILL_SECONDS):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
