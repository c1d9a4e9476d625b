"""What was pasted at a pane's prompt, as its rows may be drawn in one go, or not at all.

Only the text of pastes and the room that it takes; where the line stands is `mirror`'s to know.
"""

from __future__ import annotations

import re

from analyzer.commands.panes import moved

_MOST = 64 * 1024
_HALF_MOST = 5
_BREAK = re.compile(r"\r\n|\r|\n")
_LINES_TOLD = 2
"""Lines of a paste from which it is needed to tell the rows of a line from those below it."""


class Pasting:
    """The last paste at a prompt, and one that still comes."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._open: bytes | None = None

    @property
    def matters(self) -> bool:
        """Whether many lines were pasted, or still are, which may be drawn in one go."""
        return self._open is not None or len(self._lines) >= _LINES_TOLD

    def note(self, data: bytes) -> None:
        """Collect what is pasted, which may come in several pieces."""
        start, mark, rest = data.partition(b"\x1b[200~")
        if mark:
            self._open = b""
        if self._open is None:
            return
        # The mark itself may come in two pieces.
        text, end, _ = (self._open + (rest if mark else start)).partition(b"\x1b[201~")
        # What is kept of a long paste ends with what may be half of its end mark.
        self._open = text[:_MOST] + text[_MOST:][-_HALF_MOST:]
        plain = text[:_MOST].decode("utf-8", "replace").rstrip("\r\n")
        self._lines = _BREAK.split(plain) if end else self._lines
        if end:
            self._open = None

    def forget(self) -> None:
        """Forget what was pasted: there is another prompt."""
        self._lines = []

    def rows_filled(self, rows: tuple[str, ...], top: int, before: str, columns: int) -> int:
        """Return how many rows from ``top`` a paste fills that was entered before it was shown.

        ``before`` is the prompt and the line that it was pasted behind; 0 where it does not stand
        there.
        """
        if len(self._lines) < _LINES_TOLD:
            return 0
        widths = [moved.width(line) for line in self._lines]
        widths[0] += moved.width(before)
        count = sum(max(1, -(-each // columns)) for each in widths)
        last = top + count - 1
        end = self._lines[-1].rstrip()[-columns:]
        return count if last < len(rows) and rows[last].rstrip().endswith(end) else 0

    def unseen(self, prompt: str, line: str, columns: int) -> list[str] | None:
        """Return the rows of a line that a paste made which was too long for the pane to show."""
        if len(self._lines) < _LINES_TOLD or _bare("".join(self._lines)) in _bare(line):
            return None
        line = line.partition(self._lines[0])[0]
        lines = [prompt + line + self._lines[0], *self._lines[1:]]
        return [row for each in lines for row in moved.rows_of(each, columns)]


def _bare(text: str) -> str:
    return "".join(text.split())
