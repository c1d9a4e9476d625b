"""The supervisor: what crashes comes back, what finishes is left, what hangs is ended."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from recorder import supervisor
from recorder.supervisor import Supervised


def argv(code: str, *args: str) -> list[str]:
    return [sys.executable, "-c", code, *args]


async def test_a_process_that_crashes_is_started_again(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    code = (
        "import sys; f = open(sys.argv[1], 'a+'); f.write('x'); f.flush(); f.seek(0);"
        " sys.exit(0 if len(f.read()) >= 2 else 3)"
    )
    log = tmp_path / "log"
    async with Supervised(argv(code, str(marks)), log, {}) as supervised:
        async with asyncio.timeout(60):
            await asyncio.wait([supervised._task])
    assert marks.read_text() == "xx"
    assert log.stat().st_mode & 0o777 == 0o600


async def test_a_process_may_finish_its_work_at_the_end(tmp_path: Path) -> None:
    done = tmp_path / "done"
    code = "import sys, time; time.sleep(0.3); open(sys.argv[1], 'w').write(str(1))"
    async with Supervised(argv(code, str(done)), tmp_path / "log", {}):
        pass
    assert done.exists()


async def test_a_process_that_hangs_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(supervisor, "FINISH_SECONDS", 0.2)
    started = tmp_path / "started"
    code = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0));"
        " open(sys.argv[1], 'w').close(); time.sleep(60)"
    )
    async with asyncio.timeout(60):
        async with Supervised(argv(code, str(started)), tmp_path / "log", {}):
            while not started.exists():  # noqa: ASYNC110 (a file tells nobody that it came)
                await asyncio.sleep(0.01)
    assert "did not finish in time" in caplog.text


async def test_a_program_that_is_missing_is_given_up_loudly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(supervisor, "_FIRST_PAUSE", 0.001)
    async with Supervised(["/no/such/program"], tmp_path / "log", {}) as supervised:
        async with asyncio.timeout(60):
            await asyncio.wait([supervised._task])
    assert "recording goes on" in caplog.text


async def test_secrets_reach_the_process_by_its_environment(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = "import os, sys; open(sys.argv[1], 'w').write(os.environ['STORE'])"
    async with Supervised(argv(code, str(out)), tmp_path / "log", {"STORE": "sqlite://"}):
        pass
    assert out.read_text() == "sqlite://"


async def test_a_process_that_had_to_be_ended_is_not_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "FINISH_SECONDS", 0.2)
    monkeypatch.setattr(supervisor, "_KILL_SECONDS", 0.2)
    started = tmp_path / "started"
    code = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        " open(sys.argv[1], 'a').write('x'); time.sleep(60)"
    )
    async with asyncio.timeout(60):
        async with Supervised(argv(code, str(started)), tmp_path / "log", {}):
            while not started.exists():  # noqa: ASYNC110 (a file tells nobody that it came)
                await asyncio.sleep(0.01)
    assert started.read_text() == "x"


async def test_without_a_place_for_its_log_it_is_given_up_loudly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(supervisor, "_FIRST_PAUSE", 0.001)
    async with Supervised(argv("pass"), tmp_path / "gone" / "log", {}) as supervised:
        async with asyncio.timeout(60):
            await asyncio.wait([supervised._task])
    assert "cannot write" in caplog.text
