"""A real bash on a pty, with the real editors in it, watched by the whole pipeline.

Time is the test's own: keys come 0.2 s after what they follow, however slow the machine is.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import struct
import subprocess
import termios
import time
from collections import Counter
from pathlib import Path

import pytest

from analyzer.analysis import Pipeline
from analyzer.edits.record import FileEdit
from analyzer.signals.loader import shipped_rules
from recorder.recording.events import AnyEvent, Input, Logged, Output, Place, Resized
from recorder.recording.journal import ChannelOpened, PtyRequest

_DEADLINE = 60.0
PROMPT = "candidate@web01:~$ "

_ASLEEP = 3
"""Looks in a row that find the program waiting for keys before it counts as waiting."""


class Seat:
    """A bash in a directory of its own; `edits` are the file edits that were found, by id."""

    def __init__(self, home: Path, *, columns: int = 80, lines: int = 24, **env: str) -> None:
        self.home = home
        self.edits: dict[str, FileEdit] = {}
        self.pipeline = Pipeline(shipped_rules())
        self._t = 0.0
        self._offset = 0
        self._master, self._slave = pty.openpty()
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._shell = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            cwd=home,
            env=_environment(home) | env,
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no thread
        )
        size = PtyRequest(term="xterm", columns=columns, lines=lines)
        opened = ChannelOpened(
            t=0.0, connection=1, channel=1, kind="shell", pty=size, file="c1-1.cast"
        )
        self._observe(Logged(t=0.0, place=self._place(), entry=opened))
        self.rest()

    def rest(self) -> None:
        """Read until the program in front has taken all keys and waits for more."""
        deadline = time.monotonic() + _DEADLINE
        asleep = 0
        while asleep < _ASLEEP:
            assert time.monotonic() < deadline, self.screen
            if select.select([self._master], [], [], 0.004)[0]:
                self._output(os.read(self._master, 65536))
                asleep = 0
            else:
                asleep = asleep + 1 if self._waits() else 0

    def until(self, wanted: str) -> None:
        """Read until a text is on the screen, and then on until nothing more comes."""
        deadline = time.monotonic() + _DEADLINE
        while wanted not in self.screen:
            ready = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))[0]
            assert ready, self.screen
            self._output(os.read(self._master, 65536))
        self.rest()

    def back(self) -> None:
        """Read until the shell asks for the next line, so that nobody else can take its keys."""
        deadline = time.monotonic() + _DEADLINE
        while self.screen.rstrip().rpartition("\n")[2] != PROMPT.rstrip():
            ready = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))[0]
            assert ready, self.screen
            self._output(os.read(self._master, 65536))
        self.rest()

    def press(self, *keys: str) -> None:
        """Press keys, or paste what is longer, each when the one before has been answered."""
        for key in keys:
            self._t += 0.2
            data = key.encode()
            event = Input(t=self._t, place=self._place(), connection=1, channel=1, data=data)
            self._observe(event)
            os.write(self._master, data)
            self.rest()

    def type(self, text: str) -> None:
        """Press one key for each character."""
        self.press(*text)

    def run(self, line: str) -> None:
        """Enter a command line."""
        self.type(line)
        self.press("\r")

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size."""
        event = Resized(
            t=self._t, place=self._place(), connection=1, channel=1, columns=columns, lines=lines
        )
        self._observe(event)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.rest()

    @property
    def screen(self) -> str:
        """What is shown now."""
        look = Output(t=self._t, place=self._place(), connection=1, channel=1, data=b"")
        terminal = self.pipeline.terminal(look)
        return "\n".join(terminal.display) if terminal else ""

    def found(self) -> list[FileEdit]:
        """Return what was found, in order."""
        return list(self.edits.values())

    def close(self) -> None:
        """End the shell and what runs in it."""
        os.close(self._slave)
        os.close(self._master)
        self._shell.kill()
        self._shell.wait()

    def _waits(self) -> bool:
        waiting = fcntl.ioctl(self._slave, termios.FIONREAD, b"\0\0\0\0")
        if struct.unpack("I", waiting)[0]:
            return False
        try:
            # All of its threads: what reads keys in Go is seldom the first one.
            tasks = Path(f"/proc/{os.tcgetpgrp(self._master)}/task").glob("*/stat")
            states = [each.read_text().rpartition(")")[2].split()[0] for each in tasks]
        except OSError:
            return False
        return bool(states) and set(states) == {"S"}

    def _output(self, data: bytes) -> None:
        self._t += 0.002
        event = Output(t=self._t, place=self._place(), connection=1, channel=1, data=data)
        self._observe(event)

    def _observe(self, event: AnyEvent) -> None:
        for edit in self.pipeline.observe(event).edits:
            self.edits[edit.id] = edit

    def _place(self) -> Place:
        self._offset += 1
        return Place(file="c1-1.cast", offset=self._offset)


def _environment(home: Path) -> dict[str, str]:
    return {
        "HOME": str(home),
        "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin",
        "TERM": "xterm-256color",
        "LC_ALL": "C.UTF-8",
        "PS1": PROMPT.replace("~", "\\w"),
        "HISTFILE": "",
    }


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines that came and that went, as a screen shows them, blank ones left out."""
    old, new = (Counter(_shown(text)) for text in (before, after))
    return sorted((new - old).elements()), sorted((old - new).elements())


def _shown(text: str) -> list[str]:
    return [line.expandtabs(8).rstrip() for line in text.split("\n") if line.strip()]


def needs(program: str) -> None:
    """Skip where a program is not installed."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
