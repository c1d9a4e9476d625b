"""Full-screen programs that a sysadmin tries look as tmux draws them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.panes import BASH, Pane, has, panes

pytestmark = pytest.mark.end_to_end

Start = Callable[..., Pane]
PROMPT = has("practice:")


def at_prompt(screen: list[str]) -> bool:
    """Wait for a prompt with nothing behind it, below everything else."""
    rows = [row for row in screen if row]
    return bool(rows) and rows[-1] in {"practice:~#", "practice:~$"}


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Start]:
    """A shell in tmux; its arguments are the programs that the test needs."""
    with panes(tmp_path) as start:

        def started(*programs: str) -> Pane:
            shell = start(BASH, *programs)
            shell.agree(PROMPT)
            return shell

        yield started


def test_nano(shell: Start) -> None:
    pane = shell("nano")
    terminal = pane.run("nano --ignorercfiles text", has("GNU nano", "line 0 of"))
    assert terminal.alternate
    for keys, text in (
        (["NPage"], "line 30"),
        (["C-w"], "Search"),
        (["C-c"], "Cancelled"),
        (["C-k"], "Modified"),
        (["C-x"], "Save modified"),
    ):
        pane.keys(*keys)
        pane.agree(has(text))
    pane.keys("n")
    assert not pane.agree(at_prompt).alternate


def test_nano_and_its_window_that_changes(shell: Start) -> None:
    pane = shell("nano")
    pane.run("nano --ignorercfiles text", has("line 0 of", "^X"))
    pane.resize(60, 15)
    pane.agree(lambda screen: "^X" in screen[14] and "line 9 " in screen[10])
    pane.resize(100, 30)
    pane.agree(lambda screen: "^X" in screen[29] and "line 9 " in screen[10])
    pane.keys("C-x")


def test_htop(shell: Start) -> None:
    pane = shell("htop", "sleep")
    pane.run("sleep 60 & htop -d 1000 -p $!", has("PID", "F10Quit", "sleep 60"))
    pane.keys("F1")
    pane.agree(has("Released under"))
    pane.keys("q")
    pane.agree(has("F10Quit"))
    pane.keys("F2")
    pane.agree(has("Categories"))
    pane.keys("Escape", "q")
    assert not pane.agree(at_prompt).alternate


def test_watch(shell: Start) -> None:
    pane = shell("watch")
    pane.run("watch -t -d -n 60 'head -5 text; echo café 漢'", has("line 4", "漢"))
    pane.keys("C-c")
    pane.agree(at_prompt)


def test_midnight_commander(shell: Start) -> None:
    pane = shell("mc")
    (pane.directory / "folder").mkdir()
    pane.run("mc -u -X", has("10Quit", "/folder"))
    pane.keys("F9")
    pane.agree(has("Left", "Options"))
    pane.keys("Escape", "Escape")
    pane.keys("F7")
    pane.agree(has("Create a new Directory"))
    pane.keys("Escape", "Escape")
    pane.agree(lambda screen: not has("Create a new Directory")(screen))
    pane.keys("F10")
    pane.agree(at_prompt)


def test_screen(shell: Start) -> None:
    pane = shell("screen")
    (pane.directory / "sockets").mkdir(mode=0o700)
    command = "SCREENDIR=$PWD/sockets screen -c /dev/null env PS1='inside$ ' bash --norc"
    pane.run(command, has("inside$"))
    pane.run("seq 30", has("30"))
    pane.keys("C-a", "S")
    pane.keys("C-a", "Tab")
    pane.agree(has("0 env", "inside$"))
    pane.keys("C-a", "X")
    pane.run("clear; echo one more", has("one more"))
    pane.run("exit", has("[screen is terminating]"))


def test_tmux_in_tmux(shell: Start) -> None:
    pane = shell("tmux")
    inner = "tmux -S inner -f /dev/null"
    pane.run(
        f"unset TMUX; {inner} new-session 'exec env PS1=in\\$\\  bash --norc' "
        "\\; set -g status-right ''",
        has("[0] 0:bash*", "in$"),
    )
    pane.keys("C-b", "%")
    pane.agree(has("│"))
    pane.keys("C-b", '"')
    pane.agree(has("│", "├"))
    pane.keys("C-b", "d")
    pane.agree(has("[detached"))
    pane.run(f"{inner} kill-server", at_prompt)


@pytest.mark.parametrize("program", ["whiptail", "dialog"])
def test_debconfs_dialogs(shell: Start, program: str) -> None:
    pane = shell(program)
    # whiptail draws lines in UTF-8, or as the terminal's line drawing characters.
    for locale in ("C", "C.UTF-8"):
        pane.run(
            f"LC_ALL={locale} {program} --title 'Configuring mysql' --yesno 'Remove all?' 10 40",
            has("Configuring mysql", "Remove all?"),
        )
        pane.keys("Tab")
        pane.agree(has("Configuring mysql"))
        pane.keys("Enter")
        pane.run("clear; echo fin''ished", has("finished"))
    pane.run(
        f"{program} --menu choose 15 50 4 one first two second three third",
        has("choose", "third"),
    )
    pane.keys("Down", "Down")
    pane.agree(has("third"))
    pane.keys("Escape", "Escape")


def test_node(shell: Start) -> None:
    pane = shell("node")
    pane.run("NODE_REPL_HISTORY= node --no-warnings", has("Welcome to Node.js"))
    pane.run("const answer = 6 * 7", has("undefined"))
    pane.paste("answer + 1")
    pane.agree(has("43"))
    pane.keys("C-a", "Right", "Right")
    pane.agree(has("answer + 1"))
    pane.keys("C-c")
    pane.run(".exit", at_prompt)


def test_npm(shell: Start) -> None:
    pane = shell("npm")
    (pane.directory / "package.json").write_text('{"name":"app","scripts":{"say":"echo spoken"}}')
    command = "npm --no-update-notifier --cache ./cache run say; echo fin''ished"
    pane.run(command, has("spoken", "finished"))


def test_database_client(shell: Start) -> None:
    pane = shell("mariadb")
    pane.run("mariadb --no-defaults -h 127.0.0.1 -P 9; echo fin''ished", has("ERROR", "finished"))
    pane.run("mariadb --help | less", has("mariadb  Ver"))
    pane.keys("Space", "q")
    pane.agree(at_prompt)


def test_curls_progress(shell: Start) -> None:
    pane = shell("curl")
    pane.run("curl -# -o copy file://$PWD/text; echo fin''ished", has("100.0%", "finished"))
    pane.run("curl -o copy file://$PWD/text; echo also fin''ished", has("% Total", "also finished"))


def test_apts_progress(shell: Start) -> None:
    if os.geteuid() != 0:
        pytest.skip("cannot install a package, even elsewhere, without root")
    pane = shell("apt-get", "dpkg-deb")
    options = package(pane.directory)
    pane.run("clear; seq 30; echo ready", has("ready"))
    terminal = pane.run(
        f"DEBIAN_FRONTEND=noninteractive apt-get install -y {options} ./probe.deb; echo fin''ished",
        has("Setting up jumpseat-probe", "finished"),
    )
    assert "Progress: [" in pane.output.read_text()
    assert not any("Progress: [" in row for row in terminal.display)
    pane.run("clear; seq 40", has("40"))


def package(directory: Path) -> str:
    """Make an empty package; return options with which apt installs it into a folder of ours."""
    for name in ("pkg/DEBIAN", "root", "dpkg/updates", "dpkg/info", "apt/lists/partial"):
        (directory / name).mkdir(parents=True)
    (directory / "apt/cache/archives/partial").mkdir(parents=True)
    for name in ("status", "available"):
        (directory / "dpkg" / name).touch()
    (directory / "pkg/DEBIAN/control").write_text(
        "Package: jumpseat-probe\nVersion: 1\nArchitecture: all\n"
        "Maintainer: Nobody <nobody@example.org>\nDescription: nothing at all\n"
    )
    subprocess.run(
        ["dpkg-deb", "-b", "pkg", "probe.deb"], cwd=directory, check=True, capture_output=True
    )
    dpkg = (f"--admindir={directory}/dpkg", f"--instdir={directory}/root", "--log=/dev/null")
    options = [
        f"Dir::State={directory}/apt",
        f"Dir::State::status={directory}/dpkg/status",
        f"Dir::Cache={directory}/apt/cache",
        f"Dir::Log={directory}",
        "Dir::Etc::sourcelist=/dev/null",
        "Dir::Etc::sourceparts=/dev/null",
        "Dir::Etc::parts=/dev/null",
        "APT::Sandbox::User=root",
        "Dpkg::Progress-Fancy=1",
        *(f"Dpkg::Options::={each}" for each in dpkg),
    ]
    return " ".join(f"-o {each}" for each in options)
