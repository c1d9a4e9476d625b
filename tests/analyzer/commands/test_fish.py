"""A real fish: its suggestions in grey, its completions and its blocks."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from recorder.recording.events import Output, Place

MARK = "\x1b[?2004h"
RIGHT, UP, CTRL_C = "\x1b[C", "\x1b[A", "\x03"


@pytest.fixture
def fish(shell: Any, tmp_path: Path) -> Any:
    """Return a fish at its first prompt, whose history holds one line."""
    if not shutil.which("fish"):
        pytest.skip("fish is not installed")
    history = tmp_path / ".local" / "share" / "fish" / "fish_history"
    history.parent.mkdir(parents=True)
    history.write_text("- cmd: echo from long ago\n  when: 1600000000\n")
    for name in ("alpha-one.txt", "alpha-two.txt", "beta.txt"):
        (tmp_path / name).touch()
    started = shell("fish")
    prompted(started)
    return started


def prompted(fish: Any) -> None:
    """Wait for a whole prompt: behind it fish clears the row and puts the cursor back."""
    fish.expect(MARK.encode())
    fish.expect(b"\x1b[K\r\x1b[")
    fish.expect(b"C")


def enter(fish: Any) -> None:
    fish.send("\r")
    fish.expect(b"\x1b[?2004l")
    prompted(fish)


def shown(fish: Any, text: str) -> None:
    """Wait until what stands in the cursor's row is this."""
    while text not in row(fish):
        assert fish.more(), row(fish)


def row(fish: Any) -> str:
    last = Output(t=0.0, place=Place(file="x", offset=0), connection=1, channel=1, data=b"")
    terminal = fish.detector.terminal(last)
    return terminal.row(terminal.cursor.y) if terminal else ""


def run(fish: Any, text: str) -> None:
    fish.keys(text)
    enter(fish)


def test_lines_are_what_was_run_and_not_what_was_suggested(fish: Any) -> None:
    run(fish, "echo one two")
    fish.keys("ech")
    shown(fish, "# echo one two")
    enter(fish)
    run(fish, "cat /no/file")
    run(fish, "no-such-program")
    assert [(c.text, c.outcome) for c in fish.commands()] == [
        ("echo one two", "ok"),
        ("ech", "failed"),
        ("cat /no/file", "failed"),
        ("no-such-program", "failed"),
    ]
    assert min(c.confidence for c in fish.commands()) > 0.9


def test_a_suggestion_that_was_accepted_is_part_of_the_line(fish: Any) -> None:
    fish.keys("echo f")
    shown(fish, "# echo from long ago")
    fish.send(RIGHT)
    fish.keys("!")
    enter(fish)
    assert fish.texts() == ["echo from long ago!"]


def test_a_part_of_a_suggestion_may_be_accepted(fish: Any) -> None:
    fish.keys("echo f")
    shown(fish, "# echo from long ago")
    fish.send("\x1bf")
    fish.keys("!")
    enter(fish)
    assert fish.texts() == ["echo from!"]


def test_completed_names_are_read(fish: Any) -> None:
    fish.keys("cat b")
    fish.send("\t")
    shown(fish, "cat beta.txt")
    enter(fish)
    fish.keys("cat al")
    fish.send("\t")
    fish.expect(b"alpha-")
    fish.send("\t")
    fish.expect(b"two.txt")
    fish.send("\t")
    fish.expect(b"alpha-")
    # The first Enter takes what the list offers.
    fish.send("\r")
    fish.expect(b"\x1b[J")
    enter(fish)
    first, second = fish.commands()
    assert (first.text.rstrip(), first.source) == ("cat beta.txt", "completed")
    assert second.text.rstrip() in {"cat alpha-one.txt", "cat alpha-two.txt"}


def test_what_was_recalled_or_given_up(fish: Any) -> None:
    run(fish, "echo first")
    fish.keys("echo never")
    # fish does not hear it while it colours the line.
    while "^C" not in fish.seen:
        fish.send(CTRL_C)
        fish.more(1.0)
    fish.expect(b"\x1b[K\r\x1b[")
    fish.expect(b"C")
    fish.send(UP)
    shown(fish, "# echo first")
    enter(fish)
    assert [(c.text, c.source) for c in fish.commands()] == [
        ("echo first", "typed"),
        ("echo first", "recalled"),
    ]


def test_a_block_is_one_command_as_it_was_typed(fish: Any) -> None:
    fish.keys("for i in 1 2")
    fish.send("\r")
    fish.expect(b"\n")
    fish.keys("echo $i")
    fish.send("\r")
    fish.expect(b"\n")
    run(fish, "end")
    fish.send(UP)
    fish.expect(b"end")
    enter(fish)
    run(fish, "true")
    typed, recalled, last = fish.commands()
    assert typed.text == "for i in 1 2\necho $i\nend"
    assert typed.confidence > 0.9
    assert recalled.text == "for i in 1 2\n    echo $i\nend"
    assert last.text == "true"


def test_a_line_that_wraps_is_whole(fish: Any) -> None:
    long = "echo " + " ".join(f"word{number}" for number in range(30))
    run(fish, long)
    run(fish, "true")
    assert fish.texts() == [long, "true"]


def test_a_paste_is_one_line(fish: Any) -> None:
    fish.send("\x1b[200~echo pasted words\x1b[201~")
    fish.expect(b"pasted words")
    enter(fish)
    assert [(c.text, c.source) for c in fish.commands()] == [("echo pasted words", "pasted")]
