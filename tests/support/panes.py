"""A program in tmux, drawn by tmux and by the emulator from the same bytes.

tmux runs the program and also copies its output to us (`pipe-pane`), so that both have the same
bytes; at each quiet point the two screens must be equal. What programs draw is not known here.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from analyzer.terminal import Terminal
from tests.support import chance

COLUMNS, LINES = 80, 24
DEADLINE = 60.0
BASH = "env PS1='practice:\\w\\$ ' INPUTRC=inputrc HISTFILE= bash --norc"

HOSTILE = (
    b"\x1b[?69h\x1b[3;9s",
    b"\x1b[4h",
    b"\x1b[?7l",
    b"\x1b[99999;99999H",
    b"\x1b[5;3r",
    b"\x1b[?6h",
    b"\x1bP",
    b"\x1b]0;",
    b"\x1b[",
    b"\xe6\xbc",
    b"\xff",
    b"\x1b[999b",
    b"\x1b[38;2;1",
    b"\x1bc",
    b"\x1b[?1049h",
    b"\x1b#8",
    b"\x0e\x1b)0",
)
"""Pieces that change how all that follows is read."""

_STYLES = re.compile("\x1b\\[[0-9;:]*m")
_DRAWN = re.compile("\x0e([^\x0f]*)\x0f?")
_LINES = str.maketrans("`afgjklmnqtuvwx~", "◆▒°±┘┐┌└┼─├┤┴┬│·")

Picture = tuple[list[str], tuple[int, int]]
Ready = Callable[[list[str]], bool]


class Pane:
    """A program in a tmux pane of its own server, with what it prints kept in a file."""

    def __init__(self, directory: Path, command: str) -> None:
        self.directory = directory
        self.socket = str(directory / "tmux")
        self.output = directory / "output"
        self.output.touch()
        self.sizes: list[tuple[int, int, int]] = [(0, COLUMNS, LINES)]
        (directory / "text").write_text("".join(f"line {n} of a text\n" for n in range(200)))
        (directory / "inputrc").write_text("set enable-bracketed-paste on\n")
        start = directory / "start"
        wait = f"until [ -e {start} ]; do sleep 0.05; done; cd {directory}; clear; exec {command}"
        size = ("-x", str(COLUMNS), "-y", str(LINES))
        self.tmux("-f", "/dev/null", "new-session", "-d", *size, "sh", "-c", wait)
        self.tmux("set-option", "-g", "status", "off")
        self.tmux("resize-window", *size)
        self.tmux("pipe-pane", "-O", f"cat >> {self.output}")
        start.touch()

    def tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-u", "-S", self.socket, *arguments],
            capture_output=True,
            timeout=60,
            check=True,
            env={
                "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
                "LC_ALL": "C.UTF-8",
                "HOME": str(self.directory),
            },
        )
        return done.stdout.decode()

    def keys(self, *names: str) -> None:
        self.tmux("send-keys", *names)

    def paste(self, text: str) -> None:
        self.tmux("send-keys", "-l", text)

    def run(self, command: str, ready: Ready) -> Terminal:
        """Type a command line; wait for what it draws."""
        self.paste(command)
        self.keys("Enter")
        return self.agree(ready)

    def resize(self, columns: int, lines: int) -> None:
        """Change the window's size; the pane must be quiet."""
        self.sizes.append((self.output.stat().st_size, columns, lines))
        self.tmux("resize-window", "-x", str(columns), "-y", str(lines))

    def drawn(self) -> tuple[list[str], tuple[int, int], Terminal]:
        data = self.output.read_bytes()
        terminal = Terminal(*self.sizes[0][1:])
        ends = [*self.sizes[1:], (len(data), 0, 0)]
        for (start, columns, lines), (end, _, _) in pairwise([self.sizes[0], *ends]):
            terminal.resize(columns, lines)
            terminal.feed(data[start:end])
        place = (terminal.cursor.x, terminal.cursor.y)
        return [row.rstrip() for row in terminal.display], place, terminal

    def seen(self) -> tuple[list[str], tuple[int, int]]:
        _, columns, lines = self.sizes[-1]
        captured = self.tmux("capture-pane", "-p", "-e").split("\n")[:lines]
        screen = [text_of(row).rstrip() for row in captured]
        x, y = self.tmux("display-message", "-p", "#{cursor_x} #{cursor_y}").split()
        return screen, (min(int(x), columns - 1), int(y))

    def agree(self, ready: Ready) -> Terminal:
        """Wait until the program has drawn what `ready` looks for; then both must be equal."""
        until = time.monotonic() + DEADLINE
        while True:
            seen, drawn = self.seen(), self.drawn()
            if ready(seen[0]) and (seen[0], seen[1]) == (drawn[0], drawn[1]):
                assert drawn[2].faults == 0
                return drawn[2]
            if time.monotonic() > until:
                raise AssertionError(differences(ready, seen, drawn[:2]))
            time.sleep(0.05)  # tmux has no event for "drawn"

    def close(self) -> None:
        self.tmux("kill-server")


def text_of(row: str) -> str:
    """Return a captured row's text; tmux tells line drawing characters between SO and SI."""
    plain = _STYLES.sub("", row)
    return _DRAWN.sub(lambda drawn: drawn[1].translate(_LINES), plain)


def differences(ready: Ready, seen: Picture, drawn: Picture) -> str:
    """Say what was awaited in vain: a text, or that the rows or the cursor are equal."""
    if not ready(seen[0]):
        return "what was awaited is not there:\n" + "\n".join(seen[0])
    rows = [
        f"{number}: tmux {theirs!r}\n   ours {ours!r}"
        for number, (theirs, ours) in enumerate(zip(seen[0], drawn[0], strict=False))
        if theirs != ours
    ]
    return "\n".join([*rows, f"cursor: tmux {seen[1]}, ours {drawn[1]}"])


def has(*texts: str) -> Ready:
    """Wait until all of these are on the screen."""
    return lambda screen: all(any(text in row for row in screen) for text in texts)


@contextmanager
def panes(directory: Path) -> Iterator[Callable[..., Pane]]:
    """Start panes, and end them all; a test is skipped where a program is not installed."""
    started: list[Pane] = []

    def start(command: str, *programs: str) -> Pane:
        for program in ("tmux", command.split(maxsplit=1)[0], *programs):
            if shutil.which(program) is None:
                pytest.skip(f"{program} is not installed")
        started.append(Pane(directory, command))
        return started[-1]

    try:
        yield start
    finally:
        for each in started:
            each.close()
    for each in started:
        shake(each.output.read_bytes(), chance.seed())


def shake(data: bytes, seed: int, rounds: int = 5) -> None:
    """Damage a real program's output at random: it never raises, and may be cut anywhere."""
    source = random.Random(seed)
    for _ in range(rounds):
        damaged = bytearray(data)
        for _ in range(source.randrange(1, 40)):
            place = source.randrange(len(damaged))
            kind = source.randrange(3)
            if kind == 0:
                damaged[place] = source.randrange(256)
            elif kind == 1:
                del damaged[place : place + source.randrange(1, 30)]
            else:
                damaged[place:place] = source.choice(HOSTILE)
        whole, cut = Terminal(COLUMNS, LINES), Terminal(COLUMNS, LINES)
        whole.feed(bytes(damaged))
        place = 0
        while place < len(damaged):
            size = source.choice((1, 2, 3, 17, 1000))
            cut.feed(bytes(damaged[place : place + size]))
            place += size
        assert whole.faults == cut.faults == 0, f"faults with seed {seed}"
        assert whole.snapshot() == cut.snapshot(), f"not the same when cut, with seed {seed}"
