"""Judges how a command went from what it printed, where no exit status is seen.

Only what programs say of themselves, in their own fixed words, counts: a log that is read may hold
any error. Silence means success for programs that are silent by custom, and nothing for others.
"""

from __future__ import annotations

import re

from analyzer.records import Outcome
from analyzer.shell import SimpleCommand

_NOISE = re.compile(r"^sudo: unable to resolve host |^\[sudo\] password for |^Sorry, try again\.$")
_NOT_STARTED = re.compile(
    r"^(?:-?(?:ba|da|z|k)?sh|zsh): (?:line )?(?:\d+: )?"
    r"(?:.*: (?:command )?not found$|command not found: |.*: No such file or directory$"
    r"|.*: Permission denied$|syntax error|.*: Is a directory$|.*: ambiguous redirect$)"
    r"|^sudo: .*: command not found$|^sudo: \d+ incorrect password attempts?$"
    r"|^sudo: (?:a password is required|no password was provided)|is not in the sudoers file"
    r"|^Command '.*' not found, "
)
_OWN_WORDS = re.compile(
    r"(?:line \d+: )?(?:cannot|can't|could not|couldn't|unable to|failed|invalid|unrecognized"
    r"|unknown|missing operand|missing file operand|option requires|illegal|no such)\b"
    r"|.*: (?:No such file or directory|Permission denied|Operation not permitted"
    r"|Not a directory|Is a directory|Read-only file system|Name or service not known)$"
    r"|.*(?:verification error|manipulation error|: invalid option)",
    re.IGNORECASE,
)
_APT = re.compile(r"^E: |^Abort\.$")
_SYSTEMD = re.compile(r"^(?:Failed to |Job for \S+ failed|Unknown operation |Too few arguments)")
_NPM = re.compile(r"^npm (?:ERR!|error) ")
_CURL = re.compile(r"^curl: \(\d+\) ")
_FAILED = {
    **dict.fromkeys(("apt", "apt-get", "aptitude", "apt-cache", "apt-key"), _APT),
    **dict.fromkeys(("systemctl", "service", "journalctl"), _SYSTEMD),
    **dict.fromkeys(("npm", "npx"), _NPM),
    "curl": _CURL,
    "git": re.compile(r"^fatal: |^error: "),
    "ssh": re.compile(r"Permission denied \(|^ssh: |Host key verification failed"),
    "sshd": re.compile(r"Bad configuration option|terminating, \d+ bad configuration"),
    "nginx": re.compile(r"test failed$|^nginx: \[emerg\]"),
    "apachectl": re.compile(r"^Syntax error|^AH\d+: Syntax error|Action '.*' failed"),
    "apache2ctl": re.compile(r"^Syntax error|^AH\d+: Syntax error|Action '.*' failed"),
    "ghost": re.compile(
        r"^(?:An error occurred\.|A \S+Error occurred\.|Working directory is not )"
    ),
}
_OK = re.compile(
    r"^passwd: password updated successfully$|^All packages are up to date\.$"
    r"|^\d+ packages? can be upgraded\.|^Syntax OK$|test is successful$"
    r"|^Processing triggers for |^Setting up \S+ \(|^\d+ upgraded, \d+ newly installed, "
    r"|^Adding password for user |^(?:added|changed|removed|up to date,?) \d* ?packages?"
)
_SILENT = frozenset(
    {
        "cp",
        "mv",
        "rm",
        "rmdir",
        "mkdir",
        "chmod",
        "chown",
        "chgrp",
        "ln",
        "touch",
        "systemctl",
        "sed",
        "true",
        "cd",
        "export",
        "unset",
        "alias",
        "source",
        "kill",
        "pkill",
        "swapoff",
        "swapon",
        "umount",
        "mount",
        "hash",
    }
)


_REFUSED = re.compile(
    r"^sudo: \d+ incorrect password attempts?$"
    r"|^sudo: (?:a password is required|no password was provided|a terminal is required)"
    r"|is not in the sudoers file|is not allowed to (?:execute|run) "
)
_MISSING = re.compile(
    r"(?:^|: )['\u2018]?(?P<name>[^\s:'\u2019]+)['\u2019]?: (?:(?:command )?not found"
    r"|No such file or directory|Permission denied|unrecognized service)$"
    r"|^Command '(?P<hinted>[^']+)' (?:not found|is available)"
    r"|^zsh: command not found: (?P<zsh>\S+)$"
)


def never_ran(command: SimpleCommand, line: str) -> bool:
    """Whether a line says that this command of its command line was not even started."""
    if "sudo" in (*command.wrappers, command.program) and _REFUSED.search(line):
        return True
    match = _MISSING.search(line)
    if match is None:
        return False
    name = next(filter(None, match.groups())).rsplit("/", 1)[-1]
    return name in {command.program, *command.wrappers}


def judge(simple: tuple[SimpleCommand, ...], lines: tuple[str, ...]) -> Outcome:
    """Return failed, ok or unknown for a command that printed ``lines`` and ended by itself."""
    said = [line for line in lines if not _NOISE.search(line)]
    if any(_NOT_STARTED.search(line) for line in said[:3]):
        return "failed"
    names = {name for command in simple for name in (command.program, *command.wrappers)}
    outcome: Outcome = "unknown"
    for line in said:
        if _OK.search(line):
            outcome = "ok"
        elif _tells_failure(line, names):
            outcome = "failed"
    if not said and simple and all(command.program in _SILENT for command in simple):
        return "ok"
    return outcome


def _tells_failure(line: str, names: set[str]) -> bool:
    """Whether a program of the line says in its own words that it failed."""
    if any(name in _FAILED and _FAILED[name].search(line) for name in names):
        return True
    speaker, colon, words = line.partition(": ")
    if not colon:
        return False
    speaker = speaker.rsplit("/", 1)[-1].lstrip("-")
    return speaker in {*names, "bash", "sh", "sudo"} and _OWN_WORDS.match(words) is not None
