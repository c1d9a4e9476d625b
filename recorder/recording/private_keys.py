"""Hides the body of private keys that pass through a terminal or a stream, typed, pasted or shown.

One filter a direction; what passes keeps its length, so that screens stay as they were. It knows
PEM blocks (RFC 7468, and OpenSSH's own) and nothing else; where a block ends is decided here.
"""

from __future__ import annotations

import re

from recorder.recording.cast import MASK

_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY")
_BEGIN_MOST = 80
_BLOCK_MOST = 64 * 1024
"""Characters after which a block without an end counts as over."""
_PLAIN_LINES = 3
"""Lines in a row without anything like a key, after which it counts as over."""
_LINES_BEFORE = 8
"""Lines that may be put out before a key that was typed is echoed."""
_BODY = re.compile(r"[A-Za-z0-9+/=]")
_ESCAPE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b")
_KEYISH = re.compile(r"[A-Za-z0-9+/=]{30}")
_NEWLINE = re.compile(r"[\r\n]")


class PrivateKeyFilter:
    """Replaces the characters of private keys in one direction of a channel.

    Attributes:
        blocks: How many keys have begun.

    """

    def __init__(self, mask: str = MASK) -> None:
        self._mask = mask
        self.blocks = 0
        self._tail = ""
        self._line = ""
        self._inside = False
        self._seen = 0
        self._plain_lines = 0

    def feed(self, text: str) -> str:
        """Return ``text``, of the same length, with the bodies of private keys masked."""
        if not self._inside and "-" not in text and "-" not in self._tail:
            self._tail = (self._tail + text)[-_BEGIN_MOST:]
            return text
        shown: list[str] = []
        rest = text
        while rest:
            rest = self._hide(rest, shown) if self._inside else self._pass(rest, shown)
        return "".join(shown)

    def _pass(self, text: str, shown: list[str]) -> str:
        """Pass text up to a block's beginning; return what comes after it."""
        joined = self._tail + text
        match = _BEGIN.search(joined)
        cut = len(text) if match is None else match.end() - len(self._tail)
        shown.append(text[:cut])
        if match is None:
            self._tail = joined[-_BEGIN_MOST:]
        else:
            self._enter(0)
        return text[cut:]

    def expect(self) -> None:
        """Mask as within a key: one was typed, and its first line may never be shown."""
        if not self._inside:
            self._enter(-_LINES_BEFORE)

    def _enter(self, plain_lines: int) -> None:
        self.blocks += 1
        self._tail, self._line = "", ""
        self._inside, self._seen, self._plain_lines = True, 0, plain_lines

    def _hide(self, text: str, shown: list[str]) -> str:
        """Mask text up to the end of the block's current line; return what comes after it."""
        newline = _NEWLINE.search(text)
        cut = len(text) if newline is None else newline.end()
        line, rest = text[:cut], text[cut:]
        before = len(self._line)
        self._line += line
        self._seen += len(line)
        ends = _END.search(self._line)
        if ends is not None:
            hidden = max(0, ends.start() - before)
            shown += [self._masked(line[:hidden]), line[hidden:]]
            self._inside = False
            return rest
        shown.append(self._masked(line))
        if newline is not None:
            self._end_line()
        if self._seen > _BLOCK_MOST:
            self._inside = False
        return rest

    def _end_line(self) -> None:
        plain = _ESCAPE.sub("", self._line).strip()
        self._line = ""
        if plain:
            self._plain_lines = 0 if _KEYISH.search(plain) else self._plain_lines + 1
        if self._plain_lines >= _PLAIN_LINES:
            self._inside = False

    def _masked(self, line: str) -> str:
        """Mask a line but for its escape sequences, which move the cursor."""
        parts: list[str] = []
        place = 0
        for match in _ESCAPE.finditer(line):
            parts += [_BODY.sub(self._mask, line[place : match.start()]), match.group()]
            place = match.end()
        return "".join([*parts, _BODY.sub(self._mask, line[place:])])
