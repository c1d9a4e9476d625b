"""Real programs, drawn by the emulator and by tmux from the same bytes.

tmux runs the program and also copies its output to us (`pipe-pane`), so that both have the same
bytes; at each quiet point the two screens must be equal.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from analyzer.terminal import Terminal

pytestmark = pytest.mark.end_to_end

COLUMNS, LINES = 80, 24
DEADLINE = 20.0


class Pane:
    """A program in a tmux pane of its own server, with what it prints kept in a file."""

    def __init__(self, directory: Path, command: str) -> None:
        self.socket = str(directory / "tmux")
        self.output = directory / "output"
        self.output.touch()
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
            timeout=30,
            check=True,
            env={
                "PATH": "/usr/bin:/bin",
                "LC_ALL": "C.UTF-8",
                "HOME": str(Path(self.socket).parent),
            },
        )
        return done.stdout.decode()

    def keys(self, *names: str) -> None:
        self.tmux("send-keys", *names)

    def paste(self, text: str) -> None:
        self.tmux("send-keys", "-l", text)

    def drawn(self) -> tuple[list[str], tuple[int, int], Terminal]:
        terminal = Terminal(COLUMNS, LINES)
        terminal.feed(self.output.read_bytes())
        place = (terminal.cursor.x, terminal.cursor.y)
        return [row.rstrip() for row in terminal.display], place, terminal

    def seen(self) -> tuple[list[str], tuple[int, int]]:
        screen = [row.rstrip() for row in self.tmux("capture-pane", "-p").split("\n")[:LINES]]
        x, y = self.tmux("display-message", "-p", "#{cursor_x} #{cursor_y}").split()
        return screen, (min(int(x), COLUMNS - 1), int(y))

    def agree(self, ready: Callable[[list[str]], bool]) -> Terminal:
        """Wait until the program has drawn what `ready` looks for; then both must be equal."""
        until = time.monotonic() + DEADLINE
        while True:
            seen, drawn = self.seen(), self.drawn()
            if ready(seen[0]) and (seen[0], seen[1]) == (drawn[0], drawn[1]):
                return drawn[2]
            if time.monotonic() > until:
                assert ready(seen[0]), seen[0]
                assert drawn[0] == seen[0]
                assert drawn[1] == seen[1]
            time.sleep(0.05)  # tmux has no event for "drawn"

    def close(self) -> None:
        self.tmux("kill-server")


@pytest.fixture
def pane(tmp_path: Path) -> Iterator[Callable[[str], Pane]]:
    panes: list[Pane] = []

    def start(command: str) -> Pane:
        for program in ("tmux", command.split(maxsplit=1)[0]):
            if shutil.which(program) is None:
                pytest.skip(f"{program} is not installed")
        panes.append(Pane(tmp_path, command))
        return panes[-1]

    yield start
    for each in panes:
        each.close()


def has(text: str) -> Callable[[list[str]], bool]:
    return lambda screen: any(text in row for row in screen)


BASH = "env PS1='practice:\\w\\$ ' INPUTRC=inputrc HISTFILE= bash --norc"


def test_bash_editing_history_and_completion(pane: Callable[[str], Pane]) -> None:
    shell = pane(BASH)
    shell.agree(has("practice:"))
    shell.paste("echo one two three")
    shell.keys("Left", "Left", "BSpace", "BSpace", "C-a", "M-f", "C-k", "C-y", "C-e")
    shell.paste("; printf '%s\\n' caf\u00e9 \u6f22\u5b57 \U0001f600")
    shell.keys("Enter")
    shell.agree(has("\u6f22\u5b57"))
    shell.keys("Up", "C-a", "C-r")
    shell.paste("one")
    shell.agree(has("reverse-i-search"))
    shell.keys("C-g", "C-c")
    shell.paste("cat te")
    shell.keys("Tab")
    shell.agree(has("cat text"))
    shell.keys("Enter")
    terminal = shell.agree(has("line 199 of"))
    assert terminal.scrolled > 150
    assert terminal.bracketed_paste


def test_bash_command_lines_that_wrap_are_marked(pane: Callable[[str], Pane]) -> None:
    shell = pane(BASH)
    shell.agree(has("practice:"))
    shell.paste("echo " + "0123456789" * 12 + "END")
    terminal = shell.agree(has("END"))
    first = next(y for y in range(LINES) if "echo 0" in terminal.row(y))
    assert terminal.wrapped(first)
    assert not terminal.wrapped(first + 1)
    shell.keys("C-a", *["Right"] * 7)
    shell.paste("inserted")
    terminal = shell.agree(has("inserted"))
    assert terminal.wrapped(first)
    shell.keys("C-e", *["BSpace"] * 100)
    terminal = shell.agree(lambda screen: "END" not in "".join(screen))
    shell.keys("Enter")
    shell.paste("echo done")
    terminal = shell.agree(has("echo done"))
    assert not terminal.wrapped(first)


def test_less(pane: Callable[[str], Pane]) -> None:
    shell = pane(BASH)
    shell.agree(has("practice:"))
    shell.paste("less text")
    shell.keys("Enter")
    terminal = shell.agree(has("line 22 of"))
    assert terminal.alternate
    for keys, text in (
        (["Space"], "line 45"),
        (["b"], "line 0 of"),
        (["G"], "(END)"),
        (["k"], "176 of"),
    ):
        shell.keys(*keys)
        shell.agree(has(text))
    shell.paste("/line 19")
    shell.keys("Enter", "q")
    terminal = shell.agree(has("practice:"))
    assert not terminal.alternate


def test_vim(pane: Callable[[str], Pane]) -> None:
    shell = pane(BASH)
    shell.agree(has("practice:"))
    shell.paste("vim -u NONE -N text")
    shell.keys("Enter")
    terminal = shell.agree(has("line 0 of"))
    assert terminal.alternate
    shell.paste("ihello \u6f22\u5b57")
    shell.keys("Escape")
    shell.agree(has("hello \u6f22\u5b57"))
    for keys in (["d", "d"], ["G"], ["1", "0", "0", "G"], ["O", "new", "Escape"], ["C-d"], ["C-y"]):
        shell.keys(*keys)
    shell.paste(":split")
    shell.keys("Enter")
    shell.agree(lambda screen: sum("text [+]" in row for row in screen) == 2)
    shell.paste(":q!")
    shell.keys("Enter")
    shell.agree(lambda screen: sum("text [+]" in row for row in screen) < 2)
    shell.paste(":q!")
    shell.keys("Enter")
    terminal = shell.agree(lambda screen: screen[1].startswith("practice:"))
    assert not terminal.alternate


def test_top_and_a_spinner(pane: Callable[[str], Pane]) -> None:
    shell = pane(BASH)
    shell.agree(has("practice:"))
    shell.paste(
        "top -n 1 -b | head -8 | cut -c1-79; top -n 1 >/dev/tty; for i in 1 2 3; do "
        "printf '\\r\\e[K%s%%' $i; done; echo; echo fin''ished"
    )
    shell.keys("Enter")
    shell.agree(has("finished"))


def test_man(pane: Callable[[str], Pane]) -> None:
    if not Path("/usr/share/man/man1/bash.1.gz").exists():
        pytest.skip("cannot read bash's manual: this system is without manuals")
    shell = pane(BASH)
    shell.agree(has("practice:"))
    shell.paste("man bash")
    shell.keys("Enter")
    shell.agree(has("SYNOPSIS"))
    shell.keys("Space")
    shell.keys("q")
    shell.agree(lambda screen: screen[1].startswith("practice:"))
