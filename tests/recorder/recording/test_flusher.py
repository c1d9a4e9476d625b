"""The flusher: written soon, forced to disk, and a failed write ends the session."""

from __future__ import annotations

import asyncio
import errno
import os
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from recorder.recording.flusher import FLUSH_SECONDS, Flusher
from recorder.recording.journal import JOURNAL_NAME, PtyRequest
from recorder.recording.terminal import TerminalRecording
from recorder.recording.writer import RecordingWriter


@pytest.fixture
async def flusher(tmp_path: Path) -> AsyncIterator[Flusher]:
    writer = RecordingWriter(
        tmp_path / "rec",
        session="abcd2345",
        program="jumpseat test",
        target="t",
        listen=None,
        candidate=None,
        content_key=b"k" * 32,
    )
    flusher = Flusher(writer)
    yield flusher
    await flusher.close()
    if not flusher.failed.done():
        writer.close()


async def until(condition, seconds: float = 60.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 (files tell nobody that they grew)
            await asyncio.sleep(FLUSH_SECONDS / 4)


async def test_what_is_appended_is_written_without_being_asked(flusher: Flusher) -> None:
    journal = flusher.writer.directory / JOURNAL_NAME
    await until(lambda: b"session-opened" in journal.read_bytes())
    assert flusher.writer.pending == 0


async def test_input_without_an_echo_is_masked_in_time(flusher: Flusher) -> None:
    terminal = TerminalRecording(
        flusher.writer, 1, 1, PtyRequest(term="xterm", columns=80, lines=24), 0.0
    )
    terminal.input(b"secret\r")
    cast = flusher.writer.directory / terminal.name
    await until(lambda: cast.exists() and "•".encode() in cast.read_bytes())
    assert b"secret" not in cast.read_bytes()


async def test_what_is_written_during_a_sync_is_forced_to_disk_by_the_next(
    flusher: Flusher, monkeypatch: pytest.MonkeyPatch
) -> None:
    going_on, may_end = threading.Event(), threading.Event()
    really = os.fdatasync

    def slowly(descriptor: int) -> None:
        really(descriptor)
        going_on.set()
        assert may_end.wait(60)

    monkeypatch.setattr(os, "fdatasync", slowly)
    monkeypatch.setattr("recorder.recording.flusher.SYNC_SECONDS", 0.02)
    writer = flusher.writer
    file = writer.open_file("c1-1.out")
    file.append(b"data")
    writer.touch()
    await until(going_on.is_set)
    writer.end_file(file)
    file.append(b"more")
    writer.touch()
    await until(lambda: file.path.exists() and file.path.read_bytes() == b"datamore")
    may_end.set()
    # A sync closes what is complete, so that a file that is still open was not forced to disk.
    await until(lambda: not is_open(file.path))


async def test_a_file_that_is_ended_stays_open_until_its_last_bytes_are_forced_to_disk(
    flusher: Flusher, monkeypatch: pytest.MonkeyPatch
) -> None:
    await flusher.close()
    writer = flusher.writer
    file = writer.open_file("c1-1.out")
    file.append(b"data")
    writer.flush()
    file.append(b"more")
    writer.end_file(file)
    force, forced = os.fdatasync, []

    def force_while_the_rest_is_written(descriptor: int) -> None:
        force(descriptor)
        if os.path.realpath(f"/proc/self/fd/{descriptor}") == str(file.path):
            forced.append(os.fstat(descriptor).st_size)
            writer.flush()

    monkeypatch.setattr(os, "fdatasync", force_while_the_rest_is_written)
    writer.sync()
    writer.sync()
    assert forced[-1] == len(b"datamore")
    assert not is_open(file.path)


def is_open(path: Path) -> bool:
    return any(os.path.realpath(each) == str(path) for each in Path("/proc/self/fd").iterdir())


async def test_a_failed_write_is_told_at_once(
    flusher: Flusher, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await until(lambda: flusher.writer.pending == 0)

    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    terminal_file = flusher.writer.open_file("c1-1.out")
    monkeypatch.setattr(os, "write", refuse)
    terminal_file.append(b"data")
    flusher.writer.touch()
    async with asyncio.timeout(30):
        error = await flusher.failed
    assert error.errno == errno.ENOSPC
    assert "No space left" in caplog.text
    monkeypatch.undo()
    flusher.writer.close()
