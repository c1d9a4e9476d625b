"""Runs the probing process beside a session, and hands what it sees to the recording.

The relay's process only starts it and reads a line now and then. One that crashes is started
again, a few times; then the recording says that nobody looks any more.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from recorder.errors import RecordingError
from recorder.home import PRIVATE_FILE
from recorder.probes.plan import ProbePlan
from recorder.recording.journal import JournalEntry, Probe, ProbingStopped, decode_entry

_log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-P", "-m", "recorder.probes")
_MAX_STARTS = 3
_FIRST_PAUSE = 0.5


class Probing:
    """Looks at the target from `start` to `close`; without a plan, at nothing.

    Args:
        plan: What to look at, None for nothing.
        log_file: Takes what the process has to complain about.
        log: Takes entries for the journal, whose ``t`` is still to be set.
        command: The process; tests put others in its place.

    """

    def __init__(
        self,
        plan: ProbePlan | None,
        log_file: Path,
        log: Callable[[JournalEntry], None],
        command: Sequence[str] = COMMAND,
    ) -> None:
        self._plan = plan
        self._log_file = log_file
        self._log = log
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        if self._plan is not None:
            run = self._run(self._plan)
            self._task = asyncio.get_running_loop().create_task(run, name="probing")

    async def close(self) -> None:
        """End the process; nothing is logged any more when this returns."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._end()

    async def _run(self, plan: ProbePlan) -> None:
        problem = ""
        for start in range(_MAX_STARTS):
            if start:
                await asyncio.sleep(_FIRST_PAUSE * 2**start)
            try:
                problem = await self._run_once(plan)
            except (OSError, RecordingError, ValueError) as error:
                problem = str(error)
            await self._end()
            _log.warning("the probing process ended (%s), see %s", problem, self._log_file)
        _log.error("the target is no longer looked at from outside; recording goes on")
        self._log(ProbingStopped(t=0, reason=f"the probing process failed ({problem})"))

    async def _run_once(self, plan: ProbePlan) -> str:
        """Start it and read until it ends; return how it did."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        descriptor = os.open(self._log_file, flags, PRIVATE_FILE)
        try:
            # A session of its own: Ctrl-C in the terminal is for the host, which closes in order.
            process = self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=descriptor,
                start_new_session=True,
            )
        finally:
            os.close(descriptor)
        if process.stdin is None or process.stdout is None:
            raise OSError("it has no pipes")
        process.stdin.write(plan.model_dump_json(by_alias=True).encode() + b"\n")
        while line := await process.stdout.readline():
            entry = decode_entry(line)
            if isinstance(entry, Probe):
                self._log(entry)
        return f"status {await process.wait()}"

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        # It keeps nothing, so there is nothing that it would have to finish.
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
