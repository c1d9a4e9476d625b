"""Conversion of files and directories, and what the reader then makes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from recorder.formats.flaws import Flaws
from recorder.formats.recorded import Wishes, looked_at
from recorder.recording.events import AnyEvent, Logged
from recorder.recording.journal import JournalEntry
from recorder.recording.reader import RecordingReader


@dataclass(frozen=True)
class Made:
    """A recording that was made of a foreign one; ``files`` holds its bytes by name."""

    events: list[AnyEvent]
    files: dict[str, bytes]
    told: list[str]

    @property
    def entries(self) -> list[JournalEntry]:
        return [event.entry for event in self.events if isinstance(event, Logged)]

    def of(self, kind: type[AnyEvent]) -> list[AnyEvent]:
        return [event for event in self.events if isinstance(event, kind)]


Make = Callable[..., Made]


@pytest.fixture
def make() -> Make:
    def made(path: Path, **said: object) -> Made:
        flaws = Flaws()
        with looked_at(path, flaws, Wishes(**said)) as directory:  # type: ignore[arg-type]
            with RecordingReader(directory) as reader:
                events = list(reader.read())
                assert reader.problems == []
            files = {each.name: each.read_bytes() for each in directory.iterdir()}
        return Made(events, files, flaws.lines())

    return made
