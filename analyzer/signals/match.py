"""Whether a command that was run is what a pattern describes, and how it went.

Patterns are prepared once: lists put in their places, expressions compiled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzer.commands.run import Run
from analyzer.shell import SimpleCommand
from analyzer.signals.arguments import directory, input_of, path, split
from analyzer.signals.schema import CommandPattern, Pattern, Rules
from analyzer.signals.verdict import Verdict, Words, compiled

_NAMED = re.compile(r"([A-Za-z_][\w.-]*):")
_NOTHING_RAN = re.compile(r"^\[sudo\] password for |^Sorry, try again\.$|^\^C$")
_RANK: dict[Verdict, int] = {"ok": 0, "unknown": 1, "pending": 2, "failed": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who is behind a terminal: the user and host that they logged in to, as far as known."""

    user: str | None
    host: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A run that a pattern describes; ``line`` is the output that decided."""

    run: Run
    verdict: Verdict
    line: str | None = None


class CommandMatcher:
    """One prepared command pattern."""

    def __init__(self, pattern: Pattern, command: CommandPattern, rules: Rules) -> None:
        self._command = command
        self._words = Words(pattern, rules)
        self._names: set[str] = set()
        self._valued: set[str] = set()
        self._begins: re.Pattern[str] | None = None
        for name in command.program:
            program = rules.programs.get(name)
            self._names.update(program.names if program else (name,))
            self._valued.update(program.valued if program else ())
            if program and program.begins:
                self._begins = re.compile(program.begins)
        self._verb = compiled(command.verb, rules)
        self._arguments = compiled(command.arguments, rules)
        self._files = compiled(command.files, rules)
        self._destination = compiled(command.destination, rules)
        self._options = compiled(command.options, rules)
        self._without = compiled(command.without_options, rules)
        self._writes = compiled(command.writes, rules)

    def match(self, run: Run, owner: Owner) -> Seen | None:
        """Return how the run went if any of its commands is meant, None otherwise.

        Of several that are meant, the one that went best counts.
        """
        best: Seen | None = None
        for index in range(len(run.simple)):
            if self._is_meant(run, index) and self._is_owners(run, index, owner):
                verdict, line = self._judge(run, index)
                if best is None or _RANK[verdict] < _RANK[best.verdict]:
                    best = Seen(run=run, verdict=verdict, line=line)
        return best

    def _is_program(self, command: SimpleCommand) -> bool:
        return command.program in self._names or command.argv[0] in self._names

    def _is_meant(self, run: Run, index: int) -> bool:
        command = run.simple[index]
        if self._names and not self._is_program(command):
            return False
        words = split(command, self._valued)
        if self._verb and not _any_match(self._verb, words.operands[:1]):
            return False
        if not all(_any_match([pattern], words.operands) for pattern in self._arguments):
            return False
        if self._options and not _any_match(self._options, words.options):
            return False
        if _any_match(self._without, words.options):
            return False
        return self._are_files(run, index, words.operands)

    def _are_files(self, run: Run, index: int, operands: tuple[str, ...]) -> bool:
        """Whether the paths that the pattern asks for are named."""
        if not (self._files or self._destination or self._writes):
            return True
        here = directory(run, index)
        paths = tuple(path(word, here) for word in operands)
        redirects = run.simple[index].redirects
        written = tuple(path(each.target, here) for each in redirects if each.writes)
        return (
            all(_any_match([pattern], paths) for pattern in self._files)
            and (not self._destination or _any_match(self._destination, paths[-1:]))
            and (not self._writes or _any_match(self._writes, written))
        )

    def _is_owners(self, run: Run, index: int, owner: Owner) -> bool:
        """Whether the command is about the account that the candidate logged in to."""
        if self._command.account is None:
            return True
        if owner.host and run.command.host and owner.host != run.command.host:
            return False
        accounts = self._accounts(run, index)
        if accounts is None:
            return run.command.depth == 0
        return owner.user is None or owner.user in accounts

    def _accounts(self, run: Run, index: int) -> set[str] | None:
        """Return the accounts that a command names, or whoever runs it; None if nobody knows."""
        command = run.simple[index]
        if self._command.account_from == "input":
            return set(_NAMED.findall(input_of(run.simple, index)))
        operands = split(command, self._valued).operands
        if operands:
            last = self._command.account_from == "last-argument"
            return {operands[-1 if last else 0]}
        user = command.run_as or run.command.user
        return {user} if user else None

    def _judge(self, run: Run, index: int) -> tuple[Verdict, str | None]:
        lines, own = self._share(run, index)
        verdict, line = self._words.verdict(lines, own=own, command=run.simple[index])
        status = run.command.exit_status
        if status is not None and len(run.simple) == 1:
            if status:
                return "failed", None
            return ("ok", line) if verdict is None else (verdict, line)
        return (self._silence(run, index), None) if verdict is None else (verdict, line)

    def _share(self, run: Run, index: int) -> tuple[tuple[str, ...], bool]:
        """Return the output that may be the command's, and whether none of it is another's alike.

        Where a program runs several times in a line and says so each time, it is divided.
        """
        alike = [n for n, each in enumerate(run.simple) if self._is_program(each)]
        if len(alike) <= 1:
            return run.output, True
        if self._begins is None:
            return run.output, False
        starts = [n for n, line in enumerate(run.output) if self._begins.search(line)]
        if len(starts) != len(alike):
            return run.output, False
        bounds = [*starts, len(run.output)]
        which = alike.index(index)
        return run.output[bounds[which] : bounds[which + 1]], True

    def _silence(self, run: Run, index: int) -> Verdict:
        """Judge a command whose output says nothing by how its whole line went."""
        silent = self._words.silent
        last = index == len(run.simple) - 1
        operator = run.simple[index].operator if index else ""
        outcome = run.command.outcome
        doubt: Verdict = "failed" if silent == "failed" else "unknown"
        if outcome == "interrupted":
            began = any(not _NOTHING_RAN.search(line) for line in run.output)
            return doubt if began and not last else "failed"
        if outcome == "failed":
            if len(run.simple) == 1:
                return doubt if self._names_more(run.simple[index]) else "failed"
            if operator == "&&":
                return "failed" if last else doubt
        elif operator == "||":
            return doubt
        return doubt if run.state == "cut" else silent

    def _names_more(self, command: SimpleCommand) -> bool:
        """Whether the command is also about something else, which may be what failed."""
        known = [*self._verb, *self._arguments]
        operands = split(command, self._valued).operands
        return bool(self._arguments) and not all(_any_match(known, (word,)) for word in operands)


def _any_match(patterns: list[re.Pattern[str]], words: tuple[str, ...]) -> bool:
    return any(pattern.fullmatch(word) for pattern in patterns for word in words)
