"""A line typed into a pane before its prompt came, however tmux parts what it draws of it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.commands.panes.terminal import PanedTerminal
from analyzer.commands.run import Run
from recorder.recording.events import Input, Output, Place
from tests.analyzer.commands.panes.test_hostile_panes import START

PROMPT = b"candidate@web01:~$ "
AHEAD = {
    ("echo ahead",): b"echo ahead\r\n\x1b[?2004lahead\r\n",
    ("true",): b"true\r\n\x1b[?2004l",
    ("printf x",): b"printf x\r\n\x1b[?2004lx",
    ("echo one", "echo two"): b"echo one\r\n\x1b[?2004lone\r\n"
    + PROMPT
    + b"\x1b[?2004hecho two\r\n\x1b[?2004ltwo\r\n",
}
"""Lines typed ahead, and what comes behind the prompt: bash draws what it was given and runs it."""


class Played:
    """A pane in tmux, to which a test tells what is typed and drawn."""

    def __init__(self) -> None:
        self._terminal = PanedTerminal(1, 1, 80, 24)
        self._number = 0
        self._runs: dict[str, Run] = {}
        self.drawn(START)
        self.drawn(PROMPT + b"\x1b[?2004h")

    def drawn(self, data: bytes) -> None:
        self._keep(self._terminal.output(Output(data=data, **self._common())))

    def typed(self, line: str) -> None:
        """Press key after key, each of which the terminal shows, and Enter."""
        for key in line.encode():
            self._pressed(bytes([key]))
            self.drawn(bytes([key]))
        self._pressed(b"\r")
        self.drawn(b"\r\n")

    def found(self) -> list[str]:
        return [run.command.text for run in self._runs.values()]

    def _pressed(self, data: bytes) -> None:
        self._keep(self._terminal.input(Input(data=data, **self._common())))

    def _keep(self, runs: list[Run]) -> None:
        self._runs |= {run.command.id: run for run in runs}

    def _common(self) -> dict[str, object]:
        self._number += 1
        place = Place(file="c1-1.cast", offset=self._number)
        return {"t": self._number * 0.01, "place": place, "connection": 1, "channel": 1}


def assert_found(lines: tuple[str, ...], cuts: list[int]) -> None:
    """Draw what comes of lines in these pieces, and compare what is found."""
    pane = Played()
    for line in ("sleep 0.2", *lines):
        pane.typed(line)
    drawn = PROMPT + b"\x1b[?2004h" + AHEAD[lines] + PROMPT + b"\x1b[?2004h"
    within = sorted(cut % len(drawn) for cut in cuts)
    for start, end in itertools.pairwise([0, *within, len(drawn)]):
        pane.drawn(drawn[start:end])
    pane.typed("echo after")
    pane.drawn(b"after\r\n" + PROMPT)
    assert pane.found() == ["sleep 0.2", *lines, "echo after"]


@pytest.mark.parametrize("lines", list(AHEAD))
def test_it_is_found_where_it_is_drawn_in_two_pieces(lines: tuple[str, ...]) -> None:
    for cut in range(1, 100):
        assert_found(lines, [cut])


@given(st.sampled_from(list(AHEAD)), st.lists(st.integers(1, 200), max_size=6))
def test_it_is_found_in_however_many_pieces_it_is_drawn(
    lines: tuple[str, ...], cuts: list[int]
) -> None:
    assert_found(lines, cuts)
