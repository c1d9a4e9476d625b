"""The walk of docs/walk.md, line by line: a session, three cards, a debrief, a report, the end.

At every step before the debrief each door is tried for what is not to be seen yet.
"""

from __future__ import annotations

import json
import os
import pwd
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.end_to_end.conftest import OpenTerminal
from tests.end_to_end.support.hop import JUMPSEAT, environment
from tests.end_to_end.support.team import seat_port
from tests.end_to_end.support.terminal import Terminal

pytestmark = pytest.mark.end_to_end

ME = pwd.getpwuid(os.getuid()).pw_name
WORDS = {ME: "careless with what runs", "ada": "zzAdasHeron", "grace": "zzGracesOtter"}
"""What each card says and no other."""

COMPETENCIES = 8


def lines_of_the_walk() -> list[tuple[str, str]]:
    """Return who types what, in order."""
    text = (Path(__file__).parents[2] / "docs" / "walk.md").read_text()
    return re.findall(r"^    (\w*)\$ (.+)$", text, re.MULTILINE)


@dataclass
class Walk:
    """The machine that it is walked on, and how far it went."""

    place: Path
    variables: dict[str, str]
    serve: subprocess.Popen[bytes] | None = None
    port: int = 0
    lines: Iterator[tuple[str, str]] = field(default_factory=lambda: iter(lines_of_the_walk()))

    def until(self, mark: str) -> str:
        """Walk up to and with the line that has a mark; return what that printed."""
        for who, line in self.lines:
            assert who in {"", "serve"}, f"{who} was to type {line}"
            printed = ""
            if who == "serve":
                self.begin_serve(line)
            elif line.startswith("export "):
                self.export(line)
            else:
                printed = self.printed(line)
            if mark in line:
                return printed
        raise AssertionError(f"the walk has no line with {mark}")

    def sits(self, name: str, terminal: Terminal) -> Terminal:
        """Let an interviewer type the next line."""
        who, line = next(self.lines)
        assert who == name
        terminal.start(self.ssh(line), term="xterm-256color")
        return terminal

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        """Run a line as a shell does."""
        return subprocess.run(
            ["bash", "-c", line], cwd=self.place, env=self.variables, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip

    def printed(self, line: str) -> str:
        """Run a line that must succeed, and return all that it printed."""
        found = self.run(line)
        assert found.returncode == 0, f"{line}: {found.stderr}"
        return found.stdout + found.stderr

    def export(self, line: str) -> None:
        """Take in what a line exports."""
        name, _, _ = line.removeprefix("export ").partition("=")
        self.variables[name] = self.printed(f'{line}; echo -n "${name}"')

    def begin_serve(self, line: str) -> None:
        """Let serve run beside, on any port that is free."""
        out, err = self.place / "serve.out", self.place / "serve.err"
        words = shlex.split(line.replace("--seat-port 2200", "--seat-port 0"))
        with out.open("wb") as stdout, err.open("wb") as stderr:
            self.serve = subprocess.Popen(
                [*words, "--listen", "127.0.0.1:0"], cwd=self.place, env=self.variables,
                stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
            )  # fmt: skip
        self.port = seat_port(out.read_text)

    def ssh(self, line: str) -> list[str]:
        """Return an interviewer's line as it runs here: another port, and no settings of ours."""
        words = shlex.split(line.replace("-p 2200", f"-p {self.port}"))
        hosts = self.place / "known_hosts"
        ours = (f"UserKnownHostsFile={hosts}", "StrictHostKeyChecking=accept-new")
        options = [word for each in (*ours, "IdentitiesOnly=yes") for word in ("-o", each)]
        key = words.index("-i") + 1
        words[key] = str(self.place / words[key])
        return [words[0], "-F", "none", *options, *words[1:]]

    def everything(self) -> bytes:
        """Return every byte below the home."""
        home = Path(self.variables["JUMPSEAT_HOME"])
        return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    bin_ = f"{JUMPSEAT.parent}{os.pathsep}{os.environ['PATH']}"
    made = Walk(tmp_path, environment(tmp_path) | {"PATH": bin_})
    yield made
    if made.serve is not None:
        made.serve.terminate()
        assert made.serve.wait(timeout=60) == 0, (tmp_path / "serve.err").read_text()


def fill_card(terminal: Terminal, who: str, level: str) -> None:
    """Rate, point at a moment, recommend and submit, with the keys that the walk names."""
    terminal.wait_for("Readiness and reading")
    terminal.key(level)
    terminal.wait_for(rf"▸ {level} ")
    terminal.key("Enter")
    terminal.wait_for("esc keeps it")
    terminal.type(f"{WORDS[who]} reads")
    terminal.key("Escape")
    terminal.wait_for(f"{WORDS[who]} reads")
    # A key right behind an escape would be another key.
    terminal.wait_until_gone("esc keeps it")
    terminal.key("Escape")
    terminal.wait_for(r"Commands \d")
    terminal.key("A")
    terminal.wait_for("Evidence for")
    terminal.key("1")
    terminal.wait_for("evidence for Readiness")
    terminal.key("C")
    terminal.wait_for("1◆")
    for _ in range(COMPETENCIES - 1):
        terminal.key("j", "0")
    terminal.wait_for("Missing: a recommendation")
    terminal.key("j", "j", "j", level, "Enter")
    terminal.wait_for("esc keeps it")
    terminal.type(f"{WORDS[who]} in all")
    terminal.key("Escape")
    terminal.wait_for("Nothing is missing")


def submit_card(terminal: Terminal) -> None:
    terminal.key("S")
    terminal.wait_for("Submit your card")
    terminal.key("y")
    terminal.wait_for("submitted [0-9]")


def leave(terminal: Terminal, key: str) -> None:
    terminal.key(key)
    assert terminal.await_exit() == 0


def assert_blind(walk: Walk, *others: str) -> None:
    """Try every door of the command line, and the files themselves, for others' words."""
    secrets = [WORDS[each] for each in others]
    copy = walk.place / "copy.tar.gz"
    doors = (
        "jumpseat card show latest",
        "jumpseat card show latest --json",
        "jumpseat card fill latest --form",
        "jumpseat debrief latest --text",
        "jumpseat debrief latest --json",
        "jumpseat debrief latest --minutes -",
        "jumpseat report latest --to md -o -",
        "jumpseat report latest --to json -o -",
        "jumpseat report latest --to html --no-replay -o -",
        "jumpseat notes latest --all --json",
        "jumpseat session show latest --json",
        "jumpseat calibrate --all --json",
        "jumpseat trace latest --json",
        f"jumpseat session export latest -o {copy}",
    )
    for door in doors:
        found = walk.run(door)
        assert not [each for each in secrets if each in found.stdout + found.stderr], door
    held = walk.everything() + copy.read_bytes()
    copy.unlink()
    assert not [each for each in secrets if each.encode() in held]


def three_cards(walk: Walk, open_terminal: OpenTerminal) -> None:
    walk.until("jumpseat serve")
    assert "your card is in" in walk.until("card submit")
    ada = walk.sits("ada", open_terminal(120, 40))
    fill_card(ada, "ada", "3")
    grace = walk.sits("grace", open_terminal(120, 40))
    grace.wait_for("ada begun")
    assert_blind(walk, "ada", "grace")
    fill_card(grace, "grace", "4")
    for terminal, other in ((ada, "grace"), (grace, "ada")):
        assert not [w for w in (WORDS[other], WORDS[ME]) if w in terminal.screen()]
    submit_card(ada)
    assert "grace" in walk.until("debrief latest --text")
    refused = walk.run("jumpseat debrief latest --open")
    assert (refused.returncode, "grace" in refused.stderr) == (1, True)
    assert_blind(walk, "ada", "grace")
    submit_card(grace)
    for terminal in (ada, grace):
        terminal.key("Escape")
        terminal.wait_for(r"Commands \d")
        leave(terminal, "q")


def the_debrief(walk: Walk, open_terminal: OpenTerminal) -> None:
    walk.until("debrief latest --open")
    opened = walk.until("debrief latest --text")
    assert all(each in opened for each in WORDS.values())
    room = walk.sits("grace", open_terminal(120, 40))
    room.wait_for("differ")
    leave(room, "q")
    walk.until("--minutes")
    minutes = (walk.place / "minutes.md").read_text()
    assert "Grace showed me" in minutes
    assert "Call them on Monday" in minutes


def the_report(walk: Walk) -> None:
    walk.until("copy.html")
    said = (*WORDS.values(), "Grace showed me", "beside somebody who knows production")
    for name in ("report.html", "report.md", "report.json"):
        text = (walk.place / name).read_text()
        assert not [each for each in said if each not in text], name
    assert json.loads((walk.place / "report.json").read_text())["session"]
    copy = (walk.place / "copy.html").read_text()
    assert not [each for each in (*said, "grace", "Grace", "Monday") if each in copy]


def what_is_left(walk: Walk) -> None:
    trace = walk.until("trace latest")
    for action in ("raters-asked", "card-submitted", "cards-opened", "card-changed", "reported"):
        assert action in trace
    assert not [each for each in WORDS.values() if each in trace]
    walk.until("trace verify")
    walk.until("purge")
    walk.until("trace verify")
    assert not [each for each in WORDS.values() if each.encode() in walk.everything()]
    assert "purged" in walk.printed("jumpseat trace")


@pytest.mark.timeout(600)
def test_the_walk_goes_as_it_is_written(walk: Walk, open_terminal: OpenTerminal) -> None:
    three_cards(walk, open_terminal)
    the_debrief(walk, open_terminal)
    the_report(walk)
    what_is_left(walk)
    assert next(walk.lines, None) is None
