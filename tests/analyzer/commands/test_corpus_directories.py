"""Sessions that were played on a real server, read as directories of panes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from analyzer.analysis import Collected, Pipeline
from analyzer.playback import Playback
from analyzer.service import analyse
from analyzer.signals.loader import shipped_rules
from analyzer.terminal import Terminal
from recorder.formats.flaws import Flaws
from recorder.formats.recorded import Wishes, looked_at
from recorder.recording.events import Output, Resized
from recorder.recording.journal import ConnectionOpened
from recorder.recording.reader import RecordingReader

SAME = 0.99


@pytest.fixture(scope="module")
def converted(corpus: Any) -> Iterator[list[tuple[Any, Path]]]:
    """Each session of the corpus with the recording that is made of its directory."""
    with ExitStack() as stack:
        made = []
        for session in corpus:
            flaws = Flaws()
            made.append((session, stack.enter_context(looked_at(session.folder, flaws, Wishes()))))
            assert flaws.lines() == []
        yield made


def _directly(session: Any) -> Collected:
    pipeline, collected = Pipeline(shipped_rules()), Collected()
    for event in session.events():
        collected.add(pipeline.observe(event))
    collected.add(pipeline.finish())
    return collected


# Whole hours, analysed twice: minutes, where the machine is busy.
@pytest.mark.timeout(900)
def test_commands_and_tags_are_those_of_the_same_events_at_once(converted: Any) -> None:
    every = same = 0
    for session, directory in converted:
        direct, found = _directly(session), analyse(directory)
        ours = {(round(each.t), each.text) for each in found.commands}
        theirs = {(round(each.t), each.text) for each in direct.commands.values()}
        every += len(theirs)
        same += len(theirs & ours)
        signals = {(each.signal, round(each.t)) for each in found.tags if each.detector == "rule"}
        assert signals >= {(each.signal, round(each.t)) for each in direct.tags.values()}
    assert every > 150
    assert same / every >= SAME


def test_logins_are_read_from_what_the_client_printed(converted: Any) -> None:
    checked = 0
    for session, directory in converted:
        truth = json.loads((session.folder / "truth.json").read_text())
        wanted = [each for each in truth["signals"] if each["id"] == "lockout-tested"]
        found = [each for each in analyse(directory).tags if each.signal == "lockout-tested"]
        if session.name == "p4":
            continue  # the change was made inside a multiplexer, which is not read yet
        assert {each.detector for each in found} <= {"inferred"}
        moments = [each["at"] - session.zero for each in wanted]
        assert [tag.t for tag in found] == pytest.approx(moments, abs=10)
        checked += len(wanted)
    assert checked >= 5


def test_each_pane_ends_on_the_screen_that_it_had(converted: Any) -> None:
    checked = 0
    for session, directory in converted:
        with RecordingReader(directory) as reader:
            entries = [getattr(event, "entry", None) for event in reader.read()]
        names = {e.connection: e.peer for e in entries if isinstance(e, ConnectionOpened)}
        assert sorted(names.values()) == session.panes
        playback = Playback(directory)
        for info in playback.terminals:
            frame = playback.at(playback.duration, info)
            wanted = _screen(session, names[info.connection], frame.columns, frame.lines)
            shown = ["".join(run.text for run in row).rstrip() for row in frame.rows]
            assert shown == [row.rstrip() for row in wanted]
            checked += 1
        playback.close()
    assert checked > 10


def _screen(session: Any, pane: str, columns: int, lines: int) -> list[str]:
    """Feed a pane's own events straight into the emulator."""
    number = session.panes.index(pane) + 1
    events = [e for e in session.events() if getattr(e, "connection", None) == number]
    if not any(isinstance(event, Resized) for event in events):
        terminal = Terminal(columns, lines)
    else:
        terminal = Terminal(*_first_size(session, pane))
    for event in events:
        if isinstance(event, Output):
            terminal.feed(event.data)
        elif isinstance(event, Resized):
            terminal.resize(event.columns, event.lines)
    return list(terminal.display)


def _first_size(session: Any, pane: str) -> tuple[int, int]:
    words = (session.folder / f"{pane}.timing").read_text().split()
    return int(words[words.index("COLUMNS") + 1]), int(words[words.index("LINES") + 1])
