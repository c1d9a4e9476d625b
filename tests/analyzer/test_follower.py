"""The follower as `serve` runs it, whatever happens to recorder, store and order meanwhile."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from analyzer.follower import Follower
from analyzer.index.build import index_path, is_indexed
from analyzer.index.file import UnusableIndexError
from analyzer.index.reader import IndexReader
from analyzer.playback import Playback
from analyzer.rows import stored_analysis
from analyzer.service import analyse, ensure_analysed
from analyzer.signals.places import SIGNALS_FILE
from analyzer.tables import CommandRow, TagRow
from recorder.recording.journal import ConnectionOpened
from recorder.store.engine import open_engine
from tests.analyzer.conftest import Recorder
from tests.support.postgres import Postgres
from tests.support.rules import signal as rule

STORY = """
candidate@web01:~$ sudo systemctl stop apache2
candidate@web01:~$ passwd
New password:
[hidden 9]
passwd: password updated successfully
candidate@web01:~$ sudo systemctl restart ssh
candidate@web01:~$
[login 2 candidate password refused]
candidate@web01:~$ uptime
candidate@web01:~$
"""

KILLED = """
import sys
from pathlib import Path
from recorder.recording.journal import ChannelOpened, ConnectionOpened
from recorder.recording.writer import RecordingWriter
writer = RecordingWriter(Path(sys.argv[1]), session="s1", program="test", target="web01:22",
                         listen=None, candidate=None, content_key=b"k" * 32)
writer.log(ConnectionOpened(t=writer.now(), connection=1, peer="192.0.2.1"))
writer.log(ChannelOpened(t=writer.now(), connection=1, channel=1, kind="exec", user="candidate",
                         command="sudo systemctl stop apache2"))
writer.flush()
print("flushed", flush=True)
sys.stdin.read()
"""


def start(directory: Path, url: str) -> subprocess.Popen[str]:
    env = {**os.environ, "JUMPSEAT_DATABASE_URL": url}
    argv = [sys.executable, "-m", "analyzer.follower", str(directory)]
    return subprocess.Popen(argv, env=env, stderr=subprocess.PIPE, text=True)


def until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for something that another thread or process brings about."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def texts(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(select(CommandRow.text).order_by(CommandRow.t)))


@contextmanager
def following(directory: Path, engine: Engine) -> Iterator[threading.Event]:
    """Follow in a thread while the block runs; at its end the follower ends, without an error."""
    errors: list[BaseException] = []
    stop = threading.Event()

    def follow() -> None:
        try:
            Follower(directory, engine, stop).run()
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        yield stop
    except BaseException:
        stop.set()
        raise
    finally:
        thread.join(timeout=60)
    assert not thread.is_alive()
    assert not errors


def assert_in_step(directory: Path, engine: Engine) -> None:
    stored, fresh = stored_analysis(engine, "s1"), analyse(directory)
    assert stored is not None
    assert stored.commands == fresh.commands
    assert stored.tags == fresh.tags
    assert stored.phases == fresh.phases
    assert stored.covered == fresh.covered


def test_it_ends_when_the_recording_is_closed(recorder: Any, url: str) -> None:
    process = start(recorder.directory, url)
    recorder.close()
    _, words = process.communicate(timeout=60)
    assert process.returncode == 0, words


def test_it_outlives_a_recorder_that_was_killed_and_loses_nothing(
    tmp_path: Path, url: str, engine: Engine
) -> None:
    argv = [sys.executable, "-c", KILLED, str(tmp_path / "s1")]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"flushed\n"
        process = start(tmp_path / "s1", url)
        until(lambda: texts(engine) == ["sudo systemctl stop apache2"])
        killed.kill()
    _, words = process.communicate(timeout=60)
    assert process.returncode == 0, words
    assert_in_step(tmp_path / "s1", engine)


def test_on_sigterm_it_finishes_what_is_flushed(recorder: Any, url: str, engine: Engine) -> None:
    process = start(recorder.directory, url)
    assert process.stderr is not None
    assert "follows" in process.stderr.readline()
    recorder.record_all(STORY)
    process.send_signal(signal.SIGTERM)
    _, words = process.communicate(timeout=60)
    assert process.returncode == 0, words
    assert texts(engine) == [command.text for command in analyse(recorder.directory).commands]
    assert len(texts(engine)) == 4


def test_an_event_that_comes_late_makes_it_start_again(
    recorder: Any, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "analyzer.follower")
    with following(recorder.directory, engine):
        recorder.record_all(STORY)
        until(lambda: "uptime" in texts(engine))
        recorder.writer.log(ConnectionOpened(t=0.001, connection=9, peer="192.0.2.9"))
        recorder.writer.flush()
        until(lambda: "came late" in caplog.text)
        recorder.close()
    assert_in_step(recorder.directory, engine)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_its_index_is_there_at_the_end_also_where_an_event_came_late(
    tmp_path: Path, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "analyzer.follower")
    directory = tmp_path / "recordings" / "s1"
    directory.parent.mkdir()
    recorder = Recorder(directory)
    with following(directory, engine):
        recorder.record_all(STORY)
        until(lambda: index_steps(directory) > 0)
        recorder.writer.log(ConnectionOpened(t=0.001, connection=9, peer="192.0.2.9"))
        recorder.writer.flush()
        until(lambda: "came late" in caplog.text)
        recorder.close()
    assert is_indexed(directory)
    shutil.copytree(directory, tmp_path / "copy")
    with closing(Playback(directory)) as quick, closing(Playback(tmp_path / "copy")) as slow:
        assert (quick.indexed, slow.indexed) == (True, False)
        t = slow.next_output(-1)
        while t is not None:
            assert quick.at(t) == slow.at(t)
            t = slow.next_output(t)


def index_steps(directory: Path) -> int:
    path = index_path(directory)
    assert path is not None
    try:
        with closing(IndexReader(directory, path)) as index:
            return sum(each.steps for each in index.terminals)
    except UnusableIndexError:
        return 0


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_store_that_is_locked_for_a_while_gets_all_in_the_end(
    recorder: Any,
    url: str,
    engine: Engine,
    caplog: pytest.LogCaptureFixture,
) -> None:
    impatient = open_engine(url)
    # The usual wait for a lock is ten seconds, which would only make the test slow.
    event.listen(impatient, "connect", lambda each, _: each.execute("PRAGMA busy_timeout=50"))
    blocker = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    with following(recorder.directory, impatient):
        until(lambda: stored_analysis(engine, "s1") is not None)
        blocker.execute("BEGIN IMMEDIATE")
        recorder.record_all(STORY)
        until(lambda: "it is tried again" in caplog.text)
        assert texts(engine) == []
        blocker.execute("ROLLBACK")
        until(lambda: len(texts(engine)) == 4)
        recorder.close()
    blocker.close()
    impatient.dispose()
    assert_in_step(recorder.directory, engine)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_store_that_is_gone_for_a_while_gets_all_in_the_end(
    recorder: Any, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = Path(url.removeprefix("sqlite:///"))
    away = path.with_suffix(".away")
    engine = open_engine(url)
    path.rename(away)
    path.mkdir()
    with following(recorder.directory, engine):
        until(lambda: "it is tried again" in caplog.text)
        recorder.record_all(STORY)
        path.rmdir()
        away.rename(path)
        recorder.close()
    assert_in_step(recorder.directory, engine)
    engine.dispose()


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_a_server_that_is_restarted_gets_all_in_the_end(
    recorder: Any, url: str, postgres: Postgres, caplog: pytest.LogCaptureFixture
) -> None:
    engine = open_engine(url)
    with following(recorder.directory, engine):
        until(lambda: stored_analysis(engine, "s1") is not None)
        postgres.stop()
        try:
            recorder.record_all(STORY)
            until(lambda: "it is tried again" in caplog.text)
        finally:
            postgres.start()
        until(lambda: len(texts(engine)) == 4)
        recorder.close()
    assert_in_step(recorder.directory, engine)
    engine.dispose()


def test_somebody_who_asks_meanwhile_does_no_harm(recorder: Any, url: str, engine: Engine) -> None:
    with following(recorder.directory, engine):
        other = open_engine(url)
        for count, _ in enumerate(recorder.record(STORY)):
            if count % 20 == 0:
                ensure_analysed(recorder.directory, other)
        recorder.close()
        other.dispose()
    assert_in_step(recorder.directory, engine)


def test_what_it_cannot_use_is_one_line_and_status_1(tmp_path: Path, url: str) -> None:
    process = start(tmp_path / "none", url)
    _, words = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "no recording in" in words
    assert "Traceback" not in words


def test_importing_it_draws_in_no_screen_toolkit() -> None:
    code = "import sys, analyzer.follower; print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_what_only_time_brings_is_tagged_live_and_is_the_same_later(
    recorder: Recorder, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = tmp_path / "ours.toml"
    quiet = rule("quiet", '[[signal.when]]\nsilence.at-least = "1s"\n')
    left = (
        'then-within = "1s"\n[[signal.when]]\ncommand.program = ["systemctl"]\n'
        '[[signal.then-not]]\ncommand.program = ["uptime"]\n'
    )
    team.write_text(f"format = 1\n{quiet}{rule('left-so', left)}")
    monkeypatch.setenv(SIGNALS_FILE, str(team))

    def tagged(*names: str) -> bool:
        with engine.connect() as connection:
            return set(names) <= set(connection.scalars(select(TagRow.signal)))

    with following(recorder.directory, engine):
        recorder.record_all("candidate@web01:~$ systemctl stop apache2\ncandidate@web01:~$")
        # Nothing more is recorded: only the clock goes on.
        until(lambda: tagged("quiet", "left-so"))
        recorder.close()
    assert_in_step(recorder.directory, engine)
