"""The words that a command line itself puts into a file: echo, printf, heredocs, what is piped in.

Text that only the target knows (variables, other programs' output) makes the lines incomplete.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzer.shell import SimpleCommand

MOST_LINES = 400
"""Lines of one write that are told; the rest makes it incomplete."""

_EXPANDED = re.compile(r"(?<!\\)(?:\$[\w({?#@*!-]|`)")
_ESCAPE = re.compile(r"\\(n|t|\\|c|r|0?[0-7]{1,3})")
_PIPES = frozenset({"|", "|&"})
_NAMED = {"n": "\n", "t": "\t", "\\": "\\", "r": "\r", "c": ""}
_DIRECTIVE = re.compile(r"%(?:%|-?\d*(?:\.\d+)?[sbdiq])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Lines as far as they are known; ``whole`` where they are known in full."""

    lines: tuple[str, ...] = ()
    whole: bool = False


def lines_of(text: str, *, literal: bool = True) -> Words:
    """Return a text's lines that are not blank."""
    lines = [line.rstrip("\r") for line in text.split("\n")]
    told = tuple(line for line in lines if line.strip())
    return Words(lines=told[:MOST_LINES], whole=literal and len(told) <= MOST_LINES)


def printed(command: SimpleCommand, simple: tuple[SimpleCommand, ...], index: int) -> Words:
    """Return what the command at ``index`` prints, as far as the line says it."""
    # Step by step: a line may have more pipes than functions can call each other.
    while _passes_on(command) and command.stdin is None and _is_fed(command, index):
        index -= 1
        command = simple[index]
    match command.program:
        case "echo":
            return _echoed(command.argv[1:])
        case "printf":
            return _formatted(command.argv[1:])
        case _ if _passes_on(command) and command.stdin is not None:
            return _given(command.stdin)
        case _:
            return Words()


def read(command: SimpleCommand, simple: tuple[SimpleCommand, ...], index: int) -> Words:
    """Return what the command at ``index`` reads on its standard input."""
    if command.stdin is not None:
        return _given(command.stdin)
    if _is_fed(command, index):
        return printed(simple[index - 1], simple, index - 1)
    return Words()


def _given(stdin: str) -> Words:
    return lines_of(stdin, literal=not _EXPANDED.search(stdin))


def _is_fed(command: SimpleCommand, index: int) -> bool:
    return index > 0 and command.operator in _PIPES


def _passes_on(command: SimpleCommand) -> bool:
    """Whether a command prints what it reads."""
    if command.program == "cat":
        return all(word in {"-", "-u"} for word in command.argv[1:])
    return command.program in {"tee", "dd", "sponge"}


def _echoed(words: tuple[str, ...]) -> Words:
    escapes = False
    while words and re.fullmatch(r"-[neE]+", words[0]):
        escapes = "e" in words[0] or (escapes and "E" not in words[0])
        words = words[1:]
    text = " ".join(words)
    literal = not _EXPANDED.search(text)
    return lines_of(_unescaped(text) if escapes else text, literal=literal)


def _formatted(words: tuple[str, ...]) -> Words:
    if words[:1] == ("--",):
        words = words[1:]
    if not words or words[0].startswith("-"):
        return Words()
    given, rest = words[0], list(words[1:])
    directives = [each for each in _DIRECTIVE.findall(given) if each != "%%"]
    if "%" in _DIRECTIVE.sub("", given):
        return Words()
    rounds = max(1, -(-len(rest) // len(directives))) if directives else 1
    text = "".join(_filled(_unescaped(given), rest) for _ in range(min(rounds, MOST_LINES)))
    return lines_of(text, literal=not _EXPANDED.search("".join(words)))


def _filled(given: str, rest: list[str]) -> str:
    def put(match: re.Match[str]) -> str:
        if match.group() == "%%":
            return "%"
        value = rest.pop(0) if rest else ""
        return _unescaped(value) if match.group().endswith("b") else value

    return _DIRECTIVE.sub(put, given)


def _unescaped(text: str) -> str:
    def put(match: re.Match[str]) -> str:
        code = match.group(1)
        return _NAMED[code] if code in _NAMED else chr(int(code, 8) & 0xFF)

    return _ESCAPE.sub(put, text)
