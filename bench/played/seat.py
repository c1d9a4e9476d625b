"""The candidate's terminals: `script` around ssh in tmux, on a socket of their own.

Each terminal is a session of tmux, so that each has a size of its own. Keys go in and the screen
comes out through tmux; what a key means is not known here.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.played.script import Key

_SSH = (
    "ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR "
    "-o PubkeyAuthentication={keys} -o IdentityAgent=none -o SendEnv=LANG -o SendEnv=LC_ALL"
)


@dataclass(frozen=True, slots=True)
class Screen:
    """What a terminal shows, and where its cursor is."""

    rows: tuple[str, ...]
    x: int
    y: int

    @property
    def before_cursor(self) -> str:
        """The cursor's row up to the cursor, with the blanks that tmux leaves out."""
        row = self.rows[self.y] if self.y < len(self.rows) else ""
        return row[: self.x].ljust(self.x)


class Seat:
    """All terminals of one session; files of each are named by its letter in ``directory``."""

    def __init__(self, directory: Path, address: str, locale: str) -> None:
        self.directory = directory
        self.address = address
        self._locale = locale
        self._socket = str(directory / "tmux.socket")

    def open(self, name: str, size: tuple[int, int], options: str) -> None:
        """Start a terminal in which ssh goes to the target; ``options`` are further words of it."""
        (self.directory / "home").mkdir(exist_ok=True)
        command = self._command(name, options)
        columns, lines = (str(each) for each in size)
        first = ("-f", "/dev/null", "new-session", "-d", "-s", name, "-x", columns, "-y", lines)
        self._tmux(*first, "sh", "-c", command)
        self._tmux("set-option", "-g", "status", "off")
        self._tmux("set-option", "-g", "remain-on-exit", "on")
        self.resize(name, *size)
        (self.directory / f"{name}.go").touch()

    def _command(self, name: str, options: str) -> str:
        to = shlex.quote(str(self.directory / name))
        keys = "yes" if "-i " in options else "no"
        ssh = f"{_SSH.format(keys=keys)} {options} candidate@{self.address}"
        files = f"-I {to}.in -O {to}.out -T {to}.timing"
        recorded = f"script -q -f -e -m advanced {files} -c {shlex.quote(ssh)}"
        now = "LC_ALL=C date +%s.%N"
        # tmux has no sooner moment for its options than after the program's start.
        return (
            f"until [ -e {to}.go ]; do sleep 0.05; done; rm {to}.go; export TERM=tmux-256color; "
            f"{now} >{to}.start; {recorded}; echo $? >{to}.rc; {now} >{to}.end"
        )

    def speak(self, locale: str) -> None:
        """Let terminals that are opened from now on speak a language, such as de_DE.UTF-8."""
        self._locale = locale

    def press(self, name: str, key: str | Key) -> None:
        """Press one key."""
        if isinstance(key, Key):
            self._tmux("send-keys", "-t", name, key.name)
        else:
            # A semicolon of its own would end tmux' command.
            self._tmux("send-keys", "-t", name, "-l", "--", "\\;" if key == ";" else key)

    def paste(self, name: str, text: str) -> None:
        """Paste, in brackets where the terminal was told to."""
        self._tmux("set-buffer", "--", text)
        self._tmux("paste-buffer", "-p", "-t", name)

    def resize(self, name: str, columns: int, lines: int) -> None:
        """Give a terminal another size."""
        self._tmux("resize-window", "-t", name, "-x", str(columns), "-y", str(lines))

    def screen(self, name: str) -> Screen:
        """Return what a terminal shows now."""
        shown = self._tmux(
            "display-message", "-p", "-t", name, "#{cursor_x} #{cursor_y}",
            ";", "capture-pane", "-p", "-t", name,
        )  # fmt: skip
        place, *rows = shown.split("\n")
        x, y = place.split()
        return Screen(tuple(rows), int(x), int(y))

    def written(self, name: str) -> int:
        """Return how many bytes of output a terminal has had."""
        out = self.directory / f"{name}.out"
        return out.stat().st_size if out.exists() else 0

    def ended(self, name: str) -> bool:
        """Return whether a terminal's ssh is over."""
        return (self.directory / f"{name}.end").exists()

    def close(self) -> None:
        """End all terminals."""
        self._tmux("kill-server", check=False)

    def _tmux(self, *words: str, check: bool = True) -> str:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.directory / "home"),
            "SHELL": "/bin/sh",
            "LC_ALL": self._locale,
            "LANG": self._locale,
        }
        done = subprocess.run(
            ["tmux", "-u", "-S", self._socket, *words],
            check=check, capture_output=True, text=True, timeout=30, env=environment,
        )  # fmt: skip
        return done.stdout
