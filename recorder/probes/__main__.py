"""The probing process, ``python -m recorder.probes``: a plan comes in, what changed goes out.

Its first line of input is a `ProbePlan`; it prints journal lines. The end of its input is its end,
so that it never outlives the session that started it, however that one died.
"""

from __future__ import annotations

import asyncio
import os
import sys

from pydantic import ValidationError

from recorder.probes.plan import ProbePlan
from recorder.probes.watch import watch
from recorder.recording.journal import Probe, encode_entry

_NICE = 10
"""Whoever types is served first."""

_PLAN_LIMIT = 1 << 20


def main() -> int:
    """Run until the input ends; return the exit status."""
    os.nice(_NICE)
    return asyncio.run(_run())


async def _run() -> int:
    reader = asyncio.StreamReader(limit=_PLAN_LIMIT)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin.buffer)
    try:
        plan = ProbePlan.model_validate_json(await reader.readline())
    except ValidationError as error:
        sys.stderr.write(f"not a plan: {error}\n")
        return 2
    watching = loop.create_task(watch(plan, _tell), name="probes")
    ended = loop.create_task(reader.read(), name="end of input")
    await asyncio.wait([watching, ended], return_when=asyncio.FIRST_COMPLETED)
    if watching.done():
        watching.result()
        return 1
    watching.cancel()
    await asyncio.wait([watching])
    return 0


def _tell(seen: Probe) -> None:
    # Lines are short and read at once: a pipe that is full means that nobody is there.
    os.write(sys.stdout.fileno(), encode_entry(seen))


if __name__ == "__main__":
    sys.exit(main())
