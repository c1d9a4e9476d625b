"""A side out of a real recording: its clock, its tasks, its analysis."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from recorder.exercise.loader import load_exercise
from recorder.home import Home
from recorder.recording.journal import ClockStarted, ExerciseChosen
from tests.tui.seat.beside.support import GHOST
from tests.tui.seat.recordings import RecordingBuilder
from tui.seat.beside.recorded import RecordedSource

PROMPT = b"candidate@web:~$ "


def type_line(builder: RecordingBuilder, t: float, line: str) -> None:
    """Let the candidate type a command, and the prompt come back a second later."""
    for index, letter in enumerate(line):
        builder.input(t + index / 10, letter)
        builder.output(t + index / 10 + 0.05, letter.encode())
    builder.input(t + 6, "\r")
    builder.output(t + 6.1, b"\r\n")
    builder.output(t + 7, PROMPT)


def test_the_setting_is_read_from_the_journal(tmp_path: Path) -> None:
    plan = load_exercise(Home(tmp_path), "ghost").plan
    with RecordingBuilder(tmp_path / "abc") as builder:
        builder.write(
            ExerciseChosen(t=0.1, name="ghost", plan=plan.model_dump(mode="json", by_alias=True))
        )
        builder.terminal(2.0)
        builder.output(3.0, b"hello")
        builder.write(ClockStarted(t=7.5, length=3600))
        builder.close(60.0)
    source = RecordedSource(tmp_path / "abc", None, fallback=None)
    source.open()
    setting = source.setting()
    source.close()
    assert (setting.clock_started, setting.first_output, setting.origin) == (7.5, 3.0, 7.5)
    assert setting.exercise == "ghost"
    assert setting.tasks is not None
    assert setting.tasks.of("ssh") == "no-passwords"


def test_without_clock_and_exercise_it_counts_from_the_first_output(tmp_path: Path) -> None:
    with RecordingBuilder(tmp_path / "abc") as builder:
        builder.terminal(2.0)
        builder.output(3.0, b"hello")
        builder.close(60.0)
    source = RecordedSource(tmp_path / "abc", None, fallback=GHOST)
    source.open()
    setting = source.setting()
    source.close()
    assert (setting.clock_started, setting.origin, setting.tasks) == (None, 3.0, GHOST)


def test_a_clock_that_is_started_late_is_noticed(tmp_path: Path) -> None:
    with RecordingBuilder(tmp_path / "abc") as builder:
        source = RecordedSource(tmp_path / "abc", None, fallback=GHOST)
        source.open()
        assert source.setting().origin == 0.0
        builder.terminal(2.0)
        builder.output(3.0, b"hello")
        source.refresh()
        assert source.setting().origin == 3.0
        builder.write(ClockStarted(t=7.5, length=3600))
        source.refresh()
        assert source.setting().origin == 7.5
        source.close()


@pytest.mark.parametrize("stored", [True, False])
def test_what_was_never_analysed_is_analysed_with_its_phases_and_says_how_far_it_is(
    tmp_path: Path, engine: Engine, stored: bool
) -> None:
    with RecordingBuilder(tmp_path / "recordings" / "abc") as builder:
        builder.terminal(1.0)
        builder.output(1.5, PROMPT)
        type_line(builder, 2.0, "sudo sshd -t")
        type_line(builder, 30.0, "sudo systemctl reload ssh")
        builder.close(90.0)
    heard: list[float | None] = []

    class Listening(RecordedSource):
        def analysed(self, share: float) -> None:
            super().analysed(share)
            heard.append(self.progress())

    store = engine if stored else None
    source = Listening(tmp_path / "recordings" / "abc", store, fallback=GHOST)
    source.open()
    assert source.progress() is None
    found = source.findings()
    source.close()
    assert [each.text for each in found.commands][-1] == "sudo systemctl reload ssh"
    assert found.phases[-1].until == pytest.approx(90.0)
    assert "ssh" in {each.topic for each in found.phases}
    assert heard[-1] == 1.0
    assert source.progress() is None
