"""File edits that a command line says of itself: redirects, tee, sed -i, cp, mv, rm and the like.

A command that has ended is read once; whether it wrote is what its outcome and its output tell.
Editors, whose work is only seen on the screen, are `analyzer.edits.watcher`'s.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.commands.languages import in_english
from analyzer.commands.outcome import never_ran
from analyzer.commands.run import Run
from analyzer.directories import directory, path
from analyzer.edits.record import FileEdit, Saved, Via
from analyzer.edits.sections import idle_lines
from analyzer.edits.sed import Effect, effect
from analyzer.edits.written import MOST_LINES, Words, printed, read
from analyzer.shell import SimpleCommand

MOST = 50
"""Writes of one command line that are told."""

_HEREDOC = re.compile(r"<<-?\s*['\"]?([\w.-]+)")
_DEVICES = ("/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/fd/", "/proc/self/")
_COMPLAINS = frozenset(
    [
        "true",
        ":",
        "cd",
        "echo",
        "printf",
        "cat",
        "tee",
        "sed",
        "cp",
        "mv",
        "rm",
        "mkdir",
        "rmdir",
        "touch",
        "ln",
        "chmod",
        "chown",
        "chgrp",
        "install",
    ]
)
_REFUSED = (
    "Permission denied",
    "No such file or directory",
    "Is a directory",
    "Not a directory",
    "Read-only file system",
    "Operation not permitted",
    "No space left on device",
    "cannot overwrite existing file",
    "Text file busy",
    "are the same file",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Write:
    """One write as the line has it; ``target`` as it was named."""

    target: str
    via: Via
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    whole: bool = False
    redirected: bool = False
    """Written by the shell: the file is opened whatever the program makes of it."""


def edits_of(run: Run) -> list[FileEdit]:
    """Return the files that a command line wrote, or tried to; nothing before it has ended."""
    if run.state == "started" or run.command.kind != "command":
        return []
    found = [
        (index, write)
        for index, command in enumerate(run.simple)
        for write in _writes(run, index)
        if not write.target.startswith(_DEVICES) and write.target not in {"-", ""}
    ]
    return [_edit(run, number, *each) for number, each in enumerate(found[:MOST], start=1)]


def _edit(run: Run, number: int, index: int, write: _Write) -> FileEdit:
    command = run.command
    simple = run.simple[index]
    where = path(write.target, None if simple.elsewhere else directory(run, index))
    saved = _saved(run, index, write)
    doubts = 1.0 if command.outcome in {"ok", "failed"} and saved != "unknown" else 0.9
    return FileEdit(
        id=f"{command.id}-w{number:03d}",
        command=command.id,
        connection=command.connection,
        channel=command.channel,
        t=run.t,
        path=f"{simple.elsewhere}:{where}" if simple.elsewhere else where,
        via=write.via,
        saved=saved,
        added=write.added,
        removed=write.removed,
        idle=_idle(where, write),
        ends=write.ends,
        complete=write.whole,
        confidence=round(command.confidence * doubts, 3),
    )


def _idle(where: str, write: _Write) -> tuple[str, ...]:
    """Return the lines that have no effect by those that were written before them."""
    find = None if write.via == "sed" else idle_lines(where)
    return tuple(sorted(find(write.added))) if find else ()


def _saved(run: Run, index: int, write: _Write) -> Saved:
    """Judge a write by its line's outcome and by what was printed about the file."""
    command = run.simple[index]
    if _complained(run, command, write):
        return "no"
    outcome = run.command.outcome
    if command.operator == "||" or run.state == "cut" or outcome == "interrupted":
        return "unknown"
    if outcome == "ok":
        return "yes"
    if outcome == "failed":
        return "no" if len(run.simple) == 1 and not write.redirected else "unknown"
    return "yes" if _was_reached(run, index) else "unknown"


def _was_reached(run: Run, index: int) -> bool:
    """Whether nothing before a command in its chain may have failed without a word.

    What writes files here complains when it cannot, so silence is success.
    """
    while index and run.simple[index].operator in {"&&", "|", "|&"}:
        if run.simple[index].operator == "&&":
            before = run.simple[index - 1].program
            if before not in _COMPLAINS or any(_speaks(line, before) for line in run.output):
                return False
        index -= 1
    return True


def _speaks(line: str, program: str) -> bool:
    return line.split(":", 1)[0].rsplit("/", 1)[-1].lstrip("-") in {program, "bash", "sudo"}


def _complained(run: Run, command: SimpleCommand, write: _Write) -> bool:
    """Whether something was printed that says that this file was not written."""
    name = posixpath.basename(write.target) or write.target
    speakers = ("bash", "sh", "zsh", "-bash", "dash") if write.redirected else (command.program,)
    for line in in_english(run.output):
        if never_ran(command, line):
            return True
        speaker = line.split(":", 1)[0].rsplit("/", 1)[-1]
        if name in line and speaker in speakers and any(words in line for words in _REFUSED):
            return True
    return False


def _writes(run: Run, index: int) -> Iterator[_Write]:
    simple, command = run.simple, run.simple[index]
    for redirect in command.redirects:
        if redirect.writes and redirect.descriptor != "2":
            words = printed(command, simple, index)
            yield _Write(
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


def _by_program(command: SimpleCommand, words: Words) -> Iterator[_Write]:
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
                yield _Write(target=word, via="remove")
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


def _teed(command: SimpleCommand, words: Words) -> Iterator[_Write]:
    whole = words.whole and _has(command, "a", "--append")
    for word in _operands(command):
        yield _Write(target=word, via="tee", added=words.lines, whole=whole)


def _copied(command: SimpleCommand) -> Iterator[_Write]:
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
    inside = into is not None or target.endswith("/") or len(sources) > 1 or target in {".", ".."}
    via: Via = "move" if command.program == "mv" else "copy"
    for source in sources:
        name = posixpath.basename(source.rstrip("/"))
        yield _Write(target=posixpath.join(target, name) if inside else target, via=via)
        if command.program == "mv":
            yield _Write(target=source, via="move")


def _other(command: SimpleCommand) -> Iterator[_Write]:
    if command.program == "dd":
        for word in command.argv[1:]:
            if word.startswith("of="):
                yield _Write(target=word[3:], via="other")
        return
    if command.program == "truncate":
        for word in _operands(command, valued="sr"):
            yield _Write(target=word, via="other")


@dataclass(slots=True)
class _Scripted:
    """Scripts and files of a program that edits in place."""

    scripts: list[str]
    files: list[str]
    extended: bool = False


def _edited(words: _Scripted | None) -> Iterator[_Write]:
    if words is None:
        return
    script = "\n".join(words.scripts)
    found = effect(script, extended=words.extended) if script else Effect(whole=False)
    for word in words.files:
        yield _Write(
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
