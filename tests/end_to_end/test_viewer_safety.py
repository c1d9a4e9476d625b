"""Whoever looks at an attacker's session: nothing of it reaches their terminal but cells."""

from __future__ import annotations

import os
import re
import sys
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pexpect
import pytest

from analyzer.terminal import Terminal
from recorder.home import Home
from tests.end_to_end.support.hostile import WORDS, record_attack

pytestmark = pytest.mark.end_to_end

COLUMNS, LINES = 120, 40
HARMLESS = "harmless words"

_SEQUENCE = re.compile(
    r"\x1b(?:\[(?P<parameters>[0-?]*[ -/]*)(?P<final>[@-~])"
    r"|[P\]X^_k](?P<string>[^\x1b\x07]*)(?:\x07|\x1b\\)?|(?P<other>[ -/]*[0-~]))"
)
_FREE = frozenset("mHABCDJKXGd")
"""Finals of what moves, erases or colours: their numbers say nothing."""


class Viewer:
    """The program on a terminal that keeps every byte and answers nothing."""

    def __init__(self, home: Home, *arguments: str) -> None:
        environment = {
            "PATH": os.environ["PATH"], "TERM": "xterm-256color", "LC_ALL": "C.UTF-8",
            "HOME": str(home.path), "COLORTERM": "truecolor",
        }  # fmt: skip
        self.screen = Terminal(COLUMNS, LINES)
        self.written = bytearray()
        self.child = pexpect.spawn(
            sys.executable, ["-m", "tui.main", "--home", str(home.path), *arguments],
            dimensions=(LINES, COLUMNS), env=environment, timeout=60,
        )  # fmt: skip
        self.child.delaybeforesend = None

    def read(self) -> bool:
        """Take what is written; return whether more may come."""
        try:
            data = self.child.read_nonblocking(1 << 16, timeout=0.2)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.written += data
        self.screen.feed(data)
        return True

    def wait_for(self, words: str, *, gone: bool = False) -> None:
        until = time.monotonic() + 60
        while (words in "\n".join(self.screen.display)) == gone:
            assert self.read(), f"{words!r} was never shown:\n" + "\n".join(self.screen.display)
            assert time.monotonic() < until, "\n".join(self.screen.display)

    def press(self, keys: str, words: str) -> None:
        self.child.send(keys)
        self.wait_for(words)

    def insist(self, keys: str, words: str) -> None:
        """Press again and again: what was chosen before takes effect some time after its key."""
        for _ in range(20):
            self.child.send(keys)
            for _ in range(3):
                self.read()
            if words in "\n".join(self.screen.display):
                return
        self.wait_for(words)

    def end(self) -> bytes:
        while self.read():
            pass
        self.child.close()
        return bytes(self.written)


def kinds(written: bytes) -> set[str]:
    """Return the kinds of sequences, each as a word; text and what only draws is left out."""
    text = written.decode()
    found = set()
    for match in _SEQUENCE.finditer(text):
        if match["final"] is None:
            found.add(repr(match[0]))
        elif match["final"] not in _FREE or match["parameters"][:1] in {"?", ">", "=", "<"}:
            found.add(f"CSI {match['parameters']} {match['final']}")
    return found


def text_of(written: bytes) -> str:
    """Return what is left when the sequences are taken out."""
    return _SEQUENCE.sub("", written.decode())


def assert_only_text(written: bytes) -> None:
    for character in set(text_of(written)) - {"\r", "\n"}:
        assert unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}, character


def sit(home: Home, words: str) -> str:
    session = "attack" if words == WORDS else "ordinary"
    record_attack(home.recording(session), words)
    return session


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


def watch_through(home: Home, session: str, arguments: Sequence[str]) -> bytes:
    """Look at all that the viewer has: playing, both lists, help, the palette, the end."""
    viewer = Viewer(home, *arguments, session)
    # Beside a screen of that size the live seat has room for its desk, and none for commands.
    viewer.wait_for("Commands 4" if "replay" in arguments else "Tags 2")
    viewer.insist("\x1b[F", "00:09 / 00:09")
    for _ in range(12):
        viewer.child.send(",")
    viewer.wait_for("00:01 / 00:09")
    viewer.child.send("v")
    viewer.press("?", "Keys")
    viewer.child.send("\x1b")
    viewer.wait_for("esc closes", gone=True)
    viewer.child.send("t\x1b[B\r")
    viewer.child.send("c\x1b[B\x1b[A\r")
    viewer.insist("\x1b[F", "00:09 / 00:09")
    viewer.child.send("q")
    return viewer.end()


@pytest.mark.parametrize("verb", ["replay", "watch"])
def test_a_viewer_draws_cells_and_sends_nothing_of_the_sessions(home: Home, verb: str) -> None:
    attack = watch_through(home, sit(home, WORDS), [verb])
    ordinary = watch_through(home, sit(home, HARMLESS), [verb])
    assert kinds(attack) - kinds(ordinary) == set()
    assert_only_text(attack)
    strings = {each for each in kinds(attack) if each.startswith("'") and each[5:6] in "]PX^_k"}
    # The toolkit's own: the shape of the mouse's pointer.
    assert {each.partition(";")[0] for each in strings} <= {"'\\x1b]22"}


VERBS = [
    ("commands",),
    ("tags", "--all"),
    ("session", "show"),
    ("session", "verify"),
    ("session", "export", "--as-is", "--to", "txt", "--output", "-", "--times"),
    ("session", "export", "--as-is", "--to", "svg", "--output", "-", "--at", "4.5"),
    ("session", "export", "--to", "cast"),
    ("search", "upgrade"),
    ("session", "list"),
]


FILE_VERBS = [("commands",), ("tags", "--all"), ("session", "import")]
JSON_VERBS = [(*verb, "--json") for verb in VERBS if "export" not in verb]


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_what_is_printed_is_text(home: Home, verb: tuple[str, ...]) -> None:
    session = sit(home, WORDS)
    arguments = verb if verb[-1] == "list" else (*verb, session)
    written = Viewer(home, *arguments).end()
    # Colours are the program's own: none of the attack is a colour.
    assert kinds(written) == set()
    assert_only_text(written)
    assert len(text_of(written)) > 40


@pytest.mark.parametrize(
    "verb",
    [
        ("commands", "--json"),
        ("tags", "--json"),
        ("session", "show", "--json"),
        ("session", "list", "--json"),
    ],
    ids=" ".join,
)
def test_json_on_a_terminal_is_ascii(home: Home, verb: tuple[str, ...]) -> None:
    session = sit(home, WORDS)
    arguments = verb if "list" in verb else (*verb, session)
    written = Viewer(home, *arguments).end()
    assert written.isascii()
    assert b"\x1b" not in written
    assert_only_text(written)


@pytest.mark.parametrize(
    "verb", [("commands",), ("tags", "--all"), ("session", "import")], ids=" ".join
)
def test_a_foreign_file_with_a_hostile_name_is_as_harmless(
    home: Home, verb: tuple[str, ...], tmp_path: Path
) -> None:
    record_attack(tmp_path / "made")
    name = "\x1b]0;PWNED\x07\u202e\x9b6n.cast"
    file = (tmp_path / "made" / "c1-1.cast").rename(tmp_path / name)
    with file.open("a") as cast:
        cast.write("[not an event \x1b]0;PWNED\x07]\n")
    written = Viewer(home, *verb, str(file)).end()
    assert kinds(written) == set()
    assert_only_text(written)
    assert b"not an" in written


def test_the_turn_of_a_commands_text_is_seen_in_print_and_not_in_the_replay(home: Home) -> None:
    session = sit(home, WORDS)
    printed = Viewer(home, "commands", session).end().decode()
    assert "\\u202eexe.txt\\u202c" in printed
    viewer = Viewer(home, "replay", session)
    viewer.wait_for("Commands 4")
    viewer.insist("\x1b[F", "00:09 / 00:09")
    viewer.child.send("q")
    assert "\u202e" not in viewer.end().decode()


def test_the_list_of_sessions_is_as_harmless(home: Home) -> None:
    def look(words: str) -> bytes:
        sit(home, words)
        viewer = Viewer(home)
        viewer.wait_for("failed")
        viewer.child.send("\x1b[B\x1b[A")
        viewer.child.send("q")
        return viewer.end()

    ordinary = look(HARMLESS)
    attack = look(WORDS)
    assert kinds(attack) - kinds(ordinary) == set()
    assert_only_text(attack)


def test_an_error_about_a_session_is_text(home: Home) -> None:
    written = Viewer(home, "replay", WORDS.replace("\0", "")).end()
    assert kinds(written) == set()
    assert_only_text(written)
    assert b"jumpseat: " in written
