"""Only changes are told, at a pace that disturbs nobody."""

from __future__ import annotations

import asyncio
import itertools

import asyncssh
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.exercise.schema import LEAST_LOGIN_SECONDS, HttpProbe, LoginProbe
from recorder.probes.plan import ProbePlan
from recorder.probes.watch import MOST_PATIENCE, Pace, watch
from recorder.recording.journal import Probe
from tests.recorder.probes.conftest import StartWeb, page

HOST_KEY = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()


class Clock:
    """A sleep that ends when the test says so; ``pauses`` holds what was asked for."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self._asleep = asyncio.Event()
        self._awake = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self._awake.clear()
        self._asleep.set()
        await self._awake.wait()

    async def look_done(self) -> None:
        await self._asleep.wait()

    async def next_look(self) -> None:
        self._asleep.clear()
        self._awake.set()
        await self._asleep.wait()


async def test_the_first_look_and_each_change_are_told(start_web: StartWeb) -> None:
    web = await start_web(page("The kettle"))
    probe = web.probe(contains="The kettle", every=60)
    plan = ProbePlan(host="127.0.0.1", ssh_port=22, host_key=HOST_KEY, probes=(probe,))
    told: list[Probe] = []
    clock = Clock()
    watching = asyncio.create_task(watch(plan, told.append, sleep=clock.sleep))
    await clock.look_done()
    await clock.next_look()
    assert [each.contains for each in told] == [True]
    web.answer = page("", "401 Unauthorized", 'WWW-Authenticate: Basic realm="x"')
    for _ in range(3):
        await clock.next_look()
    assert [(each.status, each.auth) for each in told] == [(200, None), (401, ("basic",))]
    # After a change there is one look soon.
    assert clock.pauses == [60, 60, 15, 60, 60]
    watching.cancel()
    await asyncio.wait([watching])


_logins = LoginProbe(kind="logins", id="ssh", title="ssh", user="candidate", every=180)
_outcomes = st.sampled_from(["answered", "refused", "timeout", "unreachable", "broken"])


@given(st.lists(st.tuples(_outcomes, st.booleans()), max_size=30))
def test_sshd_is_never_asked_more_often_than_fail2ban_minds(looks: list[tuple[str, bool]]) -> None:
    pace = Pace(_logins)
    for outcome, changed in looks:
        seen = Probe.model_validate(
            {"t": 0, "probe": "ssh", "kind": "logins", "place": "x", "outcome": outcome}
        )
        pause = pace.after(seen, changed=changed)
        assert LEAST_LOGIN_SECONDS <= pause <= MOST_PATIENCE * _logins.every
        assert pause == _logins.every or outcome != "answered"


@given(st.lists(st.booleans(), max_size=60), st.integers(15, 3600))
def test_a_web_server_that_changes_all_the_time_is_not_asked_all_the_time(
    changes: list[bool], every: int
) -> None:
    probe = HttpProbe(kind="http", id="page", title="page", every=every)
    pace = Pace(probe)
    seen = Probe(t=0, probe="page", kind="http", place="x", outcome="answered")
    pauses = [pace.after(seen, changed=changed) for changed in changes]
    assert all(pause >= 15 for pause in pauses)
    soon = [pause < every for pause in pauses]
    assert (True, True) not in set(itertools.pairwise(soon))


def test_the_schema_keeps_the_pace_too() -> None:
    with pytest.raises(ValueError, match="180"):
        LoginProbe(kind="logins", id="ssh", title="ssh", user="candidate", every=179)
