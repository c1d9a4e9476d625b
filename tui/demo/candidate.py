"""The demo's candidate: a process of its own that types the script into the stock `ssh`.

It waits for what is on the screen, never for a time; the pauses between keys and lines only make
it look like a person. Run as ``python -m tui.demo.candidate PORT DIRECTORY PACE``.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

import pexpect

from tui.demo.script import (
    ISSUED_PASSWORD,
    LOGIN_PROMPT,
    SCRIPT,
    SHELL_PROMPT,
    USER,
    SecondLogin,
    Step,
)

PATIENCE = 30.0
"""Seconds that a prompt may take before the demo gives up."""

_SIZE = (30, 100)
_SEED = 1994


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a person types: seconds between keys, and to read before the next line, at most."""

    key: float
    read: float


PACES = {"watched": Pace(key=0.075, read=1.6), "brisk": Pace(key=0.02, read=0.3)}


class StageFrightError(Exception):
    """A prompt did not come; the words say which, and what was on the screen."""


class Candidate:
    """Types into one `ssh`; every wait is for something on its screen."""

    def __init__(self, process: pexpect.spawn[str], pace: Pace) -> None:
        self._process = process
        self._pace = pace
        self._random = random.Random(_SEED)  # noqa: S311 - the rhythm of keys, no secret

    def wait(self, pattern: str) -> None:
        """Wait until a pattern was on the screen.

        Raises:
            StageFrightError: It did not come in time, or the program ended.

        """
        try:
            self._process.expect(pattern)
        except (pexpect.TIMEOUT, pexpect.EOF) as error:
            seen = str(self._process.before or "").strip().splitlines()
            raise StageFrightError(f"no {pattern!r}; the last line was {seen[-1:]}") from error

    def wait_end(self) -> None:
        """Wait until `ssh` has ended.

        Raises:
            StageFrightError: It goes on.

        """
        try:
            self._process.expect(pexpect.EOF)
        except pexpect.TIMEOUT as error:
            raise StageFrightError("the connection stays open after `exit`") from error

    def type(self, text: str) -> None:
        """Type a line, key by key, and Enter."""
        for key in text + "\r":
            time.sleep(self._pace.key * self._random.uniform(0.4, 1.6))
            self._process.send(key)

    def read_screen(self) -> None:
        """Take the time that a person needs to read."""
        time.sleep(self._pace.read * self._random.uniform(0.5, 1.0))

    def perform(self, step: Step) -> None:
        """Type one line of the script, answer what it asks, wait for the prompt."""
        self.type(step.line)
        for answer in step.answers:
            self.wait(answer.prompt)
            self.read_screen()
            self.type(answer.text)
        self.wait(SHELL_PROMPT)
        self.read_screen()


def ssh_arguments(port: int, directory: Path) -> list[str]:
    """Return `ssh`'s arguments; nothing of the user's own ``~/.ssh`` is read or written."""
    options = {
        "UserKnownHostsFile": directory / "known_hosts",
        "GlobalKnownHostsFile": "none",
        "StrictHostKeyChecking": "accept-new",
        "IdentityAgent": "none",
        "IdentityFile": "none",
        "PubkeyAuthentication": "no",
        "NumberOfPasswordPrompts": "1",
        "LogLevel": "ERROR",
    }
    words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    return ["-F", "none", *words, "-p", str(port), f"{USER}@127.0.0.1"]


@contextmanager
def connected(port: int, directory: Path) -> Iterator[pexpect.spawn[str]]:
    """Run `ssh` on a terminal of its own; it is gone when the block ends."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("SSH_", "LC_"))
    }
    process: pexpect.spawn[str] = pexpect.spawn(
        "ssh",
        ssh_arguments(port, directory),
        env=environment | {"TERM": "xterm-256color"},
        dimensions=_SIZE,
        encoding="utf-8",
        codec_errors="replace",
        timeout=PATIENCE,
    )
    process.delaybeforesend = None
    try:
        yield process
    finally:
        process.close(force=True)


def play(port: int, directory: Path, pace: Pace) -> None:
    """Play the whole script against the jump host.

    Raises:
        StageFrightError: Something did not happen as the script has it.

    """
    with connected(port, directory) as process:
        candidate = Candidate(process, pace)
        _narrate("logs in with the password that they were issued")
        candidate.wait(LOGIN_PROMPT)
        candidate.type(ISSUED_PASSWORD)
        candidate.wait(SHELL_PROMPT)
        candidate.read_screen()
        for step in SCRIPT:
            _narrate(step.words)
            match step:
                case Step():
                    candidate.perform(step)
                case SecondLogin():
                    with connected(port, directory) as second:
                        Candidate(second, pace).wait(step.refusal)
                    candidate.read_screen()
        _narrate("logs out")
        candidate.type("exit")
        candidate.wait_end()


def _narrate(words: str) -> None:
    sys.stderr.write(f"jumpseat: the candidate {words}\n")
    sys.stderr.flush()


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(1)  # unwinds, so that `ssh` is closed


def main() -> int:
    """Play the script as the arguments say; 1 and one line on stderr where it failed."""
    signal.signal(signal.SIGTERM, _leave)
    port, directory, pace = sys.argv[1:]
    try:
        play(int(port), Path(directory), PACES[pace])
    except StageFrightError as error:
        sys.stderr.write(f"jumpseat: the candidate is stuck: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
