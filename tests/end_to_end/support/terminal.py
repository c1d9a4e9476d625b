"""A candidate at a terminal: tmux with a socket of its own, keys in, screen out."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.end_to_end.support.waiting import wait_for

_STROKE = 0.03
"""Seconds between two keys; a quick typist needs three times as long, a paste no time at all."""

_ENVIRONMENT = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}

_KEEPER = """\
place=$1; shift
sh -c 'echo $$ >"$0/pid"; exec "$@"' "$place" "$@"
echo $? >"$place/status.part"
mv "$place/status.part" "$place/status"
"""
"""Notes the id and the exit status of a program: tmux misses one exit status in twenty."""


class Terminal:
    """One tmux window of a fixed size that runs one program."""

    def __init__(self, directory: Path, *, columns: int = 100, lines: int = 30) -> None:
        self.columns = columns
        self.lines = lines
        self._control: subprocess.Popen[bytes] | None = None
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._settings = directory / "tmux.conf"
        # The socket's path must be short: the kernel takes 107 bytes.
        self._socket = Path(f"/tmp/jumpseat-tmux-{os.getpid()}-{id(self):x}")
        self._settings.write_text(
            "set -g status off\nset -g remain-on-exit on\nset -g default-terminal screen-256color\n"
            "set -g escape-time 0\nset -g default-shell /bin/sh\n"
            f"set -g default-size {columns}x{lines}\nset -g history-limit 10000\n"
        )

    def start(self, argv: Sequence[str], *, term: str = "screen-256color") -> None:
        """Run a program in the window; of this machine's environment only PATH reaches it."""
        environment = ["env", "-i", f"PATH={os.environ['PATH']}", f"TERM={term}", "LANG=C.UTF-8"]
        self._tmux(
            "-f", str(self._settings), "new-session", "-d",
            "-x", str(self.columns), "-y", str(self.lines),
            *environment, "sh", "-c", _KEEPER, "sh", str(self._directory), *argv,
        )  # fmt: skip
        # One client that stays and takes commands on its input, instead of a process for each key.
        self._control = subprocess.Popen(
            ["tmux", "-u", "-S", str(self._socket), "-C", "attach", "-f", "no-output,ignore-size"],
            env=_ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._answer()

    def type(self, text: str) -> None:
        """Send keys one character at a time, as a hand does, if a quick one."""
        for character in text:
            time.sleep(_STROKE)
            self._do(f"send-keys -H {_hexadecimal(character)}")

    def enter(self, text: str = "") -> None:
        """Type a line, then Enter."""
        self.type(text)
        self.key("Enter")

    def key(self, *names: str) -> None:
        """Press keys by tmux's names for them: Enter, Escape, C-c, Up."""
        self._do(f"send-keys {' '.join(names)}")

    def burst(self, text: str) -> None:
        """Send text and Enter in one write, as a paste with its newline does."""
        self._do(f"send-keys -H {_hexadecimal(text)} 0d")

    def paste(self, text: str) -> None:
        """Paste one line as a terminal does that knows bracketed pastes."""
        self._do(f"set-buffer {shlex.quote(text)}")
        self._do("paste-buffer -d -p")

    def resize(self, columns: int, lines: int) -> None:
        """Change the window's size, in cells."""
        self.columns, self.lines = columns, lines
        self._do(f"resize-window -x {columns} -y {lines}")

    def screen(self) -> str:
        """Return what the window shows, lines without the blanks at their ends."""
        return self._do("capture-pane -p")

    def colours(self) -> str:
        """Return the screen with the escape sequences for colours and attributes."""
        return self._do("capture-pane -p -e")

    def wait_for(self, pattern: str, *, timeout: float = 40) -> re.Match[str]:
        """Wait until the screen matches; ``$`` ends any line."""
        return wait_for(
            lambda: re.search(pattern, self.screen(), re.MULTILINE),
            f"{pattern!r} on the screen", timeout=timeout, detail=self.screen,
        )  # fmt: skip

    def wait_until_gone(self, words: str) -> None:
        """Wait until the screen shows some words no longer."""
        wait_for(
            lambda: words not in self.screen(), f"end of {words!r} on the screen",
            detail=self.screen,
        )  # fmt: skip

    def wait_for_cursor(self, pattern: str, *, timeout: float = 40) -> None:
        """Wait until the line that the cursor stands on matches, up to the cursor."""
        wait_for(
            lambda: re.search(pattern, self._line_of_cursor()),
            f"cursor behind {pattern!r}", timeout=timeout, detail=self.screen,
        )  # fmt: skip

    def prompt(self, *, timeout: float = 40) -> None:
        """Wait for a shell's prompt with nothing behind it."""
        self.wait_for_cursor(r"^(\S*[@-]\S*)[$#] $", timeout=timeout)

    def interrupt(self) -> None:
        """Press Ctrl-C until a prompt shows.

        A program may miss one that comes between its look for signals and its wait for keys.
        """
        for _ in range(10):
            self.key("C-c")
            with suppress(AssertionError):
                return self.prompt(timeout=3)
        return self.prompt()

    def run(self, command: str, *, timeout: float = 40) -> None:
        """Type a command at a prompt, and wait for the next prompt."""
        self.type(command)
        # Until its echo is there the old prompt would pass for the next one.
        self.wait_for_cursor(re.escape(command[-8:]) + "$")
        self.key("Enter")
        self.prompt(timeout=timeout)

    def await_exit(self, *, timeout: float = 40) -> int:
        """Wait until the program ended, and return its exit status."""

        file = self._directory / "status"
        wait_for(file.exists, "end of the program", timeout=timeout, detail=self.screen)
        return int(file.read_text())

    @property
    def process(self) -> int:
        """The id of the program in the window."""
        return int((self._directory / "pid").read_text())

    def close(self) -> None:
        """End tmux and what runs in it."""
        subprocess.run(
            ["tmux", "-S", str(self._socket), "kill-server"], capture_output=True, check=False
        )
        if self._control is not None:
            self._control.kill()
            self._control.communicate()
        self._socket.unlink(missing_ok=True)

    def _line_of_cursor(self) -> str:
        # In one line, so that nothing is drawn in between.
        self._send("display-message -p '#{cursor_x} #{cursor_y}' ; capture-pane -p -N")
        column, line = (int(word) for word in self._answer().split())
        rows = self._answer().split("\n")
        return rows[line][:column].ljust(column) if line < len(rows) else ""

    def _do(self, command: str) -> str:
        """Give tmux a command, and return its answer when it is carried out."""
        self._send(command)
        return self._answer()

    def _send(self, commands: str) -> None:
        assert self._control is not None
        assert self._control.stdin is not None
        self._control.stdin.write(f"{commands}\n".encode())
        self._control.stdin.flush()

    def _answer(self) -> str:
        """Read up to the end of the next answer (tmux(1), CONTROL MODE)."""
        assert self._control is not None
        assert self._control.stdout is not None
        block: list[str] | None = None
        for raw in self._control.stdout:
            line = raw.decode("utf-8", "replace").removesuffix("\n")
            if line.startswith("%begin "):
                block = []
            elif block is not None and line.startswith("%end "):
                return "".join(f"{each}\n" for each in block)
            elif block is not None and line.startswith("%error "):
                raise AssertionError(f"tmux: {block}")
            elif block is not None:
                block.append(line)
        raise AssertionError("tmux went away")

    def _tmux(self, *words: str) -> None:
        done = subprocess.run(
            ["tmux", "-u", "-S", str(self._socket), *words], capture_output=True, text=True,
            env=_ENVIRONMENT, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"tmux {words}: {done.stderr}"


def _hexadecimal(text: str) -> str:
    return " ".join(f"{ord(character):02x}" for character in text)
