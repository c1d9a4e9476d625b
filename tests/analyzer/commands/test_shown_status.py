"""Exit statuses and other things that prompts show beside user and directory."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analyzer.commands.detector import Detector
from analyzer.commands.shown_status import ShownStatus
from analyzer.records import Command, by_time
from recorder.recording.events import AnyEvent, Output


def test_a_status_at_the_right_edge_is_no_part_of_the_line_and_is_learned(
    shell: Any, tmp_path: Path
) -> None:
    if not shutil.which("zsh"):
        pytest.skip("zsh is not installed")
    (tmp_path / ".zshrc").write_text("PS1='candidate@web01 %~ %# '\nRPS1='%?'\n")
    zsh = shell("zsh")
    zsh.expect(b"\x1b[?2004h")
    for text in ("echo one two", "no-such-program", "cat /no/file", "expr 0", "true"):
        zsh.keys(text)
        zsh.enter("\x1b[?2004h")
    found = [(c.text, c.outcome, c.exit_status) for c in _commands(_in_one_piece(zsh.events))]
    assert found == [
        ("echo one two", "ok", None),
        ("no-such-program", "failed", None),
        ("cat /no/file", "failed", None),
        ("expr 0", "failed", 1),
        ("true", "ok", 0),
    ]


def _commands(events: list[AnyEvent]) -> list[Command]:
    detector = Detector()
    runs = {run.command.id: run for event in events for run in detector.observe(event)}
    return sorted((run.command for run in runs.values()), key=by_time)


def _in_one_piece(events: list[AnyEvent]) -> list[AnyEvent]:
    """Join what came in several packets without a key between.

    A status that comes behind its prompt in a packet of its own is not read.
    """
    joined: list[AnyEvent] = []
    for event in events:
        last = joined[-1] if joined else None
        if isinstance(event, Output) and isinstance(last, Output):
            joined[-1] = replace(last, data=last.data + event.data)
        else:
            joined.append(event)
    return joined


def test_what_comes_behind_the_prompt_before_any_key_is_its_right_edge(
    shell: Any, tmp_path: Path
) -> None:
    if not shutil.which("zsh"):
        pytest.skip("zsh is not installed")
    (tmp_path / ".zshrc").write_text("PS1='candidate@web01 %~ %# '\nRPS1='[%~ here]'\n")
    zsh = shell("zsh")
    zsh.expect(b"\x1b[?2004h")
    for text in ("echo one two", "echo three"):
        zsh.keys(text)
        zsh.enter("\x1b[?2004h")
    found = _commands(_in_pieces(_in_one_piece(zsh.events)))
    assert [c.text for c in found] == ["echo one two", "echo three"]


def _in_pieces(events: list[AnyEvent]) -> list[AnyEvent]:
    """Cut output before each control sequence, as packets may."""
    found: list[AnyEvent] = []
    for event in events:
        if not isinstance(event, Output):
            found.append(event)
            continue
        first, *rest = event.data.split(b"\x1b")
        pieces = ([first] if first else []) + [b"\x1b" + each for each in rest]
        found += [replace(event, data=piece) for piece in pieces]
    return found


def test_a_status_in_the_prompt_is_learned(shell: Any) -> None:
    bash = shell(prompt="$? candidate@web01:\\w\\$ ")
    bash.expect(b"candidate")
    bash.expect(b" ")
    for text in ("echo well", "no-such-program", "cat /no/file", "expr 0", "bash -c 'exit 9'"):
        bash.run(text, "candidate@web01:~" + ("# " if os.getuid() == 0 else "$ "))
    assert [c.exit_status for c in bash.commands()] == [None, None, None, 1, 9]


def test_a_number_that_is_no_status_is_never_taken_for_one() -> None:
    status = ShownStatus()
    for number, outcome in ((0, "ok"), (1, "failed"), (2, "failed"), (3, "ok")):
        status.read(f"{number} $ ", "")
        status.learn(outcome)  # type: ignore[arg-type]  # literals in a tuple widen to str
    assert status.read("4 $ ", "") is None
