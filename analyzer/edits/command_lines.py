"""File edits that a command line says of itself: redirects, tee, sed -i, cp, mv, rm and the like.

A command that has ended is read once; whether it wrote is what its outcome and its output tell.
What its words say that it writes is `analyzer.edits.programs`' to know.
Editors, whose work is only seen on the screen, are `analyzer.edits.watcher`'s.
"""

from __future__ import annotations

import posixpath

from analyzer.commands.languages import in_english
from analyzer.commands.outcome import never_ran
from analyzer.commands.run import Run
from analyzer.directories import directory, path
from analyzer.edits.programs import Write, writes
from analyzer.edits.record import FileEdit, Saved
from analyzer.edits.sections import idle_lines
from analyzer.shell import SimpleCommand

MOST = 50
"""Writes of one command line that are told."""

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


def edits_of(run: Run) -> list[FileEdit]:
    """Return the files that a command line wrote, or tried to; nothing before it has ended."""
    if run.state == "started" or run.command.kind != "command":
        return []
    found = [
        (index, write)
        for index, command in enumerate(run.simple)
        for write in writes(run, index)
        if not write.target.startswith(_DEVICES) and write.target not in {"-", ""}
    ]
    return [_edit(run, number, *each) for number, each in enumerate(found[:MOST], start=1)]


def _edit(run: Run, number: int, index: int, write: Write) -> FileEdit:
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


def _idle(where: str, write: Write) -> tuple[str, ...]:
    """Return the lines that have no effect by those that were written before them."""
    find = None if write.via == "sed" else idle_lines(where)
    return tuple(sorted(find(write.added))) if find else ()


def _saved(run: Run, index: int, write: Write) -> Saved:
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


def _complained(run: Run, command: SimpleCommand, write: Write) -> bool:
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
