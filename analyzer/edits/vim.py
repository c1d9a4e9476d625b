"""vi, vim and neovim: how their screens and keys read.

The last row holds messages and the command line, the one above it perhaps a status line; ``~``
stands in rows behind the file's end. The row of messages says what was read and what was written.
"""

from __future__ import annotations

import posixpath
import re

from analyzer.commands.run import Run
from analyzer.edits.changes import Look
from analyzer.edits.ex import Ex, read_ex
from analyzer.edits.opened import Opened
from analyzer.edits.picture import Picture
from analyzer.edits.sitting import Sitting
from analyzer.edits.text_rows import lines_of

_FILE = re.compile(
    r"[\"'](?P<name>[^\"']+)[\"']\s*(?P<flags>(?:\[[^\]]+\]\s*)*)"
    r"(?:(?P<size>>?\d+L, >?\d+[CB]|>?\d+ lines?, >?\d+ (?:characters?|bytes?))\b|(?=\s*\Z))"
    r"\s*(?P<written>written|appended)?"
)
_WRITTEN_FLAG = re.compile(r"\[(?:w|a|written)\]")
_REFUSED = re.compile(
    r"\bE(?:13|37|45|130|138|139|142|162|166|167|190|208|212|382|502|503|505|512|513|514|667"
    r"|949)\b|Can't open file for writing|is read-only"
)
_SHELL_FAILED = re.compile(r"shell returned \d|Permission denied|incorrect password|not found$")
_HELD = re.compile(r"Press ENTER|\[O\]K, \(L\)oad|-- More --|\[O\]pen Read-Only|Hit ENTER|\(Q\)uit")
_INSERTING = re.compile(r"-- (?:\(?(?:INSERT|REPLACE|VREPLACE)\)?)")
_RULER = re.compile(r"(?P<line>\d+),\d+(?:-\d+)?\s+(?P<where>All|Top|Bot|\d+%)\s*\Z")
_NOT_FOUND = re.compile(r"\bE486\b|Pattern not found")
_STATUS = re.compile(r"\s*\S+(?: \[[^\]]+\]|\[[^\]]+\])*(?:\s{2,}.*)?\Z")
_DELETING = re.compile(r"[dDxXuCcsS]")
_EDITING = re.compile(r"[pPxXdDcCsSrRoOuJiIaA.~><=]")
_STAYS = re.compile(r"\bE\d+:")
_ASKING = re.compile(r"[:/?]")
_MESSAGE_ROWS = 5
_FEWEST_ROWS = 3


class Vim(Sitting):
    """One vi."""

    def __init__(self, run: Run, opened: Opened) -> None:
        super().__init__(run, opened)
        self._ex: Ex | None = None
        """The last command line that matters for how it ends."""
        self._bottom = ""
        self._told = ""
        """The message of a write that was told already."""
        self._inserting = False
        self._change: Ex | None = None
        self._last: Look | None = None
        self._leaving = False
        """Whether it was told to end: what is drawn next may not be its own."""

    def look(self, picture: Picture, t: float) -> None:
        """Take in a screen that has come to rest."""
        if len(picture.rows) < _FEWEST_ROWS or not (
            picture.alternate or self.seen or _is_shown(picture)
        ):
            return
        self.seen = True
        bottom = picture.rows[-1]
        self.answer(picture, t)
        self._bottom = bottom
        self._inserting = bool(_INSERTING.search(bottom))
        if any(_HELD.search(row) for row in picture.rows[-2:]) or "E325: " in picture.rows[0]:
            return
        if self._leaving and not _STAYS.search(bottom):
            return
        self._leaving = False
        self._changed(bottom)
        self._read_name(bottom)
        self.changes.observe(self._text(picture), self.take_hints())

    def answer(self, picture: Picture, t: float, *, left: bool = False) -> None:
        """Look for what it says of a write, in the last row or above a question to go on.

        The screen that was left has moved up by a row, for the shell to go on below.
        """
        bottom = picture.rows[-1:]
        more = left or (self.waiting and bool(_HELD.search(picture.rows[-1])))
        for row in reversed(picture.rows[-_MESSAGE_ROWS:] if more else bottom):
            if self._is_answer(row, t):
                return

    def type(self, data: bytes) -> None:
        """Take in keys."""
        for token in self.keys.read(data):
            if token.text:
                self._typed(token.text)
            else:
                self._pressed(token.key)
        self.hints.edited |= bool(self.keys.pasted)

    def _typed(self, text: str) -> None:
        if self._inserting:
            self.hints.edited = True
            return
        if self._bottom.startswith((":", "/", "?")) or _ASKING.search(self.keys.line):
            return
        self.hints.edited |= bool(_EDITING.search(text))
        self.hints.deleting |= bool(_DELETING.search(text))
        if self.keys.line.endswith(("ZZ", "ZQ")):
            self._run(read_ex("x" if self.keys.line.endswith("ZZ") else "q!"))

    def _pressed(self, key: bytes) -> None:
        self.stopped = key == b"\x1a"
        if key == b"\x1b":
            self._inserting = False
        elif key in {b"\r", b"\n"} and (line := self._command_line()):
            self._run(read_ex(line))
        elif self._inserting:
            self.hints.edited = True

    def _command_line(self) -> str | None:
        """Return the command line that Enter ends: as it is shown, or as it was typed since."""
        shown = self._bottom if self._bottom.startswith(":") else None
        typed = self._typed_before_enter
        if shown is None:
            return typed if typed and not self._inserting else None
        return typed if typed and typed.startswith(shown) else shown

    @property
    def _typed_before_enter(self) -> str | None:
        start = self.keys.ended.find(":")
        return None if start < 0 else self.keys.ended[start:]

    def _run(self, ex: Ex) -> None:
        self._leaving = ex.leaves
        match ex.does:
            case "write":
                self._ex, self.waiting = ex, True
            case "discard":
                self._ex, self.waiting = ex, False
            case "reload":
                self.changes.restart()
                self.changes.forget_look()
            case "change":
                self._change = ex
            case _:
                pass

    def _changed(self, bottom: str) -> None:
        """Take in a change of lines that may not be on the screen."""
        change, self._change = self._change, None
        if change is not None and not _NOT_FOUND.search(bottom):
            self.hints.edited = True
            self.changes.add(change.added, ())

    def _end(self, run: Run) -> None:
        ex = self._ex
        if ex is not None and ex.does == "discard":
            if self.changes:
                self.tell("no", run.t)
        elif self.waiting and ex is not None:
            if ex.leaves and ex.if_changed and not self.changes:
                return
            self.tell("yes", run.t, name=ex.name, confidence=0.9)
        elif self.changes:
            self.tell("unknown", run.t, confidence=0.6)

    # The screen

    def _is_answer(self, row: str, t: float) -> bool:
        """Take in a row if it says how a write went."""
        if match := _FILE.match(row):
            if not match["written"] and not _WRITTEN_FLAG.search(match["flags"]):
                return False
            if self.waiting or match[0] != self._told:
                self.waiting, self._told = False, match[0]
                self.tell("yes", t, name=match["name"])
            return True
        if not self.waiting or self._ex is None:
            return False
        if _REFUSED.search(row) or (self._ex.through and _SHELL_FAILED.search(row)):
            self.waiting = False
            self.tell("no", t, name=self._ex.name)
            return True
        if self._ex.through and "%" in self._ex.through and _HELD.search(row):
            self.waiting = False
            self.tell("yes", t, confidence=0.8)
            return True
        return False

    def _read_name(self, bottom: str) -> None:
        match = _FILE.match(bottom)
        if match and not match["written"] and (match["size"] or match["flags"]):
            self.show(match["name"])

    def _text(self, picture: Picture) -> Look:
        rows = picture.rows[:-1]
        ruler = _RULER.search(picture.rows[-1])
        if self._is_status(rows[-1]):
            ruler = ruler or _RULER.search(rows[-1])
            rows = rows[:-1]
        size = len(rows)
        while size > 1 and rows[size - 1] == "~":
            size -= 1
        at_end = size < len(rows) or bool(ruler and ruler["where"] in {"All", "Bot"})
        while size > 1 and rows[size - 1].startswith("@") and not rows[size - 1].strip("@"):
            size -= 1
            at_end = False
        lines = lines_of(rows[:size], picture.columns, wraps=True)
        index = lines.index_of_row
        current = index[picture.y] if 0 <= picture.y < len(index) else 0
        top = lines.first
        if top is None and ruler:
            top = 1 if ruler["where"] in {"All", "Top"} else max(1, int(ruler["line"]) - current)
        last = self._last
        if ruler is None and last is not None and last.lines == lines.texts:
            # The command line hides the ruler.
            top, at_end = top or last.top, at_end or last.at_end
        self._last = Look(lines=lines.texts, top=top, at_end=at_end, current=current)
        return self._last

    def _is_status(self, row: str) -> bool:
        """Whether a row is a status line: the file's name, flags, perhaps the cursor's place."""
        name = posixpath.basename(self.path) or "[No Name]"
        if name not in row or not _STATUS.match(row):
            return False
        return bool(_RULER.search(row)) or row.split(" [", maxsplit=1)[0].strip().endswith(name)


def _is_shown(picture: Picture) -> bool:
    """Whether a screen that other programs draw on as well shows a vi."""
    return _FILE.match(picture.rows[-1]) is not None or picture.rows[-2] == "~"
