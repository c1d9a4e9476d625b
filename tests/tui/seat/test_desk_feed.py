"""What the desk takes from a real recording, and the clock that it may start."""

from __future__ import annotations

from pathlib import Path

import pytest

from recorder.errors import ControlError
from recorder.recording.journal import ClockStarted, SessionOpened
from tests.tui.seat.recordings import RecordingBuilder
from tui.seat.recording_feed import RecordingFeed


def test_the_journal_is_told_once_and_then_what_is_new(tmp_path: Path) -> None:
    with RecordingBuilder(tmp_path / "recordings" / "s1") as builder:
        builder.terminal(1.0)
        feed = RecordingFeed(builder.directory, None)
        feed.open()
        first = feed.news()
        assert isinstance(first[0], SessionOpened)
        assert feed.news() == ()
        builder.write(ClockStarted(t=5.0, length=3600.0))
        assert feed.news() == (ClockStarted(t=5.0, length=3600.0),)
        feed.close()


def test_nobody_starts_the_clock_of_a_session_that_is_not_served(tmp_path: Path) -> None:
    builder = RecordingBuilder(tmp_path / "recordings" / "s1")
    builder.close(9.0)
    feed = RecordingFeed(builder.directory, None)
    with pytest.raises(ControlError, match="nobody serves this session"):
        feed.start_clock()
    feed.close()


def test_without_a_running_serve_the_clock_says_who_is_missing(tmp_path: Path) -> None:
    with RecordingBuilder(tmp_path / "recordings" / "s1") as builder:
        feed = RecordingFeed(builder.directory, None)
        with pytest.raises(ControlError, match="no `jumpseat serve` is running"):
            feed.start_clock()
        feed.close()
