"""Paths of a command line, resolved against the directory in which its command runs.

Shared by what judges commands and what finds file edits; no file system is ever looked at.
"""

from __future__ import annotations

import posixpath

from analyzer.commands.run import Run


def directory(run: Run, index: int) -> str | None:
    """Return where a line's command runs: the prompt's directory, or where ``cd`` went since."""
    here = run.command.cwd
    for command in run.simple[:index]:
        if command.program == "cd":
            here = path(command.argv[1] if len(command.argv) > 1 else "~", here)
    return here


def path(word: str, here: str | None) -> str:
    """Resolve a path against a directory; where only a part of that is known, leave it relative."""
    if not word.startswith(("/", "~")) and here is not None and here.startswith(("/", "~")):
        word = f"{here}/{word}"
    return posixpath.normpath(word)
