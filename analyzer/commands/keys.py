"""What the candidate's keys say about a line: where it came from, and how it was ended.

Only the input is read here. What the line finally said is read off the screen, since completion
and history change it without a key that tells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from analyzer.records import Source
from recorder.recording.events import Input, Place

PASTE_AT_LEAST = 4
"""Printable characters in one packet that no hand types at once."""

_TYPED_MOST = 4096
_ERASE = (b"\x7f", b"\x08")
_LAST_WORD = re.compile(r"\S*\s*\Z")

_TOKEN = re.compile(
    rb"(?P<paste>\x1b\[20[01]~)"
    rb"|(?P<recall>\x1b(?:\[|O)[AB]|\x1b[.<>_]|\x1b\[[56]~|[\x10\x0e\x12\x13])"
    rb"|(?P<tab>\t)"
    rb"|(?P<enter>\r\n|\r|\n|\x0f)"
    rb"|(?P<interrupt>[\x03\x1c])"
    rb"|(?P<eof>\x04)"
    rb"|(?P<control>\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~]|[ -~])?|[\x00-\x1f\x7f])"
    rb"|(?P<text>[^\x00-\x1f\x7f]+)"
)
_HALF_MARK = re.compile(rb"\x1b(?:\[(?:2(?:0[01]?)?)?)?\Z")
"""What may be the beginning of a paste's mark, the rest of which comes in another packet."""


@dataclass(slots=True)
class Provenance:
    """How a line came about, as far as the keys tell."""

    pasted: bool = False
    recalled: bool = False
    completed: bool = False

    @property
    def source(self) -> Source:
        """The first that applies, in the order of the contract."""
        if self.pasted:
            return "pasted"
        if self.recalled:
            return "recalled"
        return "completed" if self.completed else "typed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A key that ends a line, or interrupts; ``ordinal`` counts those of one event from 0.

    ``typed`` is the text that was typed since the key before it that did so; ``exact`` is whether
    only such keys were pressed as leave no doubt about what stands in the line.
    """

    kind: Literal["enter", "interrupt", "eof"]
    t: float
    place: Place
    ordinal: int
    provenance: Provenance
    typed: str = ""
    exact: bool = False


class KeyReader:
    """Reads one terminal's input.

    Attributes:
        seen: Whether anything was typed at all.
        typed: The text that was typed since the last key that ended a line.
        since: When the first of it was typed.

    """

    def __init__(self) -> None:
        self._provenance = Provenance()
        self._pasting = False
        self._held = b""
        self.seen = False
        self.typed = ""
        self.since = 0.0
        self._exact = True

    def read(self, event: Input, *, marks: bool = True) -> list[Ending]:
        """Take in an input event; return the keys in it that end a line.

        ``marks``: what is pasted may come between marks; where nobody asked for them, they are keys
        like others.
        """
        self.seen = True
        if not self.typed:
            self.since = event.t
        # Whoever asked for marks is gone, and with it what would have read their end.
        self._pasting = self._pasting and marks
        endings: list[Ending] = []
        data = self._held + event.data
        half = _HALF_MARK.search(data)
        self._held = half.group() if half else b""
        for match in _TOKEN.finditer(data, 0, len(data) - len(self._held)):
            kind = str(match.lastgroup)
            if kind == "paste":
                self._pasting = marks and match.group() == b"\x1b[200~"
                self._provenance.pasted = True
                self._exact = False
            elif not self._pasting:
                self._key(kind, match.group(), event, endings)
        return endings

    def restart(self) -> None:
        """Forget what was typed so far: it belonged to no line."""
        self._provenance = Provenance()
        self.typed = ""
        self._exact = True

    def paste_is_over(self) -> None:
        """Note that a line is asked for anew, so that no paste can go on, whatever was sent."""
        self._pasting = False

    def _key(self, kind: str, key: bytes, event: Input, endings: list[Ending]) -> None:
        match kind:
            case "recall":
                self._provenance.recalled = True
                self._exact = False
            case "tab":
                self._provenance.completed = True
                self._exact = False
            case "control":
                self._edit(key)
            case "text" if event.masked == 0:
                text = key.decode("utf-8", "replace")
                self._provenance.pasted |= len(text) >= PASTE_AT_LEAST
                self.typed = (self.typed + text)[-_TYPED_MOST:]
            case "enter" | "interrupt" | "eof":
                endings.append(
                    Ending(
                        kind=kind,
                        t=event.t,
                        place=event.place,
                        ordinal=len(endings),
                        provenance=self._provenance,
                        typed=self.typed,
                        exact=self._exact,
                    )
                )
                self.restart()
            case _:
                self._exact = False

    def _edit(self, key: bytes) -> None:
        """Follow the keys that erase before the cursor; others make the text uncertain."""
        if key in _ERASE:
            self.typed = self.typed[:-1]
        elif key == b"\x15":
            self.typed = ""
        elif key == b"\x17":
            self.typed = _LAST_WORD.sub("", self.typed)
        else:
            self._exact = False
