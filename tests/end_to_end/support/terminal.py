"""A candidate at a terminal: tmux with a socket of its own, keys in, screen out."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from tests.end_to_end.support.waiting import wait_for

_STROKE = 0.03
"""Seconds between two keys; a quick typist needs three times as long, a paste no time at all."""

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

    def type(self, text: str) -> None:
        """Send keys one character at a time, as a hand does, if a quick one."""
        for character in text:
            time.sleep(_STROKE)
            # A semicolon alone would end tmux's own command.
            self._tmux("send-keys", "-l", "--", "\\;" if character == ";" else character)

    def enter(self, text: str = "") -> None:
        """Type a line, then Enter."""
        self.type(text)
        self.key("Enter")

    def key(self, *names: str) -> None:
        """Press keys by tmux's names for them: Enter, Escape, C-c, Up."""
        self._tmux("send-keys", *names)

    def burst(self, text: str) -> None:
        """Send text and Enter in one write, as a paste with its newline does."""
        self._tmux("set-buffer", "--", f"{text}\n")
        self._tmux("paste-buffer", "-d")

    def paste(self, text: str) -> None:
        """Paste as a terminal does that knows bracketed pastes."""
        self._tmux("set-buffer", "--", text)
        self._tmux("paste-buffer", "-d", "-p")

    def resize(self, columns: int, lines: int) -> None:
        """Change the window's size, in cells."""
        self.columns, self.lines = columns, lines
        self._tmux("resize-window", "-x", str(columns), "-y", str(lines))

    def screen(self) -> str:
        """Return what the window shows, lines without the blanks at their ends."""
        return self._tmux("capture-pane", "-p")

    def colours(self) -> str:
        """Return the screen with the escape sequences for colours and attributes."""
        return self._tmux("capture-pane", "-p", "-e")

    def history(self) -> str:
        """Return all that the window has shown, scrolled lines included, wrapped lines joined."""
        return self._tmux("capture-pane", "-p", "-J", "-S", "-")

    def wait_for(self, pattern: str, *, timeout: float = 15) -> re.Match[str]:
        """Wait until the screen matches; ``$`` ends any line."""
        return wait_for(
            lambda: re.search(pattern, self.screen(), re.MULTILINE),
            f"{pattern!r} on the screen", timeout=timeout, detail=self.screen,
        )  # fmt: skip

    def wait_for_cursor(self, pattern: str, *, timeout: float = 15) -> None:
        """Wait until the line that the cursor stands on matches, up to the cursor."""
        wait_for(
            lambda: re.search(pattern, self._line_of_cursor()),
            f"cursor behind {pattern!r}", timeout=timeout, detail=self.screen,
        )  # fmt: skip

    def prompt(self, *, timeout: float = 15) -> None:
        """Wait for a shell's prompt with nothing behind it."""
        self.wait_for_cursor(r"^(\S*[@-]\S*)[$#] $", timeout=timeout)

    def run(self, command: str, *, timeout: float = 15) -> None:
        """Type a command at a prompt, and wait for the next prompt."""
        self.type(command)
        # Until its echo is there the old prompt would pass for the next one.
        self.wait_for_cursor(re.escape(command[-8:]) + "$")
        self.key("Enter")
        self.prompt(timeout=timeout)

    def await_exit(self, *, timeout: float = 15) -> int:
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
        self._socket.unlink(missing_ok=True)

    def _line_of_cursor(self) -> str:
        where = self._tmux("display-message", "-p", "#{cursor_x} #{cursor_y}").split()
        column, line = int(where[0]), int(where[1])
        rows = self._tmux("capture-pane", "-p", "-N").split("\n")
        return rows[line][:column].ljust(column) if line < len(rows) else ""

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-u", "-S", str(self._socket), *words], capture_output=True, text=True,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"tmux {words}: {done.stderr}"
        return done.stdout
