"""The probing process: what it sees reaches the log, and its troubles do not reach the session."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from recorder.probes import process as module
from recorder.probes.plan import ProbePlan
from recorder.probes.process import COMMAND, Probing
from recorder.recording.journal import JournalEntry, Probe, ProbingStopped
from tests.recorder.probes.conftest import StartWeb, page
from tests.recorder.probes.test_watch import HOST_KEY


class Lines:
    """What was logged, and a way to wait for it."""

    def __init__(self) -> None:
        self.entries: list[JournalEntry] = []
        self._news = asyncio.Event()

    def log(self, entry: JournalEntry) -> None:
        self.entries.append(entry)
        self._news.set()

    async def first(self) -> JournalEntry:
        async with asyncio.timeout(60):
            await self._news.wait()
        return self.entries[0]


@pytest.fixture
async def plan(start_web: StartWeb) -> ProbePlan:
    web = await start_web(page("The kettle"))
    probes = (web.probe(contains="The kettle"),)
    return ProbePlan(host="127.0.0.1", ssh_port=22, host_key=HOST_KEY, probes=probes)


async def test_what_the_process_sees_is_logged_until_it_is_closed(
    plan: ProbePlan, tmp_path: Path
) -> None:
    lines = Lines()
    probing = Probing(plan, tmp_path / "log", lines.log)
    probing.start()
    seen = await lines.first()
    assert isinstance(seen, Probe)
    assert (seen.probe, seen.status, seen.contains) == ("page", 200, True)
    await probing.close()
    assert len(lines.entries) == 1
    assert (tmp_path / "log").read_bytes() == b""
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600


async def test_the_process_ends_when_its_session_is_gone(plan: ProbePlan) -> None:
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(*COMMAND, stdin=pipe, stdout=pipe)
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(plan.model_dump_json(by_alias=True).encode() + b"\n")
    assert b'"event":"probe"' in await child.stdout.readline()
    assert os.getpriority(os.PRIO_PROCESS, child.pid) > os.getpriority(os.PRIO_PROCESS, 0)
    child.stdin.close()
    assert await child.wait() == 0


async def test_a_plan_that_cannot_be_read_is_an_error() -> None:
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(*COMMAND, stdin=pipe, stderr=pipe)
    _, said = await child.communicate(b"{}\n")
    assert child.returncode == 2
    assert said.startswith(b"not a plan")


@pytest.mark.parametrize(
    "code", ["raise SystemExit(3)", "print('not json', flush=True); import time; time.sleep(60)",
             "print('x' * 200000, flush=True); import time; time.sleep(60)"]
)  # fmt: skip
async def test_a_process_that_keeps_failing_is_given_up_and_the_recording_says_so(
    plan: ProbePlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(module, "_FIRST_PAUSE", 0.01)
    lines = Lines()
    probing = Probing(plan, tmp_path / "log", lines.log, (sys.executable, "-c", code))
    probing.start()
    stopped = await lines.first()
    assert isinstance(stopped, ProbingStopped)
    assert "probing process failed" in stopped.reason
    await probing.close()


async def test_without_a_plan_nothing_is_started(tmp_path: Path) -> None:
    lines = Lines()
    probing = Probing(None, tmp_path / "log", lines.log, ("/nowhere",))
    probing.start()
    await probing.close()
    assert lines.entries == []
    assert not (tmp_path / "log").exists()


async def test_closing_leaves_no_process_behind(plan: ProbePlan, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    line = '{"t":0,"event":"probe","probe":"p","kind":"http","place":"x","outcome":"answered"}'
    code = (
        f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid()));"
        f" print({line!r}, flush=True); time.sleep(60)"
    )
    lines = Lines()
    probing = Probing(plan, tmp_path / "log", lines.log, (sys.executable, "-c", code))
    probing.start()
    await lines.first()
    await probing.close()
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
