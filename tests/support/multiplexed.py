"""A person at a real shell in a real tmux or screen, what bash ran there, and what was found.

bash itself logs each command that it has run; the keys go out one by one, and what comes back goes
with them through a detector, as a recorder saw them. What is typed is for the tests to say.
"""

from __future__ import annotations

import base64
import contextlib
import difflib
import fcntl
import os
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from analyzer.commands.detector import Detector
from analyzer.commands.run import Run
from analyzer.records import Command
from recorder.recording.events import AnyEvent, Input, Logged, Output, Place, Resized
from recorder.recording.journal import ChannelOpened, PtyRequest
from tests.support.at_work import any_at_work
from tests.support.on_pty import start_on_pty

DEADLINE = 60.0
QUIET = 0.12
"""Seconds without output, and without anybody at work, after which a screen is taken as drawn."""

_AGAIN = 2.0
"""Seconds after which Ctrl-C is pressed again."""

_LOG = (
    "_log() { local s=$?; printf '%s\\t%s\\t%s\\t%s\\t%s\\n' $(date +%s.%N) $$ $s"
    ' "$(printf %s "$PWD" | base64 -w0)" "$(HISTTIMEFORMAT= history 1 | base64 -w0)"'
    " >> LOGFILE; }\n"
)


class Ran:
    """A command that bash ran: its shell's process, its exit status and its text."""

    def __init__(self, shell: int, status: int, text: str) -> None:
        self.shell, self.status, self.text = shell, status, text


class Seat:
    """A bash on a terminal of its own, in which a multiplexer is started."""

    def __init__(self, directory: Path, size: tuple[int, int] = (80, 24), rc: str = "") -> None:
        self.directory = directory
        self.log = directory / "ran.tsv"
        self.log.touch()
        prompt = (
            "PROMPT_COMMAND=_log\nPS1='candidate@web01:\\w$ '\n"
            "HISTCONTROL=\nHISTFILE=\nshopt -s lithist\n"
        )
        (directory / ".bashrc").write_text(
            _LOG.replace("LOGFILE", str(self.log)) + prompt + rc + "\n"
        )
        (directory / ".bash_profile").write_text(". ~/.bashrc\n")
        (directory / ".screenrc").write_text("startup_message off\nshell /bin/bash\n")
        # On a loaded machine tmux reads keys together that were pressed apart; what comes within a
        # millisecond it would take for pasted, and a prefix among it for text.
        (directory / ".tmux.conf").write_text(
            "set -g default-shell /bin/bash\nset -g assume-paste-time 0\n"
        )
        sockets = directory / "sockets"
        sockets.mkdir(mode=0o700)
        env = {
            "HOME": str(directory),
            "PATH": os.environ["PATH"],
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "SHELL": "/bin/bash",
            "TMUX_TMPDIR": str(sockets),
            "SCREENDIR": str(sockets),
        }
        self._process, self._master = start_on_pty(["bash"], env, *size)
        self.detector = Detector()
        self.runs: dict[str, Run] = {}
        self.events: list[AnyEvent] = []
        self._offset = 0
        self._start = time.monotonic()
        request = PtyRequest(term="xterm", columns=size[0], lines=size[1])
        opened = ChannelOpened(
            t=0.0, connection=1, channel=1, kind="shell", pty=request, file="c1-1.cast"
        )
        self._observe(Logged(t=0.0, place=self._place(), entry=opened))

    # What a person does

    def send(self, data: str) -> None:
        """Send one packet."""
        self._observe(Input(data=data.encode(), **self._common()))
        os.write(self._master, data.encode())

    def type(self, text: str) -> None:
        """Press key after key, and look what each does."""
        for key in text:
            self.send(key)
            self.read(0.002)

    def run(self, text: str, *, ran: int = 1) -> None:
        """Type a line, enter it, and wait until bash has run so many commands more."""
        self.type(text)
        self.enter(ran=ran)

    def enter(self, *, ran: int = 1) -> None:
        """Press Enter and wait as `run` does."""
        with self.prompting(ran):
            self.send("\r")
        self.quiet()

    def interrupt(self) -> None:
        """Press Ctrl-C until a shell asks anew: one that does not wait for keys yet may miss it."""
        before, deadline = self.prompts(), time.monotonic() + DEADLINE
        while self.prompts() == before:
            assert time.monotonic() < deadline, "\n".join(self.screen())
            self.send("\x03")
            again = time.monotonic() + _AGAIN
            while self.prompts() == before and time.monotonic() < again:
                self.read(0.05)
        self.quiet()

    def resize(self, columns: int, lines: int) -> None:
        """Change the size of the person's own window."""
        self._observe(Resized(columns=columns, lines=lines, **self._common()))
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.quiet()

    # What comes of it

    def sees(self, text: str) -> None:
        """Wait until a text is on the screen, then until no more is drawn."""
        self.until(lambda: any(text in row for row in self.screen()))
        self.quiet()

    def until(self, ready: Callable[[], bool]) -> None:
        """Read until something is so."""
        deadline = time.monotonic() + DEADLINE
        while not ready():
            assert time.monotonic() < deadline, "\n".join(self.screen())
            self.read(0.05)

    @contextlib.contextmanager
    def prompting(self, shells: int = 1) -> Iterator[None]:
        """Do what makes shells show so many prompts more, and wait for these."""
        before = self.prompts()
        yield
        self.until(lambda: self.prompts() >= before + shells)

    def quiet(self) -> None:
        """Read until nothing more is drawn, and nobody is at work on what could be."""
        self.until(lambda: not self.read(QUIET) and not any_at_work(self.directory))

    def read(self, seconds: float) -> bool:
        """Take in what comes within a time; return whether anything did."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self._observe(Output(data=data, **self._common()))
        return True

    def screen(self) -> list[str]:
        """Return what the person sees."""
        probe = Input(data=b"", **self._common())
        terminal = self.detector.terminal(probe)
        return [] if terminal is None else terminal.display

    def prompts(self) -> int:
        """Return how many prompts all shells have shown."""
        return self.log.read_text().count("\n")

    def ran(self) -> list[Ran]:
        """Return what bash says that it ran, in order, whichever pane it was in."""
        seen: dict[int, str] = {}
        out: list[Ran] = []
        for line in self.log.read_text().splitlines():
            _, shell, status, _, text = line.split("\t")
            plain = base64.b64decode(text).decode().rstrip("\n")
            number, _, words = plain.strip().partition("  ")
            if number and seen.get(int(shell), "") != number:
                out.append(Ran(int(shell), int(status), words))
            seen[int(shell)] = number
        return out

    def commands(self) -> list[Command]:
        """Return what was found, in order."""
        found = [run.command for run in self.runs.values() if run.command.kind == "command"]
        return sorted(found, key=lambda command: (command.t, command.id))

    def texts(self, *, inside: bool = True) -> list[str]:
        """Return the texts that were found, those in panes or all."""
        return [each.text for each in self.commands() if each.depth > 0 or not inside]

    def run_of(self, text: str) -> Run:
        """Return what is known of the last command with a text."""
        return [run for run in self.runs.values() if run.command.text == text][-1]

    def close(self) -> None:
        """End everything."""
        for argv in (["tmux", "kill-server"], ["screen", "-X", "quit"]):
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                subprocess.run(
                    argv,
                    env={
                        "PATH": os.environ["PATH"],
                        "TMUX_TMPDIR": str(self.directory / "sockets"),
                        "SCREENDIR": str(self.directory / "sockets"),
                    },
                    capture_output=True,
                    timeout=60,
                    check=False,
                )
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def _observe(self, event: AnyEvent) -> None:
        self.events.append(event)
        self.runs |= {run.command.id: run for run in self.detector.observe(event)}

    def _common(self) -> dict[str, object]:
        t = time.monotonic() - self._start
        return {"t": t, "place": self._place(), "connection": 1, "channel": 1}

    def _place(self) -> Place:
        self._offset += 1
        return Place(file="c1-1.cast", offset=self._offset)


def plain(text: str) -> str:
    """Return a command as it can be compared: bash keeps blanks at its ends."""
    return re.sub(r"[ \t]+$", "", text.strip(), flags=re.MULTILINE)


def press(person: Seat, prefix: str, keys: str, *, shells: int = 0) -> None:
    """Press a prefix and a key; wait for the prompts of shells that this starts."""
    with person.prompting(shells):
        person.send(prefix)
        person.send(keys)
    person.quiet()


def check(person: Seat, said: str = "") -> None:
    """Compare what was found in panes with what bash ran there; ``said`` helps where it differs."""
    outside = {each.text for each in person.commands() if each.depth == 0}
    ran = [plain(each.text) for each in person.ran() if each.text not in outside]
    found = [plain(text) for text in person.texts() if not text.startswith("exit")]
    differences = [line for line in difflib.ndiff(ran, found) if not line.startswith(" ")]
    assert found == ran, "\n".join([said, *differences])
