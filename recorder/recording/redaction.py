"""Hides secrets that stand in a command line, so that it can be written and shown to anybody.

Places where a program takes a password by its options or its input, and the patterns of a site's
own. Secrets typed at a prompt never reach here; `recorder.recording.masking` has them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from recorder.errors import UsageError
from recorder.recording.private_keys import PrivateKeyFilter

HIDDEN = "\N{BULLET}" * 4

_WORD = r"(?:'[^']*'|\"(?:\\.|[^\"\\])*\"|[^\s;|&<>'\"]+)"
# A command line comes from the candidate, and the relay waits for what is done here: whatever is
# repeated below is bounded or possessive, so that no text takes more than a time in proportion to
# its length.
_PLACES = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        rf"((?<!-)--?[\w-]{{0,40}}?(?:pass|secret|token|pwd)[\w-]{{0,40}}+[= ])({_WORD})",
        rf"(\b[A-Za-z_]{{0,80}}?(?:PASS|SECRET|TOKEN|PWD)[A-Z_]{{0,80}}+=)({_WORD})",
        rf"(\bsshpass\s+-p\s*)({_WORD})",
        (
            rf"(\bhtpasswd\s+(?:-\w{{0,16}}\s+)*-\w{{0,16}}b\w{{0,16}}\s+(?:-\w{{1,16}}\s+)*"
            rf"\S+\s+\S+\s+)({_WORD})"
        ),
        r"(://[^\s:/@]+:)([^\s@/]+)(?=@)",
        rf"((?i:identified\s+by|password\()\s*)({_WORD})",
        rf"(\b[A-Za-z_]*(?:API|ACCESS|AUTH|PRIVATE|ENCRYPTION)_?KEY=)({_WORD})",
        r"(\b(?i:authorization:\s*(?:bearer|basic|token)\s+))([^\s'\"]+)",
        r"(\bpass:)([^\s'\"]+)",
        (
            r"(\bopenssl\s+passwd\s+(?:-(?:salt|in|out)\s+\S+\s+|-\w+\s+){0,8}+)"
            r"((?!-)(?:'[^']*'|\"(?:\\.|[^\"\\])*\"|[^\s;|&<>'\"()`]+))"
        ),
        r"(\s-U\s*[\w.\\/-]+%)([^\s'\"]+)",
    )
)
_OPTIONS = tuple(
    (re.compile(rf"\b(?:{command})\b"), re.compile(rf"\s(?:{flag})"))
    for command, flag in (
        ("mysql|mysqladmin|mysqldump|mariadb", "-p"),
        ("usermod|useradd", r"-p\s*"),
        (
            "curl|wget|https?|xh|siege",
            r"(?:-\w{0,16}[uU]|--user|--proxy-user)[= ]?['\"]?[\w.@-]{1,128}:",
        ),
        ("zip", r"(?:-P|--password)\s*"),
        ("7z[ar]?", "-p"),
        ("redis-cli", r"-a\s+"),
        ("ldap(?:search|modify|add|whoami|passwd)", r"-w\s+"),
    )
)
"""Commands, and the options of theirs that a secret follows."""

_SECRET = re.compile(_WORD, re.DOTALL)
_REST = re.compile(r"[^;|&\n]*")
_CHPASSWD = re.compile(r"\bchpasswd\b")
_PAIR = re.compile(r"(?<![\w/:])([a-z_][\w.-]{0,64}:)([^\s'\"|<]+|[^'\"|<\n]{1,256}(?=['\"]))")
_PASSWD = re.compile(
    r"\bpasswd\b|(?<![\w-])sudo\s+(?:-\w+\s+)*-\w*S|\bsu\b|(?:-i|--(?:pass\w*-)?stdin)\b"
)
_HERESTRING = re.compile(rf"(<<<\s*)(\$?{_WORD})")
_HEREDOC = re.compile(r"<<-?\s*['\"]?(\w+)")
_PRINTED = re.compile(rf"(\b(?:echo|printf)\s++(?:-\w++\s++)*+)((?:{_WORD}\s*+)++)(?=\|)")


class Redaction:
    """The places where secrets stand: the usual ones, and a site's own."""

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        """Take regular expressions; of each, the group ``secret`` is hidden, or else all of it.

        Raises:
            UsageError: One of them is no regular expression, or matches nothing at all.

        """
        self.patterns = tuple(patterns)
        self._own = tuple(_compiled(pattern) for pattern in self.patterns)

    def __call__(self, text: str) -> str:
        """Return ``text`` with the secrets in it replaced by bullets."""
        for own in self._own:
            text = own.sub(_hide, text)
        return redact(text)


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise UsageError(
            f"secrets.patterns: {pattern!r} is no regular expression ({error})",
            "docs/settings.md has an example",
        ) from error
    if compiled.match("") is not None:
        raise UsageError(
            f"secrets.patterns: {pattern!r} matches where nothing stands",
            "write what the secret looks like; docs/settings.md has an example",
        )
    return compiled


def _hide(match: re.Match[str]) -> str:
    if "secret" not in match.re.groupindex or match["secret"] is None:
        return HIDDEN
    begin, end = match.span("secret")
    whole, start = match.group(), match.start()
    return whole[: begin - start] + HIDDEN + whole[end - start :]


def redact(text: str) -> str:
    """Return ``text`` with the secrets in it replaced by bullets."""
    if "PRIVATE KEY" in text:
        text = PrivateKeyFilter().feed(text)
    for place in _PLACES:
        text = place.sub(rf"\g<1>{HIDDEN}", text)
    for command, flag in _OPTIONS:
        text = _hide_after(command, flag, text)
    if _CHPASSWD.search(text):
        text = _PAIR.sub(rf"\g<1>{HIDDEN}", text)
    elif _PASSWD.search(text):
        text = _HERESTRING.sub(rf"\g<1>{HIDDEN}", text)
        text = _hide_heredocs(text)
        text = _hide_printed(text)
    return text


def _hide_printed(text: str) -> str:
    """Hide what is printed into a pipe at whose end a secret is read."""
    last = max((found.start() for found in _PASSWD.finditer(text)), default=-1)
    return _PRINTED.sub(
        lambda found: f"{found[1]}{HIDDEN} " if found.end() <= last else found[0], text
    )


def _hide_after(command: re.Pattern[str], flag: re.Pattern[str], text: str) -> str:
    """Hide the words after an option, from a command on to what ends it."""
    shown: list[str] = []
    done = place = 0
    while found := command.search(text, place):
        place = found.end()
        end = _end_of_command(text, place)
        while option := flag.search(text, place, end):
            place = option.end()
            if secret := _SECRET.match(text, place):
                shown += [text[done:place], HIDDEN]
                done = place = secret.end()
                # What was quoted may have held what ends a command elsewhere.
                end = max(end, _end_of_command(text, place))
        place = max(place, end)
    return "".join([*shown, text[done:]])


def _end_of_command(text: str, place: int) -> int:
    rest = _REST.match(text, place)
    return place if rest is None else rest.end()


def _hide_heredocs(text: str) -> str:
    """Hide what stands between the line of each ``<<WORD`` and its WORD."""
    lines = text.split("\n")
    ends: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        ends.setdefault(line.lstrip("\t").rstrip(), []).append(index)
    shown: list[str] = []
    index = 0
    while index < len(lines):
        shown.append(lines[index])
        end = _heredoc_end(lines[index], index, ends)
        if end is not None:
            shown += [HIDDEN] if end > index + 1 else []
            index = end
            shown.append(lines[end])
        index += 1
    return "\n".join(shown)


def _heredoc_end(line: str, index: int, ends: dict[str, list[int]]) -> int | None:
    for start in _HEREDOC.finditer(line):
        places = ends.get(start[1], [])
        after = bisect_right(places, index)
        if after < len(places):
            return places[after]
    return None
