"""Which editor a command line opens, and on which file.

Only the words of the line are read here; what the editor then does is `analyzer.edits.sitting`'s.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from analyzer.commands.run import Run
from analyzer.directories import directory, path
from analyzer.shell import SimpleCommand

Kind = Literal["nano", "vim", "other", "unknown"]

_NANO = frozenset({"nano", "rnano", "pico"})
_VIM = frozenset({"vi", "vim", "nvim", "view", "rvim", "rview", "vim.tiny", "vim.basic", "vim.nox"})
_OTHERS_WORDS = """
    emacs emacs-nox emacs-gtk emacsclient mg zile jove mcedit joe jmacs jstar jpico rjoe micro ne
    jed tilde dte kak helix hx
"""
_OTHERS = frozenset(_OTHERS_WORDS.split())
_ANY = frozenset({"editor", "sensible-editor", "$EDITOR", "${EDITOR}", "$VISUAL", "${VISUAL}"})
_VALUED = {
    "nano": frozenset(
        [
            "-r",
            "-T",
            "-Q",
            "-o",
            "-s",
            "-X",
            "-C",
            "-Y",
            "-f",
            "-J",
            "--fill",
            "--tabsize",
            "--syntax",
            "--rcfile",
        ]
    ),
    "vim": frozenset(
        ["-c", "--cmd", "-u", "-U", "-i", "-T", "-t", "-w", "-W", "-s", "-S", "-q", "-P"]
    ),
    "other": frozenset(
        ["-l", "-f", "-e", "--eval", "--load", "--funcall", "-config-dir", "-S", "-asis"]
    ),
    "unknown": frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An editor that a line opens.

    Attributes:
        kind: Which one; ``other``: one whose text is not read; ``unknown`` where a program
            chooses it.
        paths: Files that are named, resolved.
        here: The directory in which it runs, as far as it is known.
        copy: The editor gets a copy, and another program writes the file when it has ended.

    """

    kind: Kind
    paths: tuple[str, ...]
    here: str | None
    copy: bool = False


def opened_by(run: Run) -> Opened | None:
    """Return the editor that a command line opens, None where it opens none."""
    if run.command.kind != "command":
        return None
    for index, command in enumerate(run.simple):
        here = None if command.elsewhere else directory(run, index)
        if command.program in _READERS:
            found = _READERS[command.program](command, here, run)
        else:
            found = _editor(command, here)
        if found is not None:
            return found
    return None


def _editor(command: SimpleCommand, here: str | None) -> Opened | None:
    kind: Kind
    if command.program in _NANO:
        kind = "nano"
    elif command.program in _VIM:
        kind = "vim"
    elif command.program in _OTHERS:
        kind = "other"
    elif command.program in _ANY:
        kind = "unknown"
    else:
        return None
    files = _files(command.argv[1:], _VALUED[kind])
    if {"--version", "--help", "-h"} & set(command.argv[1:]):
        return None
    return Opened(kind=kind, paths=tuple(path(word, here) for word in files), here=here)


def _files(words: tuple[str, ...], valued: frozenset[str]) -> list[str]:
    files: list[str] = []
    left = iter(words)
    for word in left:
        if word == "--":
            files.extend(left)
        elif word in valued:
            next(left, None)
        elif not word.startswith(("-", "+")):
            files.append(word)
    return files


def _sudo(command: SimpleCommand, here: str | None, _: Run) -> Opened | None:
    words = command.argv[1:]
    if command.program == "sudo" and not {"-e", "--edit"} & set(words):
        return None
    files = _files(words, frozenset({"-u", "--user", "-g", "--group", "-p", "-C", "-T"}))
    return _copy(tuple(path(word, here) for word in files), here) if files else None


def _visudo(command: SimpleCommand, here: str | None, _: Run) -> Opened | None:
    words = command.argv[1:]
    if any(word in {"-c", "--check", "-V", "-h"} for word in words):
        return None
    named = [b for a, b in itertools.pairwise(words) if a in {"-f", "--file"}]
    return _copy((path(named[0], here),) if named else ("/etc/sudoers",), here)


def _crontab(command: SimpleCommand, here: str | None, run: Run) -> Opened | None:
    words = command.argv[1:]
    if "-e" not in words:
        return None
    named = [b for a, b in itertools.pairwise(words) if a == "-u"]
    user = (named[0] if named else None) or command.run_as or run.command.user or "unknown"
    return _copy((f"/var/spool/cron/crontabs/{user}",), here)


def _systemctl(command: SimpleCommand, here: str | None, _: Run) -> Opened | None:
    words = _files(command.argv[1:], frozenset({"-H", "--host", "-M", "--machine"}))
    if words[:1] != ["edit"] or not words[1:]:
        return None
    units = (word if "." in word else f"{word}.service" for word in words[1:])
    full = "--full" in command.argv
    tail = "" if full else ".d/override.conf"
    return _copy(tuple(f"/etc/systemd/system/{unit}{tail}" for unit in units), here)


def _vipw(command: SimpleCommand, here: str | None, _: Run) -> Opened | None:
    shadow = "-s" in command.argv or "--shadow" in command.argv
    group = command.program == "vigr" or "-g" in command.argv
    name = ("gshadow" if shadow else "group") if group else ("shadow" if shadow else "passwd")
    return _copy((f"/etc/{name}",), here)


def _copy(paths: tuple[str, ...], here: str | None) -> Opened:
    return Opened(kind="unknown", paths=paths, here=here, copy=True)


_READERS: dict[str, Callable[[SimpleCommand, str | None, Run], Opened | None]] = {
    "sudo": _sudo,
    "sudoedit": _sudo,
    "visudo": _visudo,
    "crontab": _crontab,
    "systemctl": _systemctl,
    "vipw": _vipw,
    "vigr": _vipw,
}
