"""Hides secrets that stand in a command line, so that it can be written and shown to anybody.

Places where a program takes a password by its options or its input, and the patterns of a site's
own. Secrets typed at a prompt never reach here; `recorder.recording.masking` has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from recorder.errors import UsageError
from recorder.recording.private_keys import PrivateKeyFilter

HIDDEN = "\N{BULLET}" * 4

_WORD = r"(?:'[^']*'|\"(?:\\.|[^\"\\])*\"|[^\s;|&<>'\"]+)"
_PLACES = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        rf"(--?[\w-]*(?:pass|passwd|password|secret|token|pwd)[\w-]*[= ])({_WORD})",
        rf"(\b[A-Za-z_]*(?:PASS|PASSWORD|PASSWD|SECRET|TOKEN|PWD)[A-Z_]*=)({_WORD})",
        rf"(\b(?:mysql|mysqladmin|mysqldump|mariadb)\b[^;|&\n]*?\s-p)({_WORD})",
        rf"(\busermod\b[^;|&\n]*?\s-p\s*)({_WORD})",
        rf"(\buseradd\b[^;|&\n]*?\s-p\s*)({_WORD})",
        rf"(\bsshpass\s+-p\s*)({_WORD})",
        rf"(\bhtpasswd\s+(?:-\w*\s+)*-\w*b\w*\s+(?:-\w+\s+)*\S+\s+\S+\s+)({_WORD})",
        (
            rf"(\b(?:curl|wget|https?|xh|siege)\b[^;|&\n]*?\s"
            rf"(?:-\w*[uU]|--user|--proxy-user)[= ]?['\"]?[\w.@-]+:)({_WORD})"
        ),
        r"(://[^\s:/@]+:)([^\s@/]+)(?=@)",
        rf"((?i:identified\s+by|password\()\s*)({_WORD})",
        rf"(\b[A-Za-z_]*(?:API|ACCESS|AUTH|PRIVATE|ENCRYPTION)_?KEY=)({_WORD})",
        r"(\b(?i:authorization:\s*(?:bearer|basic|token)\s+))([^\s'\"]+)",
        r"(\bpass:)([^\s'\"]+)",
        rf"(\bzip\b[^;|&\n]*?\s(?:-P|--password)\s*)({_WORD})",
        rf"(\b7z[ar]?\b[^;|&\n]*?\s-p)({_WORD})",
        rf"(\bredis-cli\b[^;|&\n]*?\s-a\s+)({_WORD})",
        rf"(\bldap(?:search|modify|add|whoami|passwd)\b[^;|&\n]*?\s-w\s+)({_WORD})",
        r"(\s-U\s*[\w.\\/-]+%)([^\s'\"]+)",
    )
)
_CHPASSWD = re.compile(r"\bchpasswd\b")
_PAIR = re.compile(r"(?m)(?<![\w/:])([a-z_][\w.-]*:)([^\s'\"|<]+|[^'\"|<\n]+(?=['\"]))")
_PASSWD = re.compile(r"\bpasswd\b|\bsudo\s+(?:-\w+\s+)*-\w*S|\bsu\b|(?:-i|--(?:pass\w*-)?stdin)\b")
_HERESTRING = re.compile(rf"(<<<\s*)(\$?{_WORD})")
_HEREDOC = re.compile(
    r"(<<-?\s*['\"]?(\w+)['\"]?[^\n]*\n).*?(\n\t*\2\s*)$", re.DOTALL | re.MULTILINE
)
_PRINTED = re.compile(rf"(\b(?:echo|printf)\s+(?:-\w+\s+)*)((?:{_WORD}\s*)+)(?=\|)")


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
    if _CHPASSWD.search(text):
        text = _PAIR.sub(rf"\g<1>{HIDDEN}", text)
    elif _PASSWD.search(text):
        text = _HERESTRING.sub(rf"\g<1>{HIDDEN}", text)
        text = _HEREDOC.sub(rf"\g<1>{HIDDEN}\g<3>", text)
        text = _PRINTED.sub(rf"\g<1>{HIDDEN} ", text)
    return text
