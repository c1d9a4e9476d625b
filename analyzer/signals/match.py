"""Whether a command that was run is what a pattern describes, and how it went.

Patterns are prepared once: lists put in their places, expressions compiled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from analyzer.commands.run import Run
from analyzer.shell import SimpleCommand
from analyzer.signals.schema import CommandPattern, Pattern, Rules

Verdict = Literal["ok", "unknown", "failed", "pending"]

_NOISE = re.compile(r"^sudo: unable to resolve host ")
_NAMED = re.compile(r"([A-Za-z_][\w.-]*):")


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


@dataclass(frozen=True, slots=True)
class _Words:
    options: tuple[str, ...]
    operands: tuple[str, ...]


class CommandMatcher:
    """One prepared command pattern."""

    def __init__(self, pattern: Pattern, command: CommandPattern, rules: Rules) -> None:
        self._command = command
        self._silent = pattern.silent
        self._names: set[str] = set()
        self._valued: set[str] = set()
        for name in command.program:
            program = rules.programs.get(name)
            self._names.update(program.names if program else (name,))
            self._valued.update(program.valued if program else ())
        self._verb = _compiled(command.verb, rules)
        self._arguments = _compiled(command.arguments, rules)
        self._options = _compiled(command.options, rules)
        self._without = _compiled(command.without_options, rules)
        self._writes = re.compile(command.writes) if command.writes else None
        self._says: tuple[tuple[Verdict, list[re.Pattern[str]]], ...] = (
            ("pending", _compiled(pattern.pending, rules)),
            ("failed", _compiled(pattern.failed, rules)),
            ("ok", _compiled(pattern.ok, rules)),
        )

    def match(self, run: Run, owner: Owner) -> Seen | None:
        """Return how the run went if one of its commands is meant, None otherwise."""
        for index, command in enumerate(run.simple):
            if self._is_meant(command) and self._is_owners(run, index, owner):
                verdict, line = self._judge(run)
                return Seen(run=run, verdict=verdict, line=line)
        return None

    def _is_meant(self, command: SimpleCommand) -> bool:
        if self._names and command.program not in self._names:
            return False
        words = self._split(command.argv[1:])
        if self._verb and not any(p.fullmatch(v) for p in self._verb for v in words.operands[:1]):
            return False
        if not all(any(p.fullmatch(word) for word in words.operands) for p in self._arguments):
            return False
        if self._options and not _any_match(self._options, words.options):
            return False
        if _any_match(self._without, words.options):
            return False
        written = [each.target for each in command.redirects if each.writes]
        return self._writes is None or any(self._writes.fullmatch(name) for name in written)

    def _split(self, arguments: tuple[str, ...]) -> _Words:
        """Tell options from operands; single letters that share a dash count one by one."""
        options: list[str] = []
        operands: list[str] = []
        words = iter(arguments)
        for word in words:
            if word == "--":
                operands.extend(words)
            elif word in self._valued:
                options.append(f"{word}={next(words, '')}")
            elif word.startswith("-") and len(word) > 1:
                options.append(word)
                if not word.startswith("--"):
                    options += [f"-{letter}" for letter in word[1:]]
            else:
                operands.append(word)
        return _Words(tuple(options), tuple(operands))

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
            return set(_NAMED.findall(_input_of(run.simple, index)))
        operands = self._split(command.argv[1:]).operands
        if operands:
            last = self._command.account_from == "last-argument"
            return {operands[-1 if last else 0]}
        user = command.run_as or run.command.user
        return {user} if user else None

    def _judge(self, run: Run) -> tuple[Verdict, str | None]:
        verdict, line = self._last_words(run.output)
        single = len(run.simple) == 1
        status = run.command.exit_status
        if status is not None and single:
            if status:
                return "failed", None
            return ("ok", line) if verdict is None else (verdict, line)
        if verdict is not None:
            return verdict, line
        if run.command.outcome == "interrupted" or (single and run.command.outcome == "failed"):
            return "failed", None
        return ("unknown" if run.state == "cut" else self._silent), None

    def _last_words(self, output: tuple[str, ...]) -> tuple[Verdict | None, str | None]:
        for line in reversed(output):
            if _NOISE.search(line):
                continue
            for verdict, patterns in self._says:
                if any(pattern.search(line) for pattern in patterns):
                    return verdict, line
        return None, None


def _compiled(entries: Iterable[str], rules: Rules) -> list[re.Pattern[str]]:
    plain: list[str] = []
    for entry in entries:
        plain.extend(rules.lists[entry[1:]] if entry.startswith("@") else (entry,))
    return [re.compile(each) for each in plain]


def _any_match(patterns: list[re.Pattern[str]], words: tuple[str, ...]) -> bool:
    return any(pattern.fullmatch(word) for pattern in patterns for word in words)


def _input_of(simple: tuple[SimpleCommand, ...], index: int) -> str:
    """Return what a command reads, as far as the line says it: a heredoc, or what is piped in."""
    command = simple[index]
    if command.stdin is not None:
        return command.stdin
    if command.operator in {"|", "|&"} and index:
        before = simple[index - 1]
        return before.stdin if before.stdin is not None else "\n".join(before.argv[1:])
    return ""
