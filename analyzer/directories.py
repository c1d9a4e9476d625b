"""Paths of a command line, resolved against the directory in which its command runs.

Shared by what judges commands and what finds file edits; no file system is ever looked at.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from threading import local

from analyzer.commands.run import Run


def directory(run: Run, index: int) -> str | None:
    """Return where a line's command runs: the prompt's directory, or where ``cd`` went since."""
    if _last.run is not run:
        _last.run, _last.places = run, tuple(_directories(run))
    return _last.places[index]


class _Last(local):
    """The run that was asked about last, and where each of its commands runs.

    Each of a line's commands is asked about, and it may hold thousands.
    """

    run: Run | None = None
    places: tuple[str | None, ...] = ()


_last = _Last()


def _directories(run: Run) -> Iterator[str | None]:
    here = run.command.cwd
    for command in run.simple:
        yield here
        if command.program == "cd":
            here = path(command.argv[1] if len(command.argv) > 1 else "~", here)


def path(word: str, here: str | None) -> str:
    """Resolve a path against a directory; where only a part of that is known, leave it relative."""
    if not word.startswith(("/", "~")) and here is not None and here.startswith(("/", "~")):
        word = f"{here}/{word}"
    return posixpath.normpath(word)
