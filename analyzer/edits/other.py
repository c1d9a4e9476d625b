"""Editors whose text is not read: emacs, mcedit, joe, micro and whatever else is told by name only.

What they say of a write, on the screen or when they have left, and the answers to their questions
tell whether the file was saved; which lines changed is not known. An editor that was left without
a key that writes has edited nothing.
"""

from __future__ import annotations

import re

from analyzer.commands.run import Run
from analyzer.edits.opened import Opened
from analyzer.edits.picture import Picture
from analyzer.edits.sitting import Sitting

_WROTE = re.compile(
    r"^\s*Wrote (?P<a>/\S+|~\S*)|\bFile (?P<b>\S+) saved\b|^Saved (?P<c>\S+)\s|^Saved (?P<d>\S+)$"
)
_ASKS = re.compile(
    r"^Save file [/~]|Save changes to .*\?|before close\?|was modified\.|Save modified file"
    r"|Lose changes to this file",
)
_CHANGED = re.compile(r"\[[-+]?-?M--+\]|^ ?-(?:UU?U?:)?\S*\*\*-?|^\*\*")
_UNCHANGED = re.compile(r"\[----\]")
_SAVES, _NO = frozenset("yY!\r"), frozenset("nN")
_ENTER = frozenset({b"\r", b"\n"})
_LIKELY = 0.5
"""Confidence that a file changed in which something was typed, if nothing tells that it did."""


class Other(Sitting):
    """One editor of which only the outside is known."""

    def __init__(self, run: Run, opened: Opened) -> None:
        super().__init__(run, opened)
        self._typed = False
        self._modified = False
        self._asked = ""
        self._answer = ""
        self._loses = False
        self._told = False
        self._own_screen = False

    def look(self, picture: Picture, t: float) -> None:
        """Take in a screen that has come to rest."""
        self.seen = True
        self.changes.complete = False
        self._own_screen |= picture.alternate
        self._asked = next(filter(_ASKS.search, picture.rows), "")
        self._read(picture.rows, t)

    def answer(self, picture: Picture, t: float, *, left: bool = False) -> None:
        """Read what stood on the screen when it was left."""
        if left and not self._answer:
            self._read(picture.rows, t)

    def type(self, data: bytes) -> None:
        """Take in keys."""
        for token in self.keys.read(data):
            if self._asked and (token.text or token.key in _ENTER):
                self._answer, self._loses = token.text[:1] or "\r", "Lose" in self._asked
                # One key answers; what comes next is for the text again.
                self._asked = ""
            elif token.text:
                self._typed, self._answer = True, ""
            self.stopped = token.key == b"\x1a" and not token.text

    def _read(self, rows: tuple[str, ...], t: float) -> None:
        if self._modified and not self._asked and any(map(_UNCHANGED.search, rows)):
            self._save(t)
        self._modified = any(map(_CHANGED.search, rows))
        wrote = next(filter(None, map(_WROTE.search, rows)), None)
        if wrote is None:
            self._told = False
        elif not self._told:
            # It stands until another message comes.
            self._told = True
            self._save(t, _name(wrote))

    def _save(self, t: float, name: str | None = None) -> None:
        self.tell("yes", t, name=name, confidence=0.9)
        self._typed = False

    def _end(self, run: Run) -> None:
        # What was drawn on a screen of its own has been read there.
        last = run.output[-1:] if not self._own_screen else ()
        said = next(filter(None, map(_WROTE.search, last)), None)
        if said:
            self._save(run.t, _name(said))
        elif self._answer and self._answer in _SAVES and not self._loses:
            self._save(run.t)
        elif self._answer and (self._answer in _NO or self._loses):
            self.tell("no", run.t, confidence=0.9)
        elif self._typed:
            self.tell("unknown", run.t, confidence=_LIKELY)


def _name(wrote: re.Match[str]) -> str | None:
    """Return the file's name as the editor says it; None where its row had no room for it."""
    name = next(filter(None, wrote.groups()))
    return None if name.endswith("\\") else name
