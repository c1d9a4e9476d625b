"""Whether a demo that was watched got to its end, or was left, or the candidate got stuck."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tui.cli.errors import DemoError
from tui.demo import show
from tui.demo.stage import Stage


def process(script: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", script])


HOST = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def host() -> Iterator[subprocess.Popen[bytes]]:
    """Something that ends well when it is told to."""
    with subprocess.Popen([sys.executable, "-c", HOST], stdout=subprocess.PIPE) as started:
        assert started.stdout is not None
        started.stdout.readline()
        yield started
        started.kill()


def watch(
    stage: Stage, until: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch, directory: Path
) -> bool:
    """Watch; the view is left when ``until`` returns."""
    monkeypatch.setattr(show, "run_replay", lambda *_args, **_how: until())
    return show._watch(stage, directory, engine)


def test_a_candidate_that_got_stuck_is_said(
    host: subprocess.Popen[bytes], engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    candidate = process("raise SystemExit(1)")
    # The view leaves by itself once the session is closed, which is when the host has ended.
    with pytest.raises(DemoError, match="did not get to the end"):
        watch(Stage(host, candidate, ""), host.wait, engine, monkeypatch, tmp_path)


def test_a_candidate_that_got_to_the_end_is_replayed(
    host: subprocess.Popen[bytes], engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stage = Stage(host, process("pass"), "")
    assert watch(stage, host.wait, engine, monkeypatch, tmp_path)


def test_whoever_leaves_early_is_told_of_no_failure(
    host: subprocess.Popen[bytes], engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    candidate = process("import time; time.sleep(60)")
    assert not watch(Stage(host, candidate, ""), lambda: None, engine, monkeypatch, tmp_path)
    assert candidate.poll() is not None
