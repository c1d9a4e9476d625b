"""Takes a command's arguments apart: options, operands, paths, and what it reads.

Part of `analyzer.signals.match`; what an argument means is the pattern's to say.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from analyzer.shell import SimpleCommand


@dataclass(frozen=True, slots=True)
class Arguments:
    """Options as given and one by one, ``-k stop`` as ``-k=stop`` where -k takes a value."""

    options: tuple[str, ...]
    operands: tuple[str, ...]


def split(command: SimpleCommand, valued: Collection[str]) -> Arguments:
    """Tell options from operands; letters that share a dash count one by one."""
    options: list[str] = []
    operands: list[str] = []
    words = iter(command.argv[1:])
    for word in words:
        if word == "--":
            operands.extend(words)
        elif word in valued:
            options.append(f"{word}={next(words, '')}")
        elif word.startswith("-") and len(word) > 1:
            options.append(word)
            if not word.startswith("--"):
                # Digits stay together: -15 is a signal.
                options += [f"-{letter}" for letter in word[1:] if letter.isalpha()]
        else:
            operands.append(word)
    return Arguments(tuple(options), tuple(operands))


def input_of(simple: tuple[SimpleCommand, ...], index: int) -> str:
    """Return what a command reads, as far as the line says it: a heredoc, or what is piped in."""
    command = simple[index]
    if command.stdin is not None:
        return command.stdin
    if command.operator in {"|", "|&"} and index:
        before = simple[index - 1]
        return before.stdin if before.stdin is not None else "\n".join(before.argv[1:])
    return ""
