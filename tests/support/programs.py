"""A session in which real programs ran in a real terminal, written by the recorder's own code.

Bash, vim, less and top; other alphabets, bytes that are no UTF-8, a resize, typed input.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pexpect
import pytest

from recorder.home import Home
from recorder.keys import load_keys
from recorder.recording.journal import (
    ChannelClosed,
    ChannelOpened,
    ConnectionOpened,
    PtyRequest,
    SessionClosed,
)
from recorder.recording.manifest import write_manifest
from recorder.recording.terminal import TerminalRecording
from recorder.recording.writer import RecordingWriter

SESSION = "real2345"
COLUMNS, LINES = 80, 24
NOT_UTF8 = b"latin1: caf\xe9 \xff\xfe\x80 end"
PROMPT = "practice$ "

_PROGRAMS = ("bash", "vim", "less", "top", "seq", "tput")
_TIMEOUT = 30
_COLOURS = r"printf '\033[1;31mred\033[0m caf\u00e9 \u6f22\u5b57 \u2500\u2502 e\u0301|\n'"


class _Seat:
    """A program on a terminal, everything that it prints recorded."""

    def __init__(self, terminal: TerminalRecording, directory: Path) -> None:
        self.terminal = terminal
        environment = {
            "PATH": os.environ["PATH"],
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "HOME": str(directory),
            "PS1": PROMPT,
            "HISTFILE": "",
        }
        self.child = pexpect.spawn(
            "bash", ["--norc", "--noprofile"], dimensions=(LINES, COLUMNS), env=environment,
            cwd=str(directory), timeout=_TIMEOUT, echo=True,
        )  # fmt: skip
        self.child.logfile_read = self
        self.child.delaybeforesend = None

    def write(self, data: bytes) -> None:
        self.terminal.output(data)

    def flush(self) -> None:
        """Nothing is held back here."""

    def type(self, text: str, wanted: str) -> None:
        self.terminal.input(text.encode())
        self.child.send(text)
        self.child.expect_exact(wanted)

    def run(self, line: str, wanted: str) -> None:
        self.type(f"{line}\r", wanted)
        self.child.expect_exact(PROMPT)

    def resize(self, columns: int, lines: int) -> None:
        self.terminal.resize(columns, lines)
        self.child.setwinsize(lines, columns)


def record_programs(home: Home, session: str = SESSION) -> Path:
    """Record the session; return its directory, closed and signed."""
    for program in _PROGRAMS:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    writer = RecordingWriter(
        home.recording(session), session=session, program="jumpseat test",
        target="203.0.113.7:22", listen=None, candidate="A. Example", content_key=b"k" * 32,
    )  # fmt: skip
    writer.log(ConnectionOpened(t=writer.now(), connection=1, peer="203.0.113.9:50000"))
    pty = PtyRequest(term="xterm-256color", columns=COLUMNS, lines=LINES)
    opened = writer.now()
    writer.log(
        ChannelOpened(
            t=opened, connection=1, channel=1, kind="shell", user="candidate", pty=pty,
            file="c1-1.cast",
        )
    )  # fmt: skip
    terminal = TerminalRecording(writer, 1, 1, pty, opened)
    place = home.path / "work"
    place.mkdir()
    (place / "latin1").write_bytes(NOT_UTF8 + b"\n")
    _sit(_Seat(terminal, place))
    terminal.exit("0")
    terminal.close()
    writer.log(ChannelClosed(t=writer.now(), connection=1, channel=1, exit_status=0))
    writer.log(SessionClosed(t=writer.now(), reason="closed"))
    writer.close()
    write_manifest(writer.directory, writer.session, load_keys(home).sign)
    return writer.directory


def _sit(seat: _Seat) -> None:
    """Do what candidates do."""
    seat.child.expect_exact(PROMPT)
    seat.run("seq 100", "100\r\n")
    seat.run(
        r"printf '\033[1;31mred\033[0m caf\u00e9 \u6f22\u5b57 \u2500\u2502 e\u0301|\n'", "|\r\n"
    )
    seat.run("cat latin1", "end\r\n")
    seat.type("vim -u NONE -N notes.txt\r", "[New]")
    seat.type("ia note in vim\x1b", "vim")
    seat.type(":wq\r", PROMPT)
    seat.run("cat notes.txt", "a note in vim\r\n")
    seat.type("seq 300 | less\r", ":")
    seat.type(" ", ":")
    seat.type("q", PROMPT)
    # Cleared, because terminals disagree on what a resize does to the lines that are there.
    seat.resize(100, 30)
    seat.run("clear", "\x1b[2J")
    seat.run("tput cols", "100\r\n")
    seat.type("top -d 5\r", "PID")
    seat.type("q", PROMPT)
    seat.run(r"for n in 1 2 3; do printf '\rstep %s' $n; done; echo", "step 3")
    seat.resize(72, 20)
    seat.run("clear", "\x1b[2J")
    seat.run("seq -s ' ' 60", "60\r\n")
    seat.type("exit\r", "exit")
    seat.child.expect(pexpect.EOF)
    seat.child.close()
