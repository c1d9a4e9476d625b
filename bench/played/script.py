"""Reads a session's script: what a hand does at a terminal, and what an observer says of it.

A script is lines of a verb and its words; `#` begins a comment; a verb that ends in ` <<` takes the
lines up to one that is only `.` as its text. What the verbs do is told in `player.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_KEY = re.compile(r"«([^»\s]+)(?: (\d+))?»")


class ScriptError(Exception):
    """A script cannot be read or played; the words name file and line."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a script; ``words`` is what follows the verb, or the lines below it."""

    line: int
    verb: str
    words: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key that has a name, as tmux calls it."""

    name: str


def read_script(path: Path) -> list[Step]:
    """Return the steps of a script.

    Raises:
        ScriptError: A text that was begun has no end.

    """
    steps: list[Step] = []
    lines = iter(enumerate(path.read_text("utf-8").splitlines(), 1))
    for number, line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        verb, _, words = line.strip().partition(" ")
        if line.rstrip().endswith(" <<") and verb == "paste":
            words = _block(path, number, lines)
        steps.append(Step(number, verb, words))
    return steps


def _block(path: Path, number: int, lines: Iterator[tuple[int, str]]) -> str:
    found: list[str] = []
    for _, line in lines:
        if line == ".":
            return "\n".join(found)
        found.append(line)
    raise ScriptError(f"{path.name}:{number}: the text has no end: a line of one full stop")


def keys_of(text: str) -> Iterator[str | Key]:
    """Yield the characters to type and the named keys to press: ``ls «Tab»``, ``«BSpace 3»``."""
    place = 0
    for found in _KEY.finditer(text):
        yield from text[place : found.start()]
        for _ in range(int(found[2] or 1)):
            yield Key(found[1])
        place = found.end()
    yield from text[place:]
