"""One command as troubles are told by: did it fail and with which words, what kind of act it was.

Worked out once for each state of a command. What it means together with others is
`analyzer.models.windows`'; whether it serves a task is `analyzer.models.bearing`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzer.asked import NOTHING, Asked
from analyzer.models.bearing import bearing_of
from analyzer.models.observed import Ran
from analyzer.shell import SimpleCommand

_WORDS = 40
_LONGEST = 400
"""Words of a command, and characters of a line, that are looked at."""

_AROUND = frozenset({"cd", "export", "echo", "true", "sleep", "set", "printf", "clear", ":"})
"""Programs that only stand beside the one that a line is about."""

_LOOKERS = frozenset(
    {
        "ls", "ll", "la", "cat", "less", "more", "most", "head", "tail", "grep", "egrep", "zcat",
        "find", "locate", "which", "whereis", "type", "file", "stat", "pwd", "history", "ps", "top",
        "htop", "ss", "netstat", "lsof", "df", "du", "free", "uptime", "journalctl", "dmesg", "id",
        "whoami", "who", "w", "last", "env", "printenv", "tree", "wc", "diff", "date", "hostname",
        "uname", "lsb_release", "pgrep", "jobs", "man", "info", "help", "apropos", "whatis", "tldr",
        "dpkg-query", "apt-cache", "view", "exit", "logout", "cd", "clear", "fg", "bg",
    }
)  # fmt: skip
"""Programs that look, or lead somewhere, and change nothing: their failure is a slip."""

_READERS = frozenset({"man", "info", "help", "apropos", "whatis", "tldr", "cheat", "pydoc"})
_LOGS = frozenset({"journalctl", "dmesg", "multitail", "lnav"})
_REMOVERS = frozenset({"rm", "rmdir", "unlink", "shred", "userdel", "deluser", "a2dissite"})
_REMOVALS = frozenset({"remove", "purge", "uninstall", "rm", "un", "autoremove", "prune", "reset"})
_STEPS = frozenset(
    {
        "install", "i", "add", "start", "enable", "ci", "up", "run", "build", "setup", "create",
        "a2ensite", "a2enmod", "htpasswd", "ssh-keygen", "ssh-copy-id", "passwd", "useradd",
        "adduser", "init",
    }
)  # fmt: skip
"""Verbs and programs that bring something about where they succeed."""
_FORCES = frozenset({"--force", "--legacy-peer-deps", "--reinstall", "--allow-root", "--no-check"})

_ERROR = re.compile(
    r"\b(error|err!|fail(ed|ure)?|fatal|cannot|can't|could not|couldn't|unable to|denied|refused"
    r"|not found|no such|not permitted|invalid|unknown (command|option)|unrecognized|timed out"
    r"|unreachable|is not (running|recognized|understood|compatible)|does not exist|E:|EACCES"
    r"|traceback|panic|unmet dependencies|address already in use|bad gateway)\b|^E: |\bERR_",
    re.IGNORECASE,
)
_SLIP = re.compile(
    r"command not found|: not found$|^E: (Invalid operation|Unable to locate package|Command line)"
    r"|No such file or dir|^Unknown operation|[Uu]nrecognized option|password verification error"
    r"|[Ii]nvalid option|are you root\?|do not match"
)
_VARYING = re.compile(r"0x[0-9a-f]+|\d+|(?<=\s)/\S+|'[^']*'|\"[^\"]*\"|[^\x20-\x7e]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A command at a glance.

    Attributes:
        t: When it was entered, in seconds since the session's start.
        until: When its prompt came back, None while it runs.
        connection: Its terminal's connection.
        channel: Its terminal's channel.
        text: The line, cut where it is long.
        line: All of it: what is cut may end within a secret.
        program: What the line is about.
        words: Its words, by which two commands are held against each other.
        failed: It failed, by its status or its words.
        fine: It was seen to work.
        stopped: Somebody interrupted it.
        error: The words of its failure, without what varies; empty where it did not fail.
        work: It was to change or bring about something; else it looked.
        slip: It failed for a word that was typed wrong.
        step: It brings something about where it works.
        reads: It looks something up.
        logs: It reads logs or a service's state.
        removes: It deletes or takes something away.
        moves: It changes the directory.
        forces: It overrides what a program refused.
        bearing: 1 where it serves a task, -1 where it serves none, 0 where that is not known.

    """

    t: float
    until: float | None
    connection: int
    channel: int
    text: str
    line: str
    program: str
    words: frozenset[str]
    failed: bool
    fine: bool
    stopped: bool
    error: str
    work: bool
    slip: bool
    step: bool
    reads: bool
    logs: bool
    removes: bool
    moves: bool
    forces: bool
    bearing: int


def glance_of(ran: Ran, asked: Asked = NOTHING) -> Glance:
    """Look at a command as it stands; ``asked`` is what the exercise asks for."""
    command = ran.command
    main = _main(ran.simple)
    argv = [word[:_LONGEST] for word in main.argv[:_WORDS]] if main else command.text.split()[:1]
    program = argv[0].rsplit("/", 1)[-1] if argv else ""
    looks = program in _LOOKERS or command.kind == "repl"
    line = _error_line(ran.said)
    failed = command.outcome == "failed" or (
        command.outcome == "unknown" and bool(line) and not looks
    )
    words = frozenset(argv)
    return Glance(
        t=command.t,
        until=None if command.duration is None else command.t + command.duration,
        connection=command.connection,
        channel=command.channel,
        text=command.text[:_LONGEST],
        line=command.text,
        program=program,
        words=words,
        failed=failed,
        fine=command.outcome == "ok",
        stopped=command.outcome == "interrupted",
        error=_unvaried(line or (ran.said[-1] if ran.said else program)) if failed else "",
        work=not looks and bool(program) and not _asks(argv) and not _reads_logs(argv),
        slip=failed and any(_SLIP.search(each[:_LONGEST]) for each in ran.said),
        step=not _STEPS.isdisjoint(argv[:4]),
        reads=program in _READERS or _asks(argv),
        logs=program in _LOGS or _reads_logs(argv),
        removes=program in _REMOVERS or (len(argv) > 1 and not _REMOVALS.isdisjoint(argv[1:3])),
        moves=any(each.argv[:1] in (("cd",), ("pushd",), ("popd",)) for each in ran.simple[:8]),
        forces=not _FORCES.isdisjoint(words),
        bearing=bearing_of(program, " ".join(argv) if main else command.text[:_LONGEST], asked),
    )


def alike(one: Glance, other: Glance) -> bool:
    """Whether two commands are nearly the same: one program, most words shared."""
    if one.program != other.program or not one.program:
        return False
    shared = len(one.words & other.words)
    return shared * 2 >= len(one.words | other.words)


def _main(simple: tuple[SimpleCommand, ...]) -> SimpleCommand | None:
    """Return the command that a line is about: the first that does not only lead to another."""
    for each in simple[:8]:
        if each.argv and each.argv[0] not in _AROUND:
            return each
    return next((each for each in simple if each.argv), None)


def _asks(argv: list[str]) -> bool:
    return any(word in {"--help", "-h", "--usage", "help"} for word in argv[1:4])


def _reads_logs(argv: list[str]) -> bool:
    words = argv[1:6]
    return any(word.endswith(".log") or word.startswith("/var/log") for word in words) or (
        argv[:1] in (["systemctl"], ["service"]) and "status" in words
    )


def _error_line(said: tuple[str, ...]) -> str:
    return next((each for each in said if _ERROR.search(each[:_LONGEST])), "")


def _unvaried(line: str) -> str:
    """Return a line without numbers, names and paths: what two failures have in common."""
    return " ".join(_VARYING.sub("#", line[:_LONGEST].lower()).split())[:120]
