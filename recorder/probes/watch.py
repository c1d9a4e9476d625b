"""Looks again and again, at the exercise's pace, and tells only of what changed.

The pace is decided here, once: never closer together than asked for, but for one second look soon
after a web server changed, which tells a restart from an outage; and ever rarer where sshd does
not answer, which may be a ban.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncssh

from recorder.exercise.schema import LEAST_PAGE_SECONDS, HttpProbe
from recorder.exercise.schema import Probe as ProbeSetting
from recorder.probes.http import look_at_page
from recorder.probes.logins import look_at_logins
from recorder.probes.plan import ProbePlan
from recorder.recording.journal import Probe

MOST_PATIENCE = 4
"""Times the interval, at most, between two looks at an sshd that does not answer."""

Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class Pace:
    """When to look again at one thing."""

    probe: ProbeSetting
    _failures: int = 0
    _soon: bool = False

    def after(self, seen: Probe, *, changed: bool) -> float:
        """Return the seconds until the next look."""
        every = float(self.probe.every)
        if isinstance(self.probe, HttpProbe):
            self._soon = changed and not self._soon
            return min(every, LEAST_PAGE_SECONDS) if self._soon else every
        self._failures = 0 if seen.outcome == "answered" else self._failures + 1
        return every * min(1 << max(0, self._failures - 1), MOST_PATIENCE)


async def watch(
    plan: ProbePlan, tell: Callable[[Probe], None], *, sleep: Sleep = asyncio.sleep
) -> None:
    """Look at everything in the plan until cancelled; ``tell`` gets the first look and each change.

    The times of what is told are 0: whoever records it knows the session's clock.
    """
    key = asyncssh.import_public_key(plan.host_key)
    async with asyncio.TaskGroup() as group:
        for probe in plan.probes:
            group.create_task(_watch_one(plan, key, probe, tell, sleep), name=f"probe {probe.id}")


async def _watch_one(
    plan: ProbePlan,
    key: asyncssh.SSHKey,
    probe: ProbeSetting,
    tell: Callable[[Probe], None],
    sleep: Sleep,
) -> None:
    pace, before = Pace(probe), None
    while True:
        if isinstance(probe, HttpProbe):
            seen = await look_at_page(plan.host, probe)
        else:
            seen = await look_at_logins(plan.host, plan.ssh_port, key, probe)
        is_first, changed = before is None, seen != before
        if changed:
            tell(seen)
        before = seen
        await sleep(pace.after(seen, changed=changed and not is_first))
