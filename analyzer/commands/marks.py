"""Marks that a shell with semantic prompts sends: OSC 133, and VS Code's OSC 633.

A: a prompt begins, B: it ends, C: a command runs, D: it ended, with its exit status; 633 adds E:
the command line. Whatever runs may print them too. So a status counts only where prompts begin at
their marks, before and after the command, and where its start was marked before it could print; the
last one before the next prompt counts. A text counts only where it says what keys and screen say.
"""

from __future__ import annotations

import re

PATTERN = rb"\x1b\](?:133|633);[A-EP][^\x07\x1b]{0,65536}(?:\x07|\x1b\\)"
"""A whole mark, up to the longest command line that is worth reading."""

_MARK = re.compile(rb"\x1b\](133|633);([A-E])(?:;([^\x07\x1b]*))?")
_ESCAPE = re.compile(r"\\(?:\\|x([0-9a-fA-F]{2}))")
_STATUS = re.compile(rb"(\d{1,3})(?:;|\Z)")
_PRINTABLE = re.compile(rb"[^\x00-\x20\x7f]")
_SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])")


class ShellMarks:
    """Follows the marks of one terminal."""

    def __init__(self) -> None:
        self._asked_at: tuple[int, int] | None = None
        self._prompted = False
        self._armed = False
        self._running = False
        self._status: int | None = None
        self._asked_since = False
        self._text: str | None = None

    def take(self, mark: bytes, at: tuple[int, int], *, silent: bool) -> None:
        """Take in a mark that came with the cursor ``at`` a line and column.

        ``silent``: nothing visible was printed since the line was entered.
        """
        match = _MARK.match(mark)
        if match is None:
            return
        protocol, kind, rest = match.groups()
        if kind == b"A":
            self._asked_since, self._asked_at = True, at
        elif kind == b"C" and self._armed and silent:
            self._running = True
        elif kind == b"D" and self._running:
            status = _STATUS.match(rest or b"")
            self._status, self._asked_since = int(status.group(1)) if status else None, False
        elif kind == b"E" and protocol == b"633" and self._armed and silent:
            self._text = _plain(rest or b"")

    def printed(self, data: bytes) -> None:
        """Note output: a status with text behind it, and no prompt's mark, was not the shell's."""
        if self._status is None or self._asked_since:
            return
        if _PRINTABLE.search(_SEQUENCE.sub(b"", data)):
            self._status = None

    def shown(self, places: tuple[tuple[int, int], ...]) -> None:
        """Note that a prompt is shown that begins at one of these places."""
        self._prompted = self._asked_at in places
        self._asked_at = None
        if not self._prompted:
            self._status = None

    def entered(self) -> None:
        """Note that a line was entered at a prompt."""
        self._armed, self._prompted = self._prompted, False
        self._running, self._status, self._text = False, None, None

    def take_text(self) -> str | None:
        """Return the command line that the shell said it runs, once."""
        text, self._text = self._text, None
        return text

    def take_status(self) -> int | None:
        """Return the exit status of what ran before the prompt that is shown, once."""
        status, self._status, self._running = self._status, None, False
        return status


def _plain(data: bytes) -> str:
    """Undo the escapes of 633;E, and leave out the nonce behind the text."""
    text = data.decode("utf-8", "replace").partition(";")[0]
    return _ESCAPE.sub(lambda m: chr(int(m.group(1), 16)) if m.group(1) else "\\", text)
