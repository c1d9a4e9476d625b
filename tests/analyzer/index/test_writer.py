"""A pass is written in transactions; trouble ends it with a warning, and disturbs nobody else."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from analyzer.analysis import Pipeline
from analyzer.index import file, keyframes, writer
from analyzer.index.build import Terminals, build, ensure_indexed, index_path, indexing, is_indexed
from analyzer.index.file import Lock, UnusableIndexError
from analyzer.index.reader import IndexReader
from analyzer.index.writer import IndexWriter
from analyzer.playback import Playback
from analyzer.service import analyse, ensure_analysed
from analyzer.signals.loader import shipped_rules
from recorder.home import Home
from recorder.purge import find_purgeable, purge
from recorder.recording.journal import JOURNAL_NAME
from recorder.recording.reader import RecordingReader
from recorder.trace.entries import Actor
from tests.support.recorded import Recorded, shown


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Forty outputs of a kilobyte, a second apart."""
    directory = tmp_path / "home" / "recordings" / "s"
    directory.mkdir(parents=True)
    recorded = Recorded(directory)
    recorded.open(0, 1)
    for number in range(40):
        recorded.add(1 + number, 1, "o", b"%d %s\r\n" % (number, b"x" * 1000))
    recorded.close(60)
    return directory


def place(directory: Path) -> Path:
    path = index_path(directory)
    assert path is not None
    return path


def covered(directory: Path) -> int:
    index = IndexReader(directory, place(directory))
    found = sum(each.steps for each in index.terminals)
    index.close()
    return found


class Passing:
    """A pass that is shown one event after the other."""

    def __init__(self, directory: Path) -> None:
        self.now = 0.0
        self.writer = IndexWriter(directory, place(directory), clock=lambda: self.now)
        self._terminals = Terminals()
        self.reader = RecordingReader(directory)
        self._events = self.reader.read()

    def events(self, count: int) -> None:
        for _ in range(count):
            event = next(self._events)
            self.writer.observe(event, self._terminals.observe(event))

    def close(self) -> None:
        self.writer.close()
        self.reader.close()


@contextmanager
def passing(directory: Path) -> Iterator[Passing]:
    begun = Passing(directory)
    try:
        yield begun
    finally:
        begun.close()


def test_it_is_written_once_a_second_and_only_for_its_owner(recording: Path) -> None:
    with passing(recording) as going:
        going.events(10)
        assert not place(recording).exists()
        going.now = 1.0
        going.events(1)
        # Two of the eleven are of the journal, and what belongs to the last may still follow.
        assert covered(recording) == 8
        going.events(10)
        assert covered(recording) == 8
        going.now = 2.5
        going.writer.tick()
        assert covered(recording) == 18
    for path, mode in ((place(recording), 0o600), (place(recording).parent, 0o700)):
        assert stat.S_IMODE(path.stat().st_mode) == mode
    assert stat.S_IMODE(place(recording).with_suffix(".lock").stat().st_mode) == 0o600


def test_a_pass_after_one_that_was_killed_never_shows_less(recording: Path) -> None:
    with passing(recording) as killed:
        killed.events(20)
        killed.now = 1.0
        killed.events(1)
    before = covered(recording)
    with passing(recording) as second:
        for number in range(1, 44):
            second.now = float(number)
            second.events(1)
            assert covered(recording) >= before
        second.writer.finish(second.reader.covered)
    assert covered(recording) == 40
    assert is_indexed(recording)


def test_one_process_writes_at_a_time_and_the_other_says_so(
    recording: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with passing(recording) as first:
        first.events(20)
        first.now = 1.0
        first.events(1)
        with caplog.at_level(logging.WARNING):
            assert not ensure_indexed(recording)
        assert "another process is writing it" in caplog.text
        first.now = 2.0
        first.events(10)
        assert not first.writer.broken
    assert ensure_indexed(recording)


def test_many_who_open_it_at_once_all_see_the_same(recording: Path) -> None:
    expected: list[list[str]] = []
    found: list[list[str]] = []

    def open_it() -> None:
        ensure_indexed(recording)
        playback = Playback(recording)
        found.append(shown(playback.at(20.5)))
        playback.close()

    playback = Playback(recording)
    expected.append(shown(playback.at(20.5)))
    playback.close()
    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == expected * 6


def test_a_reader_waits_for_a_transaction_and_sees_all_or_nothing_of_it(recording: Path) -> None:
    with passing(recording) as first:
        first.events(20)
        first.now = 1.0
        first.events(1)
        index = IndexReader(recording, place(recording))
        keyframe = index.places[0].steps[-1]
        assert keyframe
        index.snapshot(0, keyframe)
        with passing(recording) as rival:
            rival.events(3)
        first.writer.close()
        assert build(recording, place(recording))
        with pytest.raises(UnusableIndexError, match="made anew"):
            index.snapshot(0, keyframe)
        index.close()


def test_a_full_disk_costs_the_index_only(
    recording: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(writer, "LEAST_FREE", 1 << 62)
    with passing(recording) as going, caplog.at_level(logging.WARNING):
        going.events(10)
        going.now = 1.0
        going.events(31)
        assert going.writer.broken
    assert "nearly full" in caplog.text
    assert len(caplog.records) == 1
    assert not place(recording).exists()


def test_a_disk_that_fills_in_a_transaction_leaves_the_one_before(
    recording: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with passing(recording) as going, caplog.at_level(logging.WARNING):
        going.events(20)
        going.now = 1.0
        going.events(1)
        before = covered(recording)
        connection = going.writer._connection
        assert connection is not None
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}")
        # Uncompressed, so that a page does not do.
        monkeypatch.setattr(keyframes, "pack", lambda data: os.urandom(50 * len(data)))
        going.events(20)
        going.now = 2.0
        going.events(1)
        assert going.writer.broken
    assert "full" in caplog.text
    assert covered(recording) == before
    assert ensure_indexed(recording)


def test_a_terminal_that_is_opened_twice_is_left_to_the_reader(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    directory = tmp_path / "recordings" / "s"
    directory.mkdir(parents=True)
    recorded = Recorded(directory)
    recorded.open(0, 1)
    recorded.add(1, 1, "o", b"first")
    with (directory / JOURNAL_NAME).open("rb+") as journal:
        lines = journal.readlines()
        journal.write(lines[-1])
    recorded.close(4)
    with caplog.at_level(logging.WARNING):
        assert not ensure_indexed(directory)
    assert "opened twice" in caplog.text
    playback = Playback(directory)
    assert not playback.indexed
    assert shown(playback.at(4))[0] == "first"
    playback.close()


def test_numbers_that_were_changed_are_noticed(
    recording: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for change in (
        "UPDATE keyframes SET place = place + 7 WHERE step > 3",
        "UPDATE keyframes_terminals SET columns = 21",
        "UPDATE index_about SET value = 7.5 WHERE key = 'last'",
        "UPDATE keyframes_terminals SET file = '../../../../../etc/passwd'",
    ):
        assert build(recording, place(recording))
        connection = sqlite3.connect(place(recording), isolation_level=None)
        connection.execute(change)
        connection.close()
        with caplog.at_level(logging.WARNING):
            playback = Playback(recording)
        assert not playback.indexed
        assert "it is damaged" in caplog.text
        assert playback.duration == 60
        playback.close()
        caplog.clear()


def test_what_is_in_the_way_costs_a_warning_only(
    recording: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = Home(recording.parent.parent).cache
    cache.write_text("not a directory")
    with caplog.at_level(logging.WARNING):
        assert not ensure_indexed(recording)
    assert "no index is made" in caplog.text
    cache.unlink()
    place(recording).mkdir(parents=True)
    assert not ensure_indexed(recording)
    playback = Playback(recording)
    assert shown(playback.at(1))[3] == "xx"
    playback.close()
    place(recording).rmdir()
    target = cache / "elsewhere"
    place(recording).symlink_to(target)
    assert not ensure_indexed(recording)
    assert not target.exists()


READ_ONLY = """
import os, sys, logging
from pathlib import Path
from analyzer.index.build import ensure_indexed
from analyzer.playback import Playback
logging.basicConfig()
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
directory = Path(sys.argv[1])
made = ensure_indexed(directory)
playback = Playback(directory)
frame = playback.at(20.5)
print(made, playback.indexed, "".join(run.text for run in frame.rows[0]).strip()[:3])
"""


def read_only_look(directory: Path) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", READ_ONLY, str(directory)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), done.stderr


def test_a_home_that_cannot_be_written_is_read_all_the_same(recording: Path) -> None:
    playback = Playback(recording)
    expected = shown(playback.at(20.5))[0][:3]
    playback.close()
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch) / "recordings" / "s"
        shutil.copytree(recording, directory)
        (Path(scratch) / "cache").mkdir()
        try:
            protect(Path(scratch), 0o555, 0o444)
            told, words = read_only_look(directory)
            assert told == f"False False {expected}"
            assert "no index is made of it now" in words
            protect(Path(scratch), 0o755, 0o644)
            assert build(directory, place(directory))
            protect(Path(scratch), 0o555, 0o444)
            assert read_only_look(directory) == (f"True True {expected}", "")
        finally:
            protect(Path(scratch), 0o755, 0o644)


def protect(top: Path, directories: int, files: int) -> None:
    top.chmod(directories)
    for path in top.rglob("*"):
        path.chmod(directories if path.is_dir() else files)


def test_the_analysis_lends_its_terminals(recorder: Any, engine: Engine, tmp_path: Path) -> None:
    recorder.record_all(STORY)
    recorder.close()
    directory = tmp_path / "home" / "recordings" / "s1"
    directory.parent.mkdir(parents=True)
    shutil.copytree(recorder.directory, directory)
    by_itself = analyse(directory)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyframes, "KEYFRAME_EVERY", 40)
        analysed = ensure_analysed(directory, engine)
    assert analysed.commands == by_itself.commands
    playback, plain = Playback(directory), Playback(recorder.directory)
    assert playback.indexed
    assert not plain.indexed
    index = IndexReader(directory, place(directory))
    assert len(index.places[0].steps) > 5
    index.close()
    t: float | None = 0.0
    while t is not None:
        assert playback.at(t) == plain.at(t)
        t = plain.next_output(t)
    playback.close()
    plain.close()


def test_a_terminal_that_lags_behind_its_event_is_not_lent(recorder: Any) -> None:
    recorder.record_all("candidate@web01:~$ ")
    recorder.close()
    pipeline = Pipeline(shipped_rules())
    lent = []
    with RecordingReader(recorder.directory) as reader:
        for event in reader.read():
            pipeline.observe(event)
            lent.append(pipeline.terminal(event))
    assert any(terminal is not None for terminal in lent)
    tracker = next(iter(pipeline._detector._trackers.values()), None)
    assert tracker is None or not tracker.holds_back


def test_a_purged_session_leaves_no_index(recording: Path, engine: Engine) -> None:
    home = Home(recording.parent.parent).ensure()
    session = recording.rename(recording.with_name("20260101-000000-abcdef"))
    assert build(session, place(session))
    purge(home, engine, [find_purgeable(home, engine, session.name)], Actor("root", "seat"))
    assert list(home.cache.iterdir()) == []


def test_an_index_is_not_made_for_a_session_that_is_gone(recording: Path) -> None:
    path = place(recording)
    with indexing(recording) as index:
        assert index is not None
        shutil.rmtree(recording)
        index.finish({})
    assert not path.exists()


def test_the_lock_ends_with_its_holder(recording: Path) -> None:
    with Lock(place(recording)), pytest.raises(UnusableIndexError, match="another process"):
        Lock(place(recording))
    Lock(place(recording)).release()


def test_a_file_that_is_no_index_is_told_apart(tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE t (x)")
    connection.commit()
    connection.close()
    with pytest.raises(UnusableIndexError, match="not an index"):
        file.open_for_reading(other)
    with pytest.raises(UnusableIndexError, match="there is no"):
        file.open_for_reading(tmp_path / "none.sqlite")


def test_a_file_that_somebody_keeps_locked_is_left_alone(
    recording: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert build(recording, place(recording))
    monkeypatch.setattr(file, "PATIENCE", 0.05)
    rude = sqlite3.connect(place(recording), isolation_level=None)
    rude.execute("BEGIN EXCLUSIVE")
    with caplog.at_level(logging.WARNING):
        playback = Playback(recording)
        assert not playback.indexed
        assert shown(playback.at(20.5))[3] == "xxx"
        playback.close()
        assert not ensure_indexed(recording)
    assert "locked" in caplog.text
    rude.execute("ROLLBACK")
    rude.close()
    assert is_indexed(recording)


def test_a_lock_that_comes_while_somebody_looks_costs_the_index_only(
    recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert build(recording, place(recording))
    monkeypatch.setattr(file, "PATIENCE", 0.05)
    playback = Playback(recording)
    assert playback.indexed
    rude = sqlite3.connect(place(recording), isolation_level=None)
    rude.execute("BEGIN EXCLUSIVE")
    assert shown(playback.at(39.5))[3] == "xxx"
    assert not playback.indexed
    playback.close()
    rude.close()


HALF = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size=1")
connection.execute("BEGIN IMMEDIATE")
connection.execute("CREATE TABLE junk (x)")
connection.executemany("INSERT INTO junk VALUES (?)", [(b"z" * 3000,)] * 50)
connection.execute("DELETE FROM keyframes")
os.kill(os.getpid(), 9)
"""


def test_a_writer_that_is_killed_in_a_transaction_leaves_no_wrong_screen(recording: Path) -> None:
    plain = Playback(recording)
    expected = [shown(plain.at(t)) for t in (5.5, 20.5, 39.5)]
    plain.close()
    assert build(recording, place(recording))
    done = subprocess.run([sys.executable, "-c", HALF, str(place(recording))], check=False)
    assert done.returncode == -9
    assert place(recording).with_name("index.sqlite-journal").stat().st_size
    playback = Playback(recording)
    assert [shown(playback.at(t)) for t in (5.5, 20.5, 39.5)] == expected
    playback.close()
    assert ensure_indexed(recording)
    playback = Playback(recording)
    assert playback.indexed
    assert [shown(playback.at(t)) for t in (5.5, 20.5, 39.5)] == expected
    playback.close()


STORY = """
candidate@web01:~$ sudo systemctl stop apache2
candidate@web01:~$ echo "apt upgrade"
apt upgrade
candidate@web01:~$ passwd
New password:
[hidden 9]
passwd: password updated successfully
candidate@web01:~$ sleep 100
"""
