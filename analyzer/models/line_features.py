"""What a model sees of one command line by itself: its words, their shapes, parts of its name.

For programs that no rule knows, so a name counts by its parts, not as a whole. Pure Python. What
was printed, and what ran before, is not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analyzer.shell import parse
from analyzer.syntax import SimpleCommand

MOST_WORDS = 24
"""Words of a command that are looked at."""

_LONGEST = 40
"""Characters of a word that are looked at."""

_BESIDE = frozenset({":", "cd", "clear", "echo", "export", "false", "printf", "pushd", "set",
                     "sleep", "source", "true", "umask"})  # fmt: skip
"""Programs that prepare for what a line is for."""

_SIZES = (2, 3, 4)
"""Lengths of the parts that names are cut into."""

_WORD = re.compile(r"[a-z][a-z_]*(?:-[a-z]+)*")
_PARTS = re.compile(r"[a-z]{2,}")
_EXTENSION = re.compile(r"[^/.]((?:\.[a-z][a-z0-9]{0,5}){1,2})$")
_SHAPES = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("url", r"[a-z]+://\S+"),
        ("address", r"\d{1,3}(\.\d{1,3}){3}(/\d+)?"),
        ("address:port", r"[\w.-]+:\d+"),
        ("user@host", r"[\w.-]+@[\w.-]+"),
        ("host:path", r"([\w.-]+@)?[\w.-]+:[\w./~-]*"),
        ("mode", r"0?[0-7]{3}|[ugoa]+[+=-][rwxXst]+|[+-][rwx]+"),
        ("owner", r"[a-z_][\w-]*:[a-z_][\w-]*"),
        ("number", r"-?\d+"),
        ("amount", r"\d+[kKmMgGsSdhT%]"),
        ("version", r"v?\d+(\.\d+)+\S*"),
        ("setting", r"[\w.-]+=.*"),
        ("domain", r"([a-z0-9-]+\.)+[a-z]{2,}"),
        ("directory", r"\S*/"),
        ("glob", r".*[*?\[].*"),
        ("phrase", r".*\s.*"),
        ("device", r"/dev/\S+"),
        ("path", r"[~.]*/.*"),
        ("variable", r".*\$.*"),
        ("name", r"[a-z][a-z0-9_-]*"),
    )
)
_STATEMENT = re.compile(r"(?i)\s*(select|insert|update|delete|show|create|drop|grant|alter|use)\b")


def line_features(text: str) -> dict[str, float]:
    """Return the features of a command line; empty where it holds no command."""
    return command_features(parse(text))


def command_features(commands: Sequence[SimpleCommand]) -> dict[str, float]:
    """Return the features of the commands of one line."""
    if not commands:
        return {}
    place = _main(commands)
    main = commands[place]
    found = dict.fromkeys(_of_name(main.program.lower()), 1.0)
    found |= dict.fromkeys(_of_words(main.argv[1:]), 1.0)
    found |= dict.fromkeys(_around(commands, place), 1.0)
    return found


def _main(commands: Sequence[SimpleCommand]) -> int:
    for place, command in enumerate(commands):
        if command.program not in _BESIDE:
            return place
    return 0


def _of_name(name: str) -> Iterator[str]:
    framed = f"^{name[:_LONGEST]}$"
    yield f"name {framed}"
    for size in _SIZES:
        for start in range(len(framed) - size + 1):
            yield f"part {framed[start : start + size]}"


def _of_words(words: Sequence[str]) -> Iterator[str]:
    plain = [word for word in words if not word.startswith("-")]
    yield f"words {min(len(plain), 4)}"
    for place, word in enumerate(plain[:2]):
        if _WORD.fullmatch(word):
            yield f"verb {place} {word[:_LONGEST]}"
    for word in words[:MOST_WORDS]:
        yield from _of_option(word) if word.startswith("-") else _of_word(word)


def _of_option(word: str) -> Iterator[str]:
    name, _, value = word.partition("=")
    if word.startswith("--"):
        yield f"option {name[:_LONGEST]}"
        for each in _PARTS.findall(name.lower()):
            yield f"word {each}"
    else:
        yield f"option {name[:3]}"
    if value:
        yield from _of_word(value)


def _of_word(word: str) -> Iterator[str]:
    short = word[:200]
    for name, pattern in _SHAPES:
        if pattern.fullmatch(short):
            yield f"shape {name}"
            break
    else:
        yield "shape other"
    if _STATEMENT.match(short):
        yield "shape statement"
    if extension := _EXTENSION.search(short):
        yield f"ends {extension[1]}"
    if short.startswith("/"):
        yield "under " + "/".join(short.split("/")[:3])
    for each in _PARTS.findall(short.lower())[:8]:
        yield f"word {each[:_LONGEST]}"


def _around(commands: Sequence[SimpleCommand], place: int) -> Iterator[str]:
    main = commands[place]
    if main.run_as is not None:
        yield "as another"
    if main.elsewhere is not None:
        yield "elsewhere"
    if main.stdin is not None:
        yield "is fed"
    if any(each.operator.startswith("|") for each in commands[place + 1 : place + 2]):
        yield f"into {commands[place + 1].program[:_LONGEST]}"
    if main.operator.startswith("|"):
        yield "out of a pipe"
    if main.redirects:
        yield "redirected"
