"""What the keys say that go to an editor: tokens, the line that is typed, what is pasted.

Which key does what is the editors' own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    rb"(?P<paste>\x1b\[20[01]~)"
    rb"|(?P<key>\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~])|[\x00-\x1f\x7f])"
    rb"|(?P<text>[^\x00-\x1f\x7f]+)"
)
_META = re.compile(_TOKEN.pattern.replace(rb"|[\x00-\x1f\x7f])", rb"|\x1b[ -~]|[\x00-\x1f\x7f])"))
"""The same for an editor to which Escape and a letter that come together are one key."""

_REPORT = re.compile(
    rb"\x1b(?:\[[IO]|\[[\d;?>]*[cRnt]|\[<[\d;]+[Mm]|[P\]][^\x1b\x07]*(?:\x1b\\|\x07))"
)
"""What a terminal answers or tells by itself: focus, places, colours, the mouse."""

_HALF_MARK = re.compile(rb"\x1b\[(?:20?[01]?)?\Z")
_HALF_END = re.compile(rb"\x1b(?:\[(?:20?[01]?)?)?\Z")
"""The beginning of a paste's mark, the rest of which comes in another packet; only within a paste
may that be an Escape alone, which is a key elsewhere."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_MOST = 200_000
"""Characters of a paste, and of a typed line, that are kept."""

_TOGETHER = 4
"""Characters with a line end among them that no hand types at once."""


@dataclass(frozen=True, slots=True)
class Token:
    """A control key with its sequence, or printable characters that came together."""

    key: bytes = b""
    text: str = ""


class KeyLog:
    """Reads one editor's keys.

    Attributes:
        line: What was typed or pasted since the last control key but Backspace.
        ended: What that was before the last control key.
        pasted: Lines that were pasted since `take_pasted`.

    """

    def __init__(self, *, meta: bool = False) -> None:
        self._tokens = _META if meta else _TOKEN
        self.line = ""
        self.ended = ""
        self.pasted: list[str] = []
        self._paste: list[str] | None = None
        self._room = 0
        self._held = b""

    def read(self, data: bytes) -> Iterator[Token]:
        """Yield the keys of an input event; pasted text is none but is kept."""
        data = self._held + _REPORT.sub(b"", data)
        half = (_HALF_END if self._ends_in_paste(data) else _HALF_MARK).search(data)
        self._held = half.group() if half else b""
        data = data[: len(data) - len(self._held)]
        breaks = data.count(b"\r") + data.count(b"\n")
        if self._paste is None and b"\x1b[200~" not in data and breaks and len(data) > _TOGETHER:
            self._unmarked(data.decode("utf-8", "replace"))
        for match in self._tokens.finditer(data):
            kind = match.lastgroup
            if kind == "paste":
                self._mark(begins=match.group() == b"\x1b[200~")
            elif self._paste is not None:
                if self._room > 0:
                    self._paste.append(match.group().decode("utf-8", "replace"))
                    self._room -= len(self._paste[-1])
            else:
                yield self._token(kind or "", match.group())

    def _ends_in_paste(self, data: bytes) -> bool:
        begun, ended = data.rfind(b"\x1b[200~"), data.rfind(b"\x1b[201~")
        return begun > ended or (begun == ended and self._paste is not None)

    def take_pasted(self) -> tuple[str, ...]:
        """Return the lines that were pasted since this was asked last, as a screen shows them."""
        taken, self.pasted = tuple(self.pasted), []
        return taken

    def _token(self, kind: str, data: bytes) -> Token:
        if kind == "text":
            text = data.decode("utf-8", "replace")
            self.line = (self.line + text)[-_MOST:]
            return Token(text=text)
        if data in {b"\x7f", b"\x08"}:
            self.line = self.line[:-1]
        elif data != b"\t":
            self.ended, self.line = self.line, ""
        return Token(key=data)

    def _unmarked(self, text: str) -> None:
        if "\x1b" in text or ":" in text[:1]:
            return
        lines = _LINE_END.split(text)
        if sum(len(line.strip()) > 1 for line in lines) > 1:
            self._keep(lines)

    def _mark(self, *, begins: bool) -> None:
        if begins:
            self._paste, self._room = [], _MOST
        elif self._paste is not None:
            lines = _LINE_END.split("".join(self._paste))
            self._paste = None
            self.line = (self.line + lines[0] if len(lines) == 1 else lines[-1])[-_MOST:]
            self._keep(lines)

    def _keep(self, lines: list[str]) -> None:
        if len(self.pasted) < _MOST // 40:
            self.pasted += [line.expandtabs(8).rstrip() for line in lines]
