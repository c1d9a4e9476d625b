"""A recording to write into, and what a connection tells of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recorder.recording.journal import JournalEntry
from recorder.recording.writer import RecordingWriter


class Context:
    """A connection as the taps know it, and the entries that were logged."""

    def __init__(self, writer: RecordingWriter) -> None:
        self.number = 1
        self.user = "candidate"
        self.writer = writer
        self.channels = 0
        self.entries: list[JournalEntry] = []
        writer.on_entry = self.entries.append

    def next_channel(self) -> int:
        self.channels += 1
        return self.channels


@pytest.fixture
def make_context(tmp_path: Path) -> Iterator[Callable[[], Context]]:
    """Makes contexts, each with a recording of its own."""
    made: list[Context] = []

    def make() -> Context:
        writer = RecordingWriter(
            tmp_path / f"recording-{len(made)}",
            session="abcd2345", program="test", target="t", listen=None, candidate=None,
            content_key=bytes(32),
        )  # fmt: skip
        made.append(Context(writer))
        return made[-1]

    yield make
    for context in made:
        context.writer.close()


@pytest.fixture
def context(make_context: Callable[[], Context]) -> Context:
    """One of them."""
    return make_context()
