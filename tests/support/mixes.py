"""Plays a seeded mix of what people do at a prompt into a real bash.

Each act is one line as somebody may bring it about; what bash made of it is in its own log, so that
no act needs to know its result. The same seed plays the same acts.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from tests.support.played_shell import PlayedShell

PROMPTS = {
    "debian": r"\[\e]0;\u@\h: \w\a\]${debian_chroot:+($debian_chroot)}candidate@web01:\w\$ ",
    "coloured": r"\[\033[01;32m\]candidate@web01\[\033[00m\]:\[\033[01;34m\]\w\[\033[00m\]\$ ",
    "bare": "$ ",
    "two-line": r"\n\[\e[1m\]candidate@web01 \w\[\e[0m\]\n\$ ",
    "clock": r"[\t] candidate@web01:\W\$ ",
    "arrow": r"\W > ",
    "root": r"root@web01:\w# ",
    "brackets": r"[candidate@web01 \W]\$ ",
}
_LINES = (
    "ls",
    "ls -la",
    "cat README.md",
    "echo hello   world",
    "echo 'it is so' && true",
    "grep -n alpha alpha-one.txt | head -3",
    "false",
    "no-such-program --flag",
    "cd /tmp",
    "cd",
    "pwd",
    "echo $HOME # and a comment",
    'echo "a $ sign and a # sign > here"',
    "printf 'no newline'",
    "printf 'two\\nlines\\n'",
    "cat fake.txt",
    "seq 1 60",
    "for i in 1 2; do echo $i; done",
    "x=1; echo $x > out.txt",
    "true; false",
    "echo grüße an ünïcode",
    "echo 漢字 wide",
    "git status",
    "sudo -n true",
    "test -e README.md",
    "sleep 0.02",
    " echo leading blank",
)
_LONG = (
    "echo " + " ".join(f"word{n}" for n in range(30)),
    "curl -fsSL https://example.invalid/" + "path/" * 30 + " | sudo -E bash -",
    "echo " + "0123456789" * 21,
)
_BLOCKS = (
    ("echo one \\", "two"),
    ("echo 'open", "still open", "closed'"),
    ("cat <<EOF", "apt upgrade", "  indented $ text", "EOF"),
    ("for i in a b; do", "echo $i", "done"),
    ("if true; then", "  echo yes", "fi"),
    ("cat > heredoc.txt <<'END'", "server {", "  listen 80;", "}", "END"),
)
_PASTES = (
    ("sudo apt-get update",),
    ("echo pasted one", "echo pasted two"),
    ("# a comment line", "echo after comment", "pwd"),
    ("$ echo with prompt character",),
    ("echo first", "", "echo after a blank"),
    ("for i in 1 2; do", "  echo $i", "done", "echo after loop"),
)


class Mix:
    """One played session."""

    def __init__(self, shell: PlayedShell, seed: int) -> None:
        self.shell = shell
        self.random = random.Random(seed)
        self.done: list[str] = []
        self._depth = 0

    def play(self, acts: int) -> None:
        """Play so many acts, then one last line."""
        self.shell.wait_asked(0)
        names = [name for name in dir(self) if name.startswith("act_")]
        weights = [8 if name == "act_typed" else 1 for name in names]
        for name in self.random.choices(names, weights, k=acts):
            self.done.append(name)
            act: Callable[[], None] = getattr(self, name)
            act()
        self._enter("echo the-end")

    def _pick(self) -> str:
        return self.random.choice(_LINES)

    def _enter(self, text: str = "") -> None:
        self.shell.keys(text)
        before = self.shell.asked()
        self.shell.send("\r")
        self.shell.wait_asked(before)

    def act_typed(self) -> None:
        text = self._pick()
        for key in text:
            if self.random.random() < 0.06:
                wrong = "xq"[: self.random.randint(1, 2)]
                self.shell.keys(wrong + "\x7f" * len(wrong))
            self.shell.send(key)
        self._enter()

    def act_edited_in_the_middle(self) -> None:
        self.shell.keys("echo one three")
        for _ in range(5):
            self.shell.send("\x1b[D")
        self.shell.keys("two ")
        if self.random.random() < 0.5:
            self.shell.send("\x05")
            self.shell.keys(" four")
        self._enter()

    def act_killed_and_yanked(self) -> None:
        self.shell.keys("echo some words to kill")
        self.shell.send("\x17")
        self.shell.send(self.random.choice(["\x15", "\x01", "\x1bb"]))
        self.shell.send(self.random.choice(["\x19", "\x0b", "\x05"]))
        self.shell.keys(self.random.choice(["", "echo ", " more"]))
        self._enter()

    def act_recalled(self) -> None:
        for _ in range(self.random.randint(1, 4)):
            self.shell.send("\x1b[A")
        if self.random.random() < 0.3:
            self.shell.send("\x1b[B")
        if self.random.random() < 0.4:
            self.shell.keys(" # x")
        if self.random.random() < 0.3:
            self.shell.send("\x01")
            self.shell.keys("true; ")
        self._enter()

    def act_searched(self) -> None:
        self.shell.send("\x12")
        self.shell.keys(self.random.choice(["echo", "ls", "cat", "o"]))
        if self.random.random() < 0.3:
            self.shell.send("\x12")
        way = self.random.random()
        if way < 0.2:
            self.shell.send("\x07")
            self._enter("pwd")
        elif way < 0.4:
            self.shell.send("\x1b[C")
            self._enter(" ")
        else:
            self._enter()

    def act_completed(self) -> None:
        self.shell.keys("cat RE")
        self.shell.send("\t")
        self._enter()

    def act_listed(self) -> None:
        self.shell.keys("cat alp")
        self.shell.send("\t")
        self.shell.send("\t")
        self.shell.send("\t")
        self.shell.keys("one.txt")
        self._enter()

    def act_history_reference(self) -> None:
        self._enter("echo some thing")
        self._enter(self.random.choice(["!!", "echo !$", "^some^other", "!echo", "true !!"]))

    def act_last_argument(self) -> None:
        self.shell.keys("echo ")
        self.shell.send("\x1b.")
        self._enter()

    def act_cancelled(self) -> None:
        self.shell.keys(self._pick())
        self.shell.interrupt()

    def act_nothing(self) -> None:
        for _ in range(self.random.randint(1, 3)):
            self._enter()

    def act_long(self) -> None:
        text = self.random.choice(_LONG)
        self.shell.keys(text[: self.random.randint(20, len(text))].rstrip())
        if self.random.random() < 0.3:
            self.shell.send("\x01")
        if self.random.random() < 0.2:
            self.shell.send("\x7f")
        self._enter()

    def act_resized(self) -> None:
        text = self.random.choice((*_LINES, *_LONG))
        cut = self.random.randint(0, len(text))
        self.shell.keys(text[:cut])
        self.shell.resize(self.random.randint(30, 120), self.random.randint(10, 40))
        self.shell.keys(text[cut:])
        self._enter()

    def act_block(self) -> None:
        *lines, last = self.random.choice(_BLOCKS)
        for line in lines:
            self.shell.keys(line)
            self.shell.send("\r")
            self.shell.settle(0.02)
        self._enter(last)

    def act_pasted(self) -> None:
        lines = self.random.choice(_PASTES)
        text = "\n".join(lines)
        before = self.shell.asked()
        if self.shell.brackets:
            if self.random.random() < 0.3:
                text += "\n"
            self.shell.send(f"\x1b[200~{text}\x1b[201~")
            self.shell.settle(0.02)
            self.shell.send("\r")
            self.shell.wait_asked(before)
        else:
            self.shell.send(text.replace("\n", "\r"))
            self.shell.settle(0.05)
            self.shell.send("\r")
            self.shell.wait_asked(before)
        self.shell.settle(0.1)

    def act_typed_ahead(self) -> None:
        self.shell.keys("sleep 0.1")
        before = self.shell.asked()
        self.shell.send("\r")
        ahead = self._pick()
        self.shell.keys(ahead) if self.random.random() < 0.5 else self.shell.send(ahead)
        if self.random.random() < 0.5:
            self.shell.wait_asked(before)
            before += 1
            self.shell.send("\r")
            self.shell.wait_asked(before)
        else:
            self.shell.send("\r")
            self.shell.wait_asked(before + 1)

    def act_prompt_changed(self) -> None:
        prompt = self.random.choice(list(PROMPTS.values()))
        if self.random.random() < 0.3:
            self._enter(f"PS1='{prompt}'")

    def act_nested(self) -> None:
        if self._depth == 0:
            self._depth = 1
            self._enter(self.random.choice(["bash --norc", "env bash --norc", "bash --norc -i"]))
        else:
            self._depth = 0
            before = self.shell.asked()
            if self.random.random() < 0.5:
                self.shell.send("\x04")
            else:
                self.shell.keys("exit")
                self.shell.send("\r")
            self.shell.wait_asked(before)

    def act_dash(self) -> None:
        self.shell.keys("PS1='$ ' dash")
        mark = len(self.shell.shown)
        self.shell.send("\r")
        self.shell.wait_shown(b"$ ", mark)
        for text in ("echo in dash", "ls", "exit"):
            self.shell.keys(text)
            mark, before = len(self.shell.shown), self.shell.asked()
            if text != "exit":
                self.shell.note(text)
            self.shell.send("\r")
            if text == "exit":
                self.shell.wait_asked(before)
            else:
                self.shell.wait_shown(b"$ ", mark)

    def act_cleared(self) -> None:
        if self.random.random() < 0.5:
            self._enter("clear")
        text = self._pick()
        self.shell.keys(text[:3])
        self.shell.send("\x0c")
        self._enter(text[3:])

    def act_interrupted(self) -> None:
        self.shell.keys("bash -c 'echo started; exec sleep 2'")
        mark = len(self.shell.shown)
        self.shell.send("\r")
        self.shell.wait_shown(b"started\r\n", mark)
        self.shell.interrupt()

    def act_asked(self) -> None:
        self.shell.keys("read -t 2 -p 'Continue? [Y/n] ' answer")
        mark, before = len(self.shell.shown), self.shell.asked()
        self.shell.send("\r")
        self.shell.wait_shown(b"[Y/n] ", mark + 4)
        self.shell.keys("ls -la")
        self.shell.send("\r")
        self.shell.wait_asked(before)


def furnish(home: Path) -> None:
    """Put some files into a home, one of them full of what looks like prompts."""
    (home / "README.md").write_text("# read me\n\n$ sudo apt upgrade\n")
    for name in ("alpha-one.txt", "alpha-two.txt"):
        (home / name).write_text("alpha\nbeta\n")
    (home / "fake.txt").write_text(
        "candidate@web01:~$ apt upgrade\nroot@web01:~# reboot\n$ ls\n> quote\n"
    )
