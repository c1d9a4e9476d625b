"""The flusher: written soon, forced to disk, and a failed write ends the session."""

from __future__ import annotations

import asyncio
import errno
import os
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


async def until(condition, seconds: float = 5.0) -> None:
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
    async with asyncio.timeout(1):
        error = await flusher.failed
    assert error.errno == errno.ENOSPC
    assert "No space left" in caplog.text
    monkeypatch.undo()
    flusher.writer.close()
