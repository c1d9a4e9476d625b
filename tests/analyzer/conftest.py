"""A recorder that plays transcripts, and a store, for what runs between the two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from analyzer.signals.transcript import Transcript
from recorder.recording.events import Input, Logged, Output
from recorder.recording.journal import ChannelOpened, JournalEntry, SessionClosed
from recorder.recording.terminal import TerminalRecording
from recorder.recording.writer import RecordingWriter
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare


class Recorder:
    """Records a transcript as the hop would, one event at a time."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.writer = RecordingWriter(
            directory,
            session="s1",
            program="test",
            target="web01:22",
            listen=None,
            candidate=None,
            content_key=b"k" * 32,
        )
        self.writer.flush()
        self._terminals: dict[int, TerminalRecording] = {}

    def record(self, story: str) -> Iterator[None]:
        """Record, and yield after each event."""
        for event in Transcript().play(story):
            match event:
                case Logged(entry=entry):
                    self._log(entry)
                case Output():
                    self._terminals[event.connection].output(event.data)
                case Input(masked=masked):
                    data = b"X" * masked + b"\r" if masked else event.data
                    self._terminals[event.connection].input(data)
            self.writer.flush()
            yield

    def record_all(self, story: str) -> None:
        """Record a whole story at once."""
        for _ in self.record(story):
            pass

    def _log(self, entry: JournalEntry) -> None:
        now = self.writer.now()
        entry = entry.model_copy(update={"t": now})
        if isinstance(entry, ChannelOpened) and entry.pty is not None:
            self._terminals[entry.connection] = TerminalRecording(
                self.writer, entry.connection, entry.channel, entry.pty, now
            )
        self.writer.log(entry)

    def close(self) -> None:
        """Close as the host does."""
        for terminal in self._terminals.values():
            terminal.close()
        self.writer.log(SessionClosed(t=self.writer.now(), reason="closed"))
        self.writer.close()


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    """A recording that has just begun."""
    begun = Recorder(tmp_path / "s1")
    yield begun
    begun.writer.close()


@pytest.fixture
def url(store_url: str) -> str:
    """An empty store."""
    store = open_engine(store_url)
    prepare(store)
    store.dispose()
    return store_url


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """The engine of the store."""
    store = open_engine(url)
    yield store
    store.dispose()
