"""Which files a command writes, and with which lines, as its words say: redirects, tee, sed, cp.

A program more is a function more here. Whether anything was written in the end, and where a path
leads, is `analyzer.edits.command_lines`' to say.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.commands.run import Run
from analyzer.edits.record import Via
from analyzer.edits.sed import Effect, effect
from analyzer.edits.tools import written_by
from analyzer.edits.written import MOST_LINES, Words, printed, read
from analyzer.shell import SimpleCommand

_HEREDOC = re.compile(r"<<-?\s*['\"]?([\w.-]+)")
_DIRECTORIES_WORDS = """
    . .. ~ /tmp /root /etc /etc/ssh /etc/ssh/sshd_config.d /etc/nginx /etc/nginx/conf.d /etc/apache2
    /etc/systemd/system /var/www /var/www/html
"""
_DIRECTORIES = frozenset(_DIRECTORIES_WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One write as the line has it; ``target`` as it was named."""

    target: str
    via: Via
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    whole: bool = False
    redirected: bool = False
    """Written by the shell: the file is opened whatever the program makes of it."""


def writes(run: Run, index: int) -> Iterator[Write]:
    """Yield what one command of a line writes, or tries to; ``index`` is its place there."""
    simple, command = run.simple, run.simple[index]
    for redirect in command.redirects:
        if redirect.writes and redirect.descriptor != "2":
            words = printed(command, simple, index)
            yield Write(
                target=redirect.target,
                via="redirect",
                added=words.lines,
                whole=words.whole and redirect.appends,
                redirected=True,
            )
    words = read(command, simple, index)
    if command.program == "tee" and not words.lines and index == len(simple) - 1:
        words = _repeated(run)
    yield from _by_program(command, words)
    stdin = "\n".join(words.lines) if command.stdin is None else command.stdin
    for each in written_by(command, stdin):
        via: Via = "remove" if each.gone else "other"
        yield Write(target=each.target, via=via, added=each.added, removed=each.removed)


def _repeated(run: Run) -> Words:
    """Return what tee wrote to the terminal as well, where the line does not say it."""
    last = run.simple[-1]
    if any(each.writes for each in last.redirects):
        return Words()
    ends = set(_HEREDOC.findall(last.text))
    lines = (
        line
        for line in dict.fromkeys(run.output)
        if line not in ends and not line.startswith(("[sudo] ", "tee: ", "> "))
    )
    return Words(lines=tuple(lines)[:MOST_LINES])


def _by_program(command: SimpleCommand, words: Words) -> Iterator[Write]:
    match command.program:
        case "tee" | "sponge":
            yield from _teed(command, words)
        case "sed" | "gsed":
            yield from _edited(_sed_words(command))
        case "perl":
            yield from _edited(_perl_words(command))
        case "cp" | "install" | "ln" | "mv" | "rsync":
            yield from _copied(command)
        case "rm" | "unlink" | "shred":
            for word in _operands(command):
                yield Write(target=word, via="remove")
        case "truncate" | "touch" | "dd":
            yield from _other(command)
        case _:
            return


def _operands(command: SimpleCommand, valued: str = "") -> list[str]:
    """Return the words that are no options; letters in ``valued`` take the word behind them."""
    out: list[str] = []
    words = iter(command.argv[1:])
    for word in words:
        if word == "--":
            out.extend(words)
        elif word.startswith("-") and len(word) > 1:
            if not word.startswith("--") and word[-1] in valued:
                next(words, None)
        else:
            out.append(word)
    return out


def _has(command: SimpleCommand, letter: str, *names: str) -> bool:
    return any(
        word.split("=")[0] in names
        or (word.startswith("-") and not word.startswith("--") and letter in word)
        for word in command.argv[1:]
    )


def _teed(command: SimpleCommand, words: Words) -> Iterator[Write]:
    whole = words.whole and _has(command, "a", "--append")
    for word in _operands(command):
        yield Write(target=word, via="tee", added=words.lines, whole=whole)


def _copied(command: SimpleCommand) -> Iterator[Write]:
    operands = _operands(command, valued="tSmogZ")
    into = next(
        (
            given.partition("=")[2] or following
            for given, following in zip(command.argv, (*command.argv[1:], ""), strict=True)
            if given in {"-t", "--target-directory"} or given.startswith("--target-directory=")
        ),
        None,
    )
    if command.program == "install" and _has(command, "d", "--directory"):
        return
    sources = operands if into else operands[:-1]
    if not sources or (command.program == "rsync" and ":" in operands[-1]):
        return
    target = into or operands[-1]
    inside = into is not None or len(sources) > 1 or _is_directory(target)
    via: Via = "move" if command.program == "mv" else "copy"
    for source in sources:
        name = posixpath.basename(source.rstrip("/"))
        yield Write(target=posixpath.join(target, name) if inside else target, via=via)
        if command.program == "mv":
            yield Write(target=source, via="move")


def _is_directory(target: str) -> bool:
    """Whether a path is surely a directory, by its end or as every server has it."""
    return target.endswith(("/", "-enabled", "-available")) or target in _DIRECTORIES


def _other(command: SimpleCommand) -> Iterator[Write]:
    if command.program == "dd":
        for word in command.argv[1:]:
            if word.startswith("of="):
                yield Write(target=word[3:], via="other")
        return
    if command.program == "truncate":
        for word in _operands(command, valued="sr"):
            yield Write(target=word, via="other")


@dataclass(slots=True)
class _Scripted:
    """Scripts and files of a program that edits in place."""

    scripts: list[str]
    files: list[str]
    extended: bool = False


def _edited(words: _Scripted | None) -> Iterator[Write]:
    if words is None:
        return
    script = "\n".join(words.scripts)
    found = effect(script, extended=words.extended) if script else Effect(whole=False)
    for word in words.files:
        yield Write(
            target=word, via="sed", added=found.added, removed=found.removed, ends=found.ends
        )


def _sed_words(command: SimpleCommand) -> _Scripted | None:
    """Take ``sed -i`` apart; None where it only prints."""
    found = _Scripted([], [])
    in_place = from_file = False
    words = iter(command.argv[1:])
    for word in words:
        letters = "" if word.startswith("--") or not word.startswith("-") else word[1:]
        before_suffix, in_here, _ = letters.partition("i")
        in_place |= bool(in_here) or word.startswith("--in-place")
        found.extended |= bool({"E", "r"} & {*before_suffix}) or word == "--regexp-extended"
        if word == "--expression" or (before_suffix.endswith("e") and not in_here):
            found.scripts.append(next(words, ""))
        elif word.startswith("--expression="):
            found.scripts.append(word.partition("=")[2])
        elif word in {"-f", "--file"}:
            from_file = next(words, None) is not None
        elif not word.startswith("-"):
            found.files.append(word)
    if not found.scripts and not from_file and found.files:
        found.scripts.append(found.files.pop(0))
    return found if in_place else None


def _perl_words(command: SimpleCommand) -> _Scripted | None:
    """Take ``perl -pi -e SCRIPT FILE`` apart; None for any other perl."""
    in_place = False
    scripts: list[str] = []
    operands: list[str] = []
    words = iter(command.argv[1:])
    for word in words:
        if word.startswith("-") and len(word) > 1:
            letters = word[1:]
            in_place |= "i" in letters.split("e")[0]
            if letters.endswith("e") and (letters[:-1].isalpha() or letters == "e"):
                scripts.append(next(words, ""))
        else:
            operands.append(word)
    return _Scripted(scripts, operands, extended=True) if in_place and scripts else None
