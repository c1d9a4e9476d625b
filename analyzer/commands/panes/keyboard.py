"""Which keys are the multiplexer's own: those behind its prefix, and what its prompts take.

Only what cannot be seen on the screen needs to be known here: tmux's own prompts have the cursor
in its status line, its copy mode says so. GNU screen draws both over the window.
"""

from __future__ import annotations

import re

from analyzer.commands.panes.layout import Kind

_PREFIX = {"tmux": b"\x02", "screen": b"\x01"}
_ASKS = {"tmux": b":,.$'f", "screen": b":A'"}
_CHOOSES = {"tmux": b"ws=?D", "screen": b'"?'}
_COPIES = {"tmux": b"", "screen": b"\x1b["}
_ENDS_ASKING = re.compile(rb"[\r\n\x1b\x03\x07]")
_ENDS_CHOOSING = re.compile(rb"[\r\nq\x1b\x03\x07]")
_ENDS_COPYING = re.compile(rb"[\x1b\x03qyYWw>]")
_SAYS_COPIED = re.compile(rb"Copy mode aborted|Copied \d+ char")
_ARROW = re.compile(rb"\x1b[\[O][0-?]*[A-~]")


class Keyboard:
    """Reads one client's keys.

    Attributes:
        pasted: Whether the multiplexer was told to paste since the last key of another kind.

    """

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._prefix = _PREFIX[kind]
        self._pending = False
        self._ending: re.Pattern[bytes] | None = None
        self._marks = 0
        self.pasted = False

    @property
    def busy(self) -> bool:
        """Whether the next keys are the multiplexer's."""
        return self._pending or self._ending is not None

    def covers(self, active: bool) -> bool:
        """Whether what is drawn in the active pane is the multiplexer's own."""
        return active and self._kind == "screen" and self._ending is not None

    def hear(self, data: bytes) -> None:
        """Take in what the multiplexer says: GNU screen tells when its copy mode ends."""
        if self._ending is _ENDS_COPYING and _SAYS_COPIED.search(data):
            self._ending = None

    def read(self, data: bytes) -> bytes:
        """Return the keys that are not the multiplexer's."""
        out = bytearray()
        rest = data
        while rest:
            if self._pending:
                rest = self._command(rest)
            elif self._ending is not None:
                rest = self._own(rest)
            else:
                before, prefix, rest = rest.partition(self._prefix)
                out += before
                self._pending = bool(prefix)
                self.pasted = self.pasted and not before
        return bytes(out)

    def _command(self, data: bytes) -> bytes:
        """Take the key behind the prefix."""
        self._pending = False
        key = data[:1]
        if match := _ARROW.match(data):
            return data[match.end() :]
        if self._kind == "screen" and key in (b"\x1b", b"["):
            self._ending, self._marks = _ENDS_COPYING, 0
        elif self._kind == "screen" and key in _ASKS["screen"]:
            self._ending = _ENDS_ASKING
        elif self._kind == "screen" and key in _CHOOSES["screen"]:
            self._ending = _ENDS_CHOOSING
        self.pasted = key == b"]"
        return data[1:]

    def _own(self, data: bytes) -> bytes:
        """Take keys up to the one that ends the multiplexer's own prompt or mode."""
        if match := _ARROW.match(data):
            return data[match.end() :]
        key, rest = data[:1], data[1:]
        if self._ending is _ENDS_COPYING and key in (b"\r", b"\n", b" "):
            self._marks += 1
            if self._marks > 1:
                self._ending = None
        elif self._ending is not None and self._ending.match(key):
            self._ending = None
        return rest
