"""Whatever is drawn while a multiplexer has the screen, nothing raises and nothing is invented."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.commands.panes import layout
from analyzer.commands.panes.terminal import PanedTerminal
from analyzer.commands.run import Run
from analyzer.terminal import Terminal
from recorder.recording.events import Input, Output, Place

START = b"\x1b[?1049h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1005l\x1b[H\x1b[2J"
PIECES = (
    b"candidate@web01:~$ ",
    b"candidate@web01:~$ rm -rf /\r\n",
    b"\r\n",
    b"\x1b[?25l",
    b"\x1b[?25h",
    b"\x1b[H",
    b"\x1b[2J",
    b"\x1b[5;1H",
    b"\x1b[99;99H",
    b"\x1b[7m" + b" " * 30 + b"\x1b[m",
    "\u2502".encode() * 9,
    "\u2500".encode() * 20,
    "\u6f22\u5b57".encode() * 7,
    b"[0] 0:bash*",
    b"[12/345]",
    b"(reverse-i-search)`x': ls",
    b"> ",
    b"\x1b[3S",
    b"\x1b[?1049l",
    b"\x1b[?1049h",
    b"[detached (from session 0)]",
    b"\xff\xfe",
    b"x" * 90,
)
KEYS = (
    b"l",
    b"\r",
    b"\x02",
    b"%",
    b"\x01",
    b"[",
    b"\x03",
    b"\x04",
    b"\t",
    b"\x1b[A",
    b"\x1b[200~a\rb\x1b[201~",
    b":",
    b"]",
)
steps = st.lists(
    st.one_of(
        st.sampled_from(PIECES).map(lambda data: ("o", data)),
        st.sampled_from(KEYS).map(lambda data: ("i", data)),
        st.binary(max_size=12).map(lambda data: ("o", data)),
        st.tuples(st.integers(1, 40), st.integers(1, 15)).map(lambda size: ("r", size)),
    ),
    max_size=60,
)


def play(events: list[tuple[str, object]], columns: int = 20, lines: int = 8) -> list[Run]:
    """Return what is found in a terminal that tmux has taken."""
    terminal = PanedTerminal(1, 1, columns, lines)
    runs: list[Run] = []
    for number, (code, data) in enumerate([("o", START), *events]):
        t = number * 0.03
        place = Place(file="c1-1.cast", offset=number)
        if code == "r":
            assert isinstance(data, tuple)
            terminal.resize(*data, t)
            continue
        assert isinstance(data, bytes)
        if code == "o":
            runs += terminal.output(Output(t=t, place=place, connection=1, channel=1, data=data))
        else:
            runs += terminal.input(Input(t=t, place=place, connection=1, channel=1, data=data))
    return runs + terminal.close(1000.0)


@settings(deadline=None)
@given(steps)
def test_nothing_that_is_drawn_raises(events: list[tuple[str, object]]) -> None:
    for run in play(events):
        assert run.command.text


def test_what_is_only_drawn_was_not_run() -> None:
    source = random.Random(7)
    for _ in range(30):
        drawn = [("o", source.choice(PIECES)) for _ in range(60)]
        assert not [run for run in play(drawn) if run.command.confidence > 0.9]


@pytest.mark.parametrize("kind", ["tmux", "screen"])
@pytest.mark.parametrize("drawn", ["|", "-", "\x1b[7m \x1b[m"])
@pytest.mark.parametrize(("columns", "lines"), [(2000, 10), (10, 1000)])
def test_a_large_screen_full_of_borders_is_survived(
    kind: layout.Kind, drawn: str, columns: int, lines: int
) -> None:
    terminal = Terminal(columns, lines)
    terminal.feed((drawn * columns * lines).encode())
    rects = [place.rect for place in layout.find(terminal, kind)]
    assert all(rect.width > 0 and rect.height > 0 for rect in rects)


def window(number: int, rows: list[str]) -> list[tuple[str, object]]:
    """Return what tmux draws of a window that was chosen, and a moment later."""
    drawn = "".join(f"\x1b[{y + 1};1H{row}\x1b[K" for y, row in enumerate(rows))
    bar = f"\x1b[8;1H\x1b[42m{f'[0] {number}:bash*'.ljust(40)}\x1b[m"
    end = f"\x1b[{len(rows)};{len(rows[-1]) + 1}H"
    data = f"\x1b[?25l\x1b[H\x1b[2J{drawn}{bar}{end}\x1b[?25h"
    return [("o", data.encode()), *[("o", b" \b")] * 60]


def test_a_command_ends_with_its_window_where_there_are_too_many() -> None:
    prompt = "candidate@web01:~$ "
    events = window(0, [prompt])
    events += [("i", b"sleep 9"), ("o", b"sleep 9"), ("i", b"\r"), ("o", b"\r\n"), ("o", b" \b")]
    for number in range(1, 80):
        events += [("i", b"\x02"), ("i", b"c"), *window(number, [f"window {number}", prompt])]
    runs = play(events, columns=40)
    assert [(run.command.text, run.state) for run in runs] == [
        ("sleep 9", "started"),
        ("sleep 9", "cut"),
    ]
