"""A side of the comparison out of a recording: the replay's feed, its clock, its exercise's tasks.

The one place of the comparison that knows files, the store and exercises.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer.models.tasks import Tasks
from recorder.exercise.clocked import ClockReader
from recorder.exercise.recorded import followed
from recorder.recording.journal import JOURNAL_NAME
from tui.seat.beside.source import Setting
from tui.seat.feed import Findings, Overview
from tui.seat.recording_feed import RecordingFeed

if TYPE_CHECKING:
    from tui.seat import Store


class RecordedSource(RecordingFeed):
    """A `Source` of one recording's directory; ``fallback`` are the tasks where it names none."""

    def __init__(self, directory: Path, store: Store, *, fallback: Tasks | None) -> None:
        super().__init__(directory, store)
        self._fallback = fallback
        self._clock_reader = ClockReader(directory)
        self._journal_read = -1
        self._setting = Setting()
        self._done: float | None = None

    def open(self) -> Overview:
        """Read the recording as far as it goes, and on what the session is measured."""
        overview = super().open()
        self._learn()
        return overview

    def refresh(self) -> Overview:
        """Take in what it has grown by; the clock may be started late."""
        overview = super().refresh()
        if self._setting.clock_started is None or self._setting.first_output is None:
            self._learn()
        return overview

    def findings(self) -> Findings:
        """Return tags, commands and phases, analysed first where the session has ended."""
        try:
            return super().findings()
        finally:
            self._done = None

    def setting(self) -> Setting:
        """Return what was learnt so far."""
        return self._setting

    def progress(self) -> float | None:
        """Return how far the analysis is."""
        return self._done

    def analysed(self, share: float) -> None:
        """Hear how far the analysis is."""
        self._done = share

    def _learn(self) -> None:
        """Look again; into the journal only if it has grown."""
        first = self.step(-1.0, None, 1)
        setting = replace(self._setting, first_output=first if first >= 0 else None)
        size = _size(self._directory / JOURNAL_NAME)
        if size != self._journal_read:
            self._journal_read = size
            chosen, clock = followed(self._directory), self._clock_reader.read()
            plan = None if chosen is None else chosen.plan
            setting = replace(
                setting,
                clock_started=None if clock is None else clock.started,
                exercise="" if chosen is None else chosen.name,
                tasks=self._fallback if chosen is None else None if plan is None else Tasks(plan),
            )
        self._setting = setting


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
