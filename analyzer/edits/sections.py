"""Lines of a configuration file that have no effect on everybody, by what stands above them.

sshd takes the first value that it finds for a keyword, and what stands under ``Match`` holds for
some logins only (sshd_config(5)). Only text is looked at; whether a file was written is not known
here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

Idle = Callable[[Iterable[str]], frozenset[str]]
"""Takes lines as they stand below each other; returns those of no effect on everybody."""

_SSHD = re.compile(r"(?:.*/)?sshd_config(?:\.d/.+\.conf)?\Z")
_MATCH = re.compile(r"\s*Match[\s=]+(?P<all>all\s*\Z)?", re.IGNORECASE)
_SETTING = re.compile(
    r"\s*(?P<name>(?:Password|KbdInteractive|ChallengeResponse|Pubkey)Authentication"
    r"|PermitRootLogin|PermitEmptyPasswords|AuthenticationMethods|UsePAM)[\s=]+\S",
    re.IGNORECASE,
)


def idle_lines(path: str) -> Idle | None:
    """Return what finds such lines in a file; None for files of which nothing is known."""
    return _of_sshd if _SSHD.match(path) else None


def _of_sshd(lines: Iterable[str]) -> frozenset[str]:
    idle: set[str] = set()
    live: set[str] = set()
    names: set[str] = set()
    under = False
    for line in lines:
        if match := _MATCH.match(line):
            under = match["all"] is None
            continue
        setting = _SETTING.match(line)
        if setting is None:
            continue
        name = setting["name"].lower()
        (idle if under or name in names else live).add(line)
        if not under:
            names.add(name)
    return frozenset(idle - live)
