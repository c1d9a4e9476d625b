"""Which commands of a line have ended, as far as its output tells while the line still runs.

``a && b`` says nothing of how ``a`` went until ``b`` is seen to have begun; then it says all. Two
things show that: a program that runs twice prints its first words again, and one that only speaks
to complain is followed by words that are no complaint. Patterns and tags do not belong here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from analyzer.commands.languages import line_in_english
from analyzer.commands.outcome import never_ran
from analyzer.commands.run import Run
from analyzer.commands.steps import steps
from analyzer.shell import SimpleCommand

LINES = 300
"""Lines of one command that are kept, for its words to be read in."""

_MOST = 60
"""Commands of a line at most; a longer one is judged when it ends."""

_ON = frozenset({"&&", ";", "\n"})
_SILENT_WORDS = """
    cp mv rm rmdir mkdir chmod chown chgrp ln touch cd install truncate sleep true : umask export
    set unset kill usermod
"""
_SILENT = frozenset(_SILENT_WORDS.split())
"""Programs that say nothing where all goes well, and under their own name why it did not."""

_SYSTEMD_VERBS = frozenset({"start", "stop", "restart", "reload", "try-restart", "daemon-reload"})
_SYSTEMD = re.compile(
    r"^(?:Failed |Job for |Unit |See |Warning: |A dependency |Assertion |Unknown |Invalid |Access "
    r"|=+ AUTHENT|Authent|Multiple identities|Password|\s*\d+\. |Choose identity)|: "
)
_NOISE = re.compile(
    r"^sudo: unable to resolve host |^\[sudo\] |^Sorry, try again|^We trust you have"
    r"|^Administrator\.|^For security reasons|^\s*#\d\) |^\^C"
)
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "sudo", "su"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedTurn:
    """A command of a line that has ended.

    Attributes:
        index: Its place in the line.
        lines: What was printed while it ran.
        certain: It would have said so, or the shell would not have gone on, had it failed.

    """

    index: int
    lines: tuple[str, ...]
    certain: bool


class Turns:
    """Follows one line of several commands through its output."""

    def __init__(self, run: Run, begins: Mapping[str, re.Pattern[str]]) -> None:
        """Begin; ``begins`` are the first words of programs, by each of their names."""
        self._simple = run.simple
        self._text = run.command.text
        self._begins = begins
        self._here = 0
        self._begun = 0
        self._lines: list[str] = []
        self.over = not _is_plain(run)

    def line(self, text: str) -> list[EndedTurn]:
        """Take in a line that was printed; return the commands that it shows to have ended."""
        if self.over or _NOISE.match(line_in_english(text)) or text == self._text:
            return []
        ended = self._silent_ones(text)
        if self.over:
            return ended
        begins = self._first_words(self._simple[self._here])
        if begins is None:
            self.over = True
        elif begins.search(text):
            self._begun += 1
            if self._begun > 1:
                ended += self._again(begins)
        if len(self._lines) < LINES:
            self._lines.append(text)
        return ended

    def screen(self) -> list[EndedTurn]:
        """Note that a full-screen program of the line has begun."""
        return [] if self.over else self._silent_ones("")

    def _silent_ones(self, text: str) -> list[EndedTurn]:
        """End the programs that would have complained, were this line theirs."""
        ended: list[EndedTurn] = []
        while not self.over and _is_silent(self._simple[self._here]):
            if _is_complaint(self._simple[self._here], text):
                self.over = True
            else:
                ended.append(EndedTurn(index=self._here, lines=(), certain=True))
                self._go_to(self._here + 1)
        return ended

    def _again(self, begins: re.Pattern[str]) -> list[EndedTurn]:
        """End all commands before the one that has printed its first words now."""
        later = range(self._here + 1, len(self._simple))
        there = next((n for n in later if self._first_words(self._simple[n]) is begins), None)
        if there is None:
            self.over = True
            return []
        joints = {self._simple[n].operator for n in range(self._here + 1, there + 1)}
        sure = joints == {"&&"}
        lines = tuple(self._lines)
        passed = range(self._here, there if sure else self._here + 1)
        ended = [
            EndedTurn(index=n, lines=lines if n == self._here else (), certain=sure) for n in passed
        ]
        self._go_to(there)
        self._begun = 1
        return ended if joints <= _ON else []

    def _go_to(self, index: int) -> None:
        self._here, self._begun, self._lines = index, 0, []
        # Behind the last command there is nothing that could show that it has ended.
        if index >= len(self._simple) - 1 or self._simple[index].operator not in _ON:
            self.over = True

    def _first_words(self, command: SimpleCommand) -> re.Pattern[str] | None:
        return self._begins.get(command.program)


def _is_plain(run: Run) -> bool:
    """Whether the line is a list of commands that run one after the other, each once at most."""
    if not 1 < len(run.simple) <= _MOST or run.simple[1].operator not in _ON:
        return False
    parts = steps(run.command.text)
    return bool(parts) and all(part.plain and not part.background for part in parts)


def _is_silent(command: SimpleCommand) -> bool:
    if command.program in {"systemctl", "service"}:
        return not _SYSTEMD_VERBS.isdisjoint(command.argv[1:])
    if command.program == "sed":
        return any(word.startswith(("-i", "--in-place")) for word in command.argv[1:])
    return command.program in _SILENT and not any(
        word in {"-v", "--verbose", "-i", "--version", "--help"} for word in command.argv[1:]
    )


def _is_complaint(command: SimpleCommand, line: str) -> bool:
    if command.program in {"systemctl", "service"}:
        return _SYSTEMD.search(line) is not None
    speaker = line.split(":", 1)[0].rsplit("/", 1)[-1].lstrip("-")
    own = ":" in line and (speaker == command.program or speaker in _SHELLS)
    return own or never_ran(command, line)
