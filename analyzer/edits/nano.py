"""nano and pico: how their screens and keys read.

Row 0 is the title with the file's name; above the two rows of help, which may be missing, stands
the row of messages and questions. A long line is cut at the right edge, and moved to the left while
the cursor is in it (``>``, ``<``; before version 4 both are ``$``).
"""

from __future__ import annotations

import re
from typing import Literal

from analyzer.commands.run import Run
from analyzer.edits.changes import Look
from analyzer.edits.opened import Opened
from analyzer.edits.picture import Picture, width
from analyzer.edits.sitting import Sitting
from analyzer.edits.text_rows import lines_of
from analyzer.edits.typed import KeyLog

_TITLE = re.compile(
    r"\s*(?:GNU nano|(?:UW )?PICO(?:\(tm\))?)\s+(?P<version>\d+)[\d.]*\S*\s+"
    r"(?:\[\d+/\d+\]\s*)?(?:File: )?(?P<name>\S.*?)?(?: \*|\s{2,}(?:\*|Modified|View|RO|\S+))?\s*\Z"
)
_NO_TEXT = re.compile(r"help text|^(?:DIR|Dir|Directory): |^\(")
_NEW = frozenset({"New Buffer", "Neuer Puffer", "Nouvel espace", "Búfer nuevo"})
_HELP = re.compile(r"\^\S|\s[A-Z] \w|\sM-")
_NAME = re.compile(
    r"(?:File Name to (?:Write|Append to|Prepend to)|(?:Write|Append|Prepend) Selection to File"
    r"|File name to write|Dateiname zum Speichern|Nom du fichier à écrire"
    r"|Nombre del fichero a escribir)(?: ?\[[^\]]*\])*\s?: ?(?P<name>.*)"
)
_ASK = re.compile(
    r"Save modified buffer|Modified buffer|(?:Geänderten|Veränderten) Puffer speichern"
    r"|Sauver l'espace modifié|¿Guardar el búfer modificado"
)
_QUESTION = re.compile(r"(?:Search|Replace|Enter line|Command to|File to insert|Go To)\b")
_SAID = re.compile(r"\[ (.+?) \]")
_WROTE = re.compile(
    r"(?:Wrote|Appended|Prepended) \d+ lines?|\d+ Zeilen? (?:geschrieben|angehängt)"
    r"|\d+ lignes? écrites?|\d+ líneas? escritas?"
)
_FAILED = re.compile(
    r"Error|denied|not writable|unwritable|No space|[Rr]ead-only|[Cc]annot|Can't|Could not|failed"
    r"|not exist|directory|not permitted|Too many"
    r"|Fehler|schreibgeschützt|Keine Berechtigung|Erreur|accessible en écriture|al escribir"
    r"|no es de escritura"
)
_EDITING_KEYS = frozenset({b"\r", b"\n", b"\x0b", b"\x15", b"\x7f", b"\x08", b"\x04", b"\x1b[3~"})
_DELETING_KEYS = _EDITING_KEYS - {b"\r", b"\n", b"\x15"}
_FEWEST_ROWS = 5
_TEXT_BELOW_TITLE = 4
"""The version since which no blank row stands below the title."""

_REPLACES = frozenset("yYaA")
_BLANK_AT_END = 3
_LONG_MOST = 50


class Nano(Sitting):
    """One nano."""

    def __init__(self, run: Run, opened: Opened) -> None:
        super().__init__(run, opened)
        self.keys = KeyLog(meta=True)
        self._state: Literal["text", "name", "ask", "search", "left"] = "text"
        self._name: str | None = None
        self._help = True
        self._version = 5
        self._shown: tuple[str, ...] = ()
        """The lines of the last look, by row of the text area."""
        self._before_typed = ""
        """What the cursor's line held when it began to be typed into."""
        self._row = 0
        self._long: list[str] = []

    def look(self, picture: Picture, t: float) -> None:
        """Take in a screen that has come to rest; alternate or not, its title tells."""
        name = self._title(picture)
        if name is None:
            return
        self.seen = True
        self._read_help(picture)
        status = self._status(picture)
        self._read_status(status, t)
        if name not in _NEW:
            self.show(name)
        hints = self.take_hints()
        self.changes.observe(self._text(picture), hints)

    def answer(self, picture: Picture, t: float, *, left: bool = False) -> None:
        """Look for what it says of a write; when it leaves, it has wiped that out."""
        if not left and self._title(picture) is not None:
            self._read_answer(self._status(picture), t)

    def type(self, data: bytes) -> None:
        """Take in keys."""
        if not self.keys.line and self._row < len(self._shown):
            self._before_typed = self._shown[self._row]
        for token in self.keys.read(data):
            if token.text:
                self._typed(token.text)
            else:
                self._pressed(token.key)
        self.hints.edited |= bool(self.keys.pasted)

    def _typed(self, text: str) -> None:
        if self._state == "ask":
            answer = text[:1].lower()
            if answer in "yjos":
                self._state = "name"
            elif answer == "n":
                self._state = "left"
        elif self._state == "text" or text in _REPLACES:
            self.hints.edited = True

    def _pressed(self, key: bytes) -> None:
        self.stopped = key == b"\x1a"
        match key:
            case b"\x18" | b"\x1bOQ" | b"\x1b[12~":
                self._state = "ask"
            case b"\x0f" | b"\x1bOR" | b"\x1b[13~":
                self._state, self._name = "name", None
            case b"\x13":
                self.waiting = True
            case b"\x17" | b"\x1c" | b"\x1f" | b"\x1b[17~":
                self._state = "search"
            case b"\x03" if self._state != "left":
                self._state = "text"
            case b"\r" | b"\n" if self._state == "search":
                self._state = "text"
            case b"\r" | b"\n" if self._state == "name":
                self._state, self.waiting = "text", True
            case _ if self._state == "text":
                self.hints.edited |= key in _EDITING_KEYS
                self.hints.deleting |= key in _DELETING_KEYS
            case _:
                pass

    def _end(self, run: Run) -> None:
        if self._state == "left":
            if self.changes or self.waiting:
                self.tell("unknown" if self.waiting else "no", run.t)
        elif self.waiting:
            # It stays open where it cannot write.
            self.tell("yes", run.t, name=self._name)
        elif self.changes:
            self.tell("unknown", run.t, confidence=0.6)

    # The screen

    def _title(self, picture: Picture) -> str | None:
        """Return the name in the title, None where the screen shows no file."""
        match = _TITLE.match(picture.rows[0]) if len(picture.rows) >= _FEWEST_ROWS else None
        if match is None:
            return None
        self._version = int(match["version"])
        name = match["name"] or ""
        return None if _NO_TEXT.search(name) else name

    def _read_help(self, picture: Picture) -> None:
        self._help = bool(_HELP.match(picture.rows[-2]) or _HELP.match(picture.rows[-1]))

    def _status(self, picture: Picture) -> str:
        return picture.rows[-3 if self._help else -1].strip()

    def _read_status(self, status: str, t: float) -> None:
        if prompt := _NAME.match(status):
            self._state, self._name = "name", prompt["name"].strip() or None
        elif _ASK.match(status):
            self._state = "ask"
        elif _QUESTION.match(status):
            self._state = "search"
        else:
            self._state = "text" if self._state == "search" else self._state
            self._read_answer(status, t)

    def _read_answer(self, status: str, t: float) -> None:
        said = _SAID.search(status)
        if said is None or not self.waiting:
            return
        if _WROTE.match(said[1]):
            self.waiting = False
            self.tell("yes", t, name=self._name)
        elif _FAILED.search(said[1]):
            self.waiting = False
            self.tell("no", t, name=self._name)
        elif said[1] == "Cancelled":
            self.waiting = False

    def _text(self, picture: Picture) -> Look:
        top = 1 if self._version >= _TEXT_BELOW_TITLE else 2
        rows = picture.rows[top : -3 if self._help else -1]
        y = picture.y - top
        lines = lines_of(rows, picture.columns, wraps=False)
        texts = list(lines.texts)
        for number, row in enumerate(rows):
            line = lines.index_of_row[number]
            texts[line] = self._whole(row, texts[line], picture.columns, at_cursor=number == y)
        self._row = lines.index_of_row[y] if 0 <= y < len(rows) else 0
        self._shown = tuple(texts)
        blank = len(texts)
        while blank and not texts[blank - 1]:
            blank -= 1
        at_end = len(texts) - blank >= _BLANK_AT_END
        return Look(
            lines=tuple(texts[: max(blank, 1)] if at_end else texts),
            top=lines.first,
            at_end=at_end,
            current=self._row,
        )

    # Lines that are longer than the screen is wide

    def _whole(self, row: str, text: str, columns: int, *, at_cursor: bool) -> str:
        """Return a row's line as far as it is known, where only a part of it is shown."""
        cut = width(row) >= columns and row.endswith((">", "$"))
        if at_cursor and row.startswith(("<", "$")) and self._is_moved(row, columns):
            return self._keep(self._middle(row[1:-1] if cut else row[1:]))
        if not cut:
            return text
        shown = text[:-1]
        return next((each for each in reversed(self._long) if each.startswith(shown)), shown)

    def _is_moved(self, row: str, columns: int) -> bool:
        known = self._shown[self._row] if self._row < len(self._shown) else ""
        longer = max(width(known), width(self._before_typed + self.keys.line))
        return longer >= columns - 1 or (bool(known) and not known.startswith(row[:2]))

    def _middle(self, middle: str) -> str:
        known = self._shown[self._row] if self._row < len(self._shown) else ""
        typed = self._before_typed + self.keys.line
        middle = middle.strip()
        if middle and middle in typed:
            return typed
        if middle in known:
            return known
        for size in range(min(len(known), len(middle)), 3, -1):
            if known.endswith(middle[:size]):
                return known + middle[size:]
        return known

    def _keep(self, line: str) -> str:
        if line and line not in self._long:
            self._long = [*self._long[-_LONG_MOST:], line]
        return line
