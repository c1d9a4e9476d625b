"""Hides secrets that stand in a command line, so that evidence can be shown to anybody.

Fixed places only: what a program takes as a password by its options or its input. Secrets typed at
a prompt never reach here; the recording masks them.
"""

from __future__ import annotations

import re

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
        rf"((?<!\S)(?:-u|--user)[= ]?[\w.-]+:)({_WORD})",
        r"(://[^\s:/@]+:)([^\s@/]+)(?=@)",
        rf"((?i:identified\s+by|password\()\s*)({_WORD})",
    )
)
_CHPASSWD = re.compile(r"\bchpasswd\b")
_PAIR = re.compile(r"(?m)(?<![\w/:])([a-z_][\w.-]*:)([^\s'\"|<]+|[^'\"|<\n]+(?=['\"]))")
_PASSWD = re.compile(r"\bpasswd\b|\bsudo\s+-S\b")
_HERESTRING = re.compile(rf"(<<<\s*)(\$?{_WORD})")
_HEREDOC = re.compile(
    r"(<<-?\s*['\"]?(\w+)['\"]?[^\n]*\n).*?(\n\t*\2\s*)$", re.DOTALL | re.MULTILINE
)
_PRINTED = re.compile(rf"(\b(?:echo|printf)\s+(?:-\w+\s+)*)((?:{_WORD}\s*)+)(?=\|)")


def redact(text: str) -> str:
    """Return ``text`` with the secrets in it replaced by bullets."""
    for place in _PLACES:
        text = place.sub(rf"\g<1>{HIDDEN}", text)
    if _CHPASSWD.search(text):
        text = _PAIR.sub(rf"\g<1>{HIDDEN}", text)
    elif _PASSWD.search(text):
        text = _HERESTRING.sub(rf"\g<1>{HIDDEN}", text)
        text = _HEREDOC.sub(rf"\g<1>{HIDDEN}\g<3>", text)
        text = _PRINTED.sub(rf"\g<1>{HIDDEN} ", text)
    return text
