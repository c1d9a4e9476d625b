"""A real bash on a pty that is played key by key, and that logs what it really ran.

The log is written by PROMPT_COMMAND into a file that the screen never shows; nested shells inherit
it. Everything that passes is kept as events of a recording, so that it can be analysed again.
"""

from __future__ import annotations

import fcntl
import os
import re
import select
import struct
import termios
import time
from dataclasses import dataclass
from pathlib import Path

from recorder.recording.events import AnyEvent, Input, Logged, Output, Place, Resized
from recorder.recording.journal import ChannelOpened, PtyRequest
from tests.support.at_work import is_at_work
from tests.support.on_pty import start_on_pty

SLOWER = 5.0
"""How much slower than it is played a session is recorded: keys come as a hand's do."""

_QUIET = 0.012
_ENTRY = re.compile(r"^ {0,4}(\d+)  (.*(?:\n(?! {0,4}\d+  ).*)*)", re.MULTILINE)
_LOG = (
    '__s=$?; printf "%s\\t%s\\t%s\\0" "$BASHPID" "$__s" '
    '"$(HISTTIMEFORMAT= history 9)" >>"$PLAYED_LOG"'
)


@dataclass(frozen=True, slots=True)
class Ran:
    """One command line that a shell ran; ``status`` is None where it was not seen."""

    text: str
    status: int | None


class PlayedShell:
    """A shell on a pty; what was typed, shown and run."""

    def __init__(self, home: Path, prompt: str, columns: int, lines: int, *, marks: bool) -> None:
        self.log = home / "played.log"
        self.log.touch()
        self.log.chmod(0o666)
        (home / "inputrc").write_text(
            f"set enable-bracketed-paste {'on' if marks else 'off'}\nset bell-style none\n"
        )
        environment = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "TERM": "xterm",
            "PS1": prompt,
            "INPUTRC": str(home / "inputrc"),
            "HISTFILE": "",
            "BASHOPTS": "cmdhist:lithist",
            "LC_ALL": "C.UTF-8",
            "PLAYED_LOG": str(self.log),
            "PROMPT_COMMAND": _LOG,
        }
        self._process, self._master = start_on_pty(
            ["bash", "--norc", "--noprofile"], environment, columns, lines
        )
        self._start = time.monotonic()
        self._offset = 0
        self.events: list[AnyEvent] = []
        self.shown = b""
        request = PtyRequest(term="xterm", columns=columns, lines=lines)
        opened = ChannelOpened(
            t=0.0, connection=1, channel=1, kind="shell", pty=request, file="c1-1.cast"
        )
        self.events.append(Logged(t=0.0, place=self._place(), entry=opened))

    @property
    def brackets(self) -> bool:
        """Whether the terminal was told to bracket pastes."""
        return self.shown.rfind(b"\x1b[?2004h") > self.shown.rfind(b"\x1b[?2004l")

    def send(self, data: str) -> None:
        """Send one packet, and take in what comes back at once."""
        raw = data.encode()
        self.events.append(Input(data=raw, **self._common()))
        os.write(self._master, raw)
        self.settle()

    def keys(self, data: str) -> None:
        """Type key by key."""
        for key in data:
            self.send(key)

    def interrupt(self) -> None:
        """Press Ctrl-C until a bash asks anew: one that does not wait for keys yet may miss it."""
        before, deadline = self.asked(), time.monotonic() + 60
        while self.asked() == before:
            assert time.monotonic() < deadline, self.shown[-400:]
            self.send("\x03")
            again = time.monotonic() + 2
            while self.asked() == before and time.monotonic() < again:
                self.settle()
        self.settle(0.02)

    def settle(self, quiet: float = _QUIET) -> None:
        """Take in output until none comes for a moment, and nobody is at work on more."""
        while True:
            while select.select([self._master], [], [], quiet)[0]:
                try:
                    data = os.read(self._master, 65536)
                except OSError:
                    return
                self.shown += data
                self.events.append(Output(data=data, **self._common()))
            if not self._at_work():
                return

    def _at_work(self) -> bool:
        try:
            in_front = {self._process.pid, os.tcgetpgrp(self._master)}
        except OSError:
            return False  # the shell has ended
        return any(is_at_work(each) for each in in_front)

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size; the shell is told by the kernel."""
        self.events.append(Resized(columns=columns, lines=lines, **self._common()))
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.settle(0.03)

    def asked(self) -> int:
        """Return how often a bash was about to show its prompt so far."""
        return self.log.read_bytes().count(b"\0")

    def wait_asked(self, before: int) -> None:
        """Wait until a bash has shown its prompt more than ``before`` times."""
        self._until(lambda: self.asked() > before)

    def wait_shown(self, wanted: bytes, since: int) -> None:
        """Wait until ``wanted`` was shown behind the place ``since`` of what was shown."""
        self._until(lambda: wanted in self.shown[since:])

    def note(self, text: str) -> None:
        """Log a command of a shell that does not log by itself."""
        with self.log.open("ab") as file:
            file.write(b"note\t\t" + text.encode() + b"\0")

    def ran(self) -> list[Ran]:
        """Return what was run, in the order in which it ended; exits are not in it."""
        last: dict[str, int] = {}
        found: list[Ran] = []
        for row in self.log.read_bytes().decode().split("\0")[:-1]:
            shell, status, entries = row.split("\t", 2)
            if shell == "note":
                found.append(Ran(entries, None))
                continue
            new = [
                (int(number), text)
                for number, text in _ENTRY.findall(entries)
                if int(number) > last.get(shell, 0)
            ]
            if new:
                last[shell] = new[-1][0]
                found += [Ran(text, None) for _, text in new[:-1]]
                found.append(Ran(new[-1][1], int(status)))
        return found

    def close(self) -> None:
        """End the shell and whatever runs in it."""
        self._process.kill()
        os.close(self._master)
        self._process.wait()

    def _until(self, happened: object) -> None:
        assert callable(happened)
        deadline = time.monotonic() + 60
        while not happened():
            assert time.monotonic() < deadline, self.shown[-400:]
            self.settle()
        self.settle(0.02)

    def _common(self) -> dict[str, object]:
        t = (time.monotonic() - self._start) * SLOWER
        return {"t": t, "place": self._place(), "connection": 1, "channel": 1}

    def _place(self) -> Place:
        self._offset += 1
        return Place(file="c1-1.cast", offset=self._offset)
