"""Expressions and names of programs, prepared: the rules' named lists put in their places.

Compiled expressions are shared by all that use the same words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from analyzer.shell import SimpleCommand
from analyzer.signals.schema import Rules

Expressions = list[re.Pattern[str]]


@lru_cache(maxsize=16_384)
def expression(text: str) -> re.Pattern[str]:
    """Compile an expression, once for all that use it."""
    return re.compile(text)


def plain(entries: Iterable[str], rules: Rules) -> list[str]:
    """Put the named lists in their places; one that is not there is nothing."""
    found: list[str] = []
    for entry in entries:
        found.extend(rules.lists.get(entry[1:], ()) if entry.startswith("@") else (entry,))
    return found


def compiled(entries: Iterable[str], rules: Rules) -> Expressions:
    """Prepare a list of expressions."""
    return [expression(each) for each in plain(entries, rules)]


def first_words(rules: Rules) -> dict[str, re.Pattern[str]]:
    """Return what each run of a program prints near its start, by each of the program's names."""
    programs = rules.programs.values()
    return {
        name: expression(program.begins)
        for program in programs
        if program.begins
        for name in program.names
    }


class Names:
    """Names of programs, with all that count as the same."""

    def __init__(self, names: Iterable[str], rules: Rules) -> None:
        found: set[str] = set()
        valued: set[str] = set()
        listers: set[str] = set()
        self.begins: re.Pattern[str] | None = None
        for name in names:
            program = rules.programs.get(name)
            found.update(program.names if program else (name,))
            valued.update(program.valued if program else ())
            if program and program.lists_directory:
                listers.update(program.names)
            if program and program.begins:
                self.begins = expression(program.begins)
        self.names = frozenset(found)
        self.valued = frozenset(valued)
        self._listers = frozenset(listers)

    @property
    def given(self) -> bool:
        """Whether any was asked for."""
        return bool(self.names)

    def has(self, command: SimpleCommand) -> bool:
        """Whether it is one of these programs, by its name or its whole path."""
        return command.program in self.names or command.argv[0] in self.names

    def lists_directory(self, command: SimpleCommand) -> bool:
        """Whether it is one of them that looks at where it runs, unless told otherwise."""
        return command.program in self._listers

    def any_of(self, names: Collection[str]) -> bool:
        """Whether one of some names is among these."""
        return not self.names.isdisjoint(names)
