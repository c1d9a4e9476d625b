"""What prompts look like, and what they tell: user, host, directory, root.

Shapes only; which prompt is shown when is the tracker's. Learned prompts need no shape here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_NAME = r"[A-Za-z_][\w.-]{0,63}+\$?"
_HOST = r"[A-Za-z0-9][\w.-]{0,252}+"
_SHELL = re.compile(
    r"(?:\[[^\[\]\r\n]{1,40}\] ?){0,3}(?:\((?P<env>[^()\s]{1,60})\) ?)?"
    r"(?P<open>\[)?"
    rf"(?P<user>{_NAME})@(?P<host>{_HOST})"
    r"(?::| )(?P<cwd>(?:~|/|\w)[^\r\n$#%>]{0,400}?)?"
    r"(?(open)\])\s?(?P<mark>[$#%>])(?: |\Z)"
)
_DIRECTORY = r"(?:(?:~|/|\w)[^\r\n$#%>]{0,400}?)?"
_STATUS = re.compile(r" \[\d{1,3}\]\Z")
# Possessive: a prompt is a candidate's text, and paths in a row could be told apart in any number
# of ways. What follows a path in a prompt cannot be part of it.
_PATH = re.compile(r"[~/][^\s:$#%>\])]{0,400}+")
_PATHS = re.compile(rf"({_PATH.pattern})")
_WORDS = re.compile(r"[\w~./-]+")
_PLACE = re.compile(rf"\S{{0,3}}\W{{0,3}}{_NAME}@{_HOST}[ :\])]{{1,3}}\S*\W{{0,3}}\Z")
_BARE = re.compile(r"(?:[\w.-]{0,20}[$#%]|[\u276f\u279c\u00bb\u03bb]) ?\Z")
_LOOSE = re.compile(r"\S.{0,160}?[$#%>\u276f\u279c\u00bb\u03bb] ?\Z|[$#%>] ?\Z")
_REPL = re.compile(
    r"(?:mysql|mariadb|MariaDB \[[^\]]*\]|sqlite|ftp|sftp|irb\([^)]*\):\d+:\d+|node|lua)?> ?\Z"
    r"|>>> ?\Z|\.\.\. ?\Z|In \[\d+\]: ?\Z|\w+[=(\-*!][#>] ?\Z|    -> ?\Z"
)
_OPEN = (
    r"(?:for|while|until|if|then|elif|else|case|select|repeat|function|[db]?quote|heredocd?|always"
    r"|cmdsubst|pipe|cmdand|cmdor|subsh|cursh|array|math|braceparam|do)"
)
_CONTINUATION = re.compile(rf"(?:{_OPEN} )*{_OPEN}?> ?\Z")
REPLS = frozenset(
    {
        "mysql",
        "mariadb",
        "psql",
        "sqlite3",
        "node",
        "nodejs",
        "python",
        "python2",
        "python3",
        "ipython",
        "irb",
        "lua",
        "redis-cli",
        "mongo",
        "mongosh",
        "ftp",
        "sftp",
        "php",
        "bc",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom and where a prompt names; None where it does not say."""

    user: str | None = None
    host: str | None = None
    cwd: str | None = None
    root: bool | None = None

    def same_shell(self, other: Identity) -> bool:
        """Whether both could be the prompt of one shell; the directory may change."""
        mine = (self.user, self.host, self.root)
        return mine == (other.user, other.host, other.root)


@lru_cache(maxsize=256)
def learned(prompt: str) -> re.Pattern[str]:
    """Return what the next prompt of a shell that showed this one looks like.

    Numbers change (a clock, a status, a count of commands), and so does the directory.
    """
    match = _SHELL.search(prompt)
    if match is None or not match.group("cwd"):
        parts = [
            _PATH.pattern if _PATH.fullmatch(each) else _numbers(each)
            for each in _PATHS.split(prompt)
        ]
        return re.compile("".join(parts))
    start, end = match.span("cwd")
    return re.compile(f"{_numbers(prompt[:start])}{_DIRECTORY}{_numbers(prompt[end:])}")


def alike(one: str, other: str) -> bool:
    """Whether two texts differ in words only, as prompts of other directories do."""
    return _WORDS.sub("w", one) == _WORDS.sub("w", other)


def _numbers(text: str) -> str:
    return re.sub(r"\d+", lambda _: r"\d+", re.escape(text))


def shape_at_start(text: str) -> str | None:
    """Return the prompt of a known shape that ``text`` starts with."""
    match = _SHELL.match(text)
    return match.group() if match else None


def is_shell_prompt(text: str) -> bool:
    """Whether ``text`` is a prompt such as ``user@host:~$`` and nothing else."""
    return _SHELL.fullmatch(text) is not None


def is_bare_prompt(text: str) -> bool:
    """Whether ``text`` is a prompt of hardly more than a mark: ``$``, ``#``, ``bash-5.1#``."""
    return _BARE.fullmatch(text) is not None


def might_be_prompt(text: str) -> bool:
    """Whether ``text`` ends as prompts do: enough only where somebody starts to type."""
    return _LOOSE.fullmatch(text) is not None


def is_repl_prompt(text: str) -> bool:
    """Whether ``text`` is the prompt of an interpreter's or a database's own."""
    return _REPL.fullmatch(text) is not None


def is_continuation(text: str) -> bool:
    """Whether ``text`` is the default PS2 of bash or zsh."""
    return _CONTINUATION.fullmatch(text) is not None


def has_second_row(prompt: str, above: str) -> bool:
    """Whether the row above a prompt belongs to it: a mark under what names user and host."""
    return len(prompt.strip()) <= 2 and _PLACE.match(above) is not None  # noqa: PLR2004 - a mark


def identify(prompt: str, above: str = "") -> Identity:
    """Read what a prompt says; ``above`` is the row over it, for prompts of two rows."""
    match = _SHELL.search(prompt)
    if match is None and len(prompt.strip()) <= 2:  # noqa: PLR2004 - a mark, perhaps a space
        match = _SHELL.search(f"{above.strip()} {prompt}") if above else None
    mark = prompt.rstrip()[-1:]
    if match is None:
        return Identity(root={"#": True, "$": False}.get(mark))
    cwd = _STATUS.sub("", (match.group("cwd") or "").strip()) or None
    return Identity(
        user=match.group("user"), host=match.group("host"), cwd=cwd, root=match.group("mark") == "#"
    )
