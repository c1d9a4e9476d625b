"""The follower as `serve` runs it: a process with a recording and a store."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from recorder.recording.journal import SessionClosed
from recorder.recording.writer import RecordingWriter
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare


def _writer(directory: Path) -> RecordingWriter:
    writer = RecordingWriter(
        directory,
        session="s1",
        program="test",
        target="web01:22",
        listen=None,
        candidate=None,
        content_key=b"k" * 32,
    )
    writer.flush()
    return writer


def _store(directory: Path) -> str:
    url = f"sqlite:///{directory / 'store.db'}"
    engine = open_engine(url)
    prepare(engine)
    engine.dispose()
    return url


def _start(directory: Path, url: str) -> subprocess.Popen[str]:
    env = {**os.environ, "JUMPSEAT_DATABASE_URL": url}
    argv = [sys.executable, "-m", "analyzer.follower", str(directory)]
    return subprocess.Popen(argv, env=env, stderr=subprocess.PIPE, text=True)


def test_it_ends_when_the_recording_is_closed(tmp_path: Path) -> None:
    writer = _writer(tmp_path / "s1")
    process = _start(tmp_path / "s1", _store(tmp_path))
    writer.log(SessionClosed(t=writer.now(), reason="closed"))
    writer.close()
    _, words = process.communicate(timeout=60)
    assert process.returncode == 0, words


def test_it_ends_when_its_recorder_is_gone(tmp_path: Path) -> None:
    writer = _writer(tmp_path / "s1")
    process = _start(tmp_path / "s1", _store(tmp_path))
    writer.close()
    _, words = process.communicate(timeout=60)
    assert process.returncode == 0, words


def test_it_ends_in_order_on_sigterm(tmp_path: Path) -> None:
    writer = _writer(tmp_path / "s1")
    process = _start(tmp_path / "s1", _store(tmp_path))
    assert process.stderr is not None
    assert "follows" in process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    _, words = process.communicate(timeout=60)
    writer.close()
    assert process.returncode == 0, words


def test_what_it_cannot_use_is_one_line_and_status_1(tmp_path: Path) -> None:
    process = _start(tmp_path / "none", _store(tmp_path))
    _, words = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "no recording in" in words
    assert "Traceback" not in words


def test_importing_it_draws_in_no_screen_toolkit() -> None:
    code = "import sys, analyzer.follower; print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
