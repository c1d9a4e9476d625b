"""The programs of every session look as tmux draws them: shell, pager, editor, manual."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.panes import BASH, LINES, Pane, Ready, has, panes

pytestmark = pytest.mark.end_to_end

Start = Callable[..., Pane]


def at_prompt_below(row: str) -> Ready:
    """Wait for a prompt right below a row."""
    return lambda screen: (
        row in screen[:-1] and screen[screen.index(row) + 1].startswith("practice:")
    )


@pytest.fixture
def pane(tmp_path: Path) -> Iterator[Start]:
    with panes(tmp_path) as start:
        yield start


def test_bash_editing_history_and_completion(pane: Start) -> None:
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


def test_bash_command_lines_that_wrap_are_marked(pane: Start) -> None:
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


def test_less(pane: Start) -> None:
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


def test_vim(pane: Start) -> None:
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


def test_top_and_a_spinner(pane: Start) -> None:
    shell = pane(BASH)
    shell.agree(has("practice:"))
    shell.paste(
        "top -n 1 -b | head -8 | cut -c1-79; top -n 1 >/dev/tty; for i in 1 2 3; do "
        "printf '\\r\\e[K%s%%' $i; done; echo; echo fin''ished"
    )
    shell.keys("Enter")
    shell.agree(has("finished"))


def test_man(pane: Start) -> None:
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


def test_lines_wrap_anew_where_the_window_gets_narrower(pane: Start) -> None:
    shell = pane(BASH)
    shell.agree(has("practice:"))
    # The screen is full: where there are blank lines below, tmux leaves them and scrolls.
    shell.run("for n in $(seq 20); do echo $n $(seq 40); done; echo done", has("20 1 2", "done"))
    for columns, lines in ((60, 24), (60, 20), (40, 20), (40, 9), (33, 9)):
        shell.resize(columns, lines)
        shell.run(f"echo {columns}x{lines}", at_prompt_below(f"{columns}x{lines}"))
