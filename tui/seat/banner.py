"""What stands across the seat while something is missing: its cause, and what works all the same.

Each trouble has a name and stands until it is over; what is meant to be missing is said calmly.
"""

from __future__ import annotations

from typing import Literal

from rich.text import Text
from textual.widgets import Static

from analyzer.visible import plain
from tui.seat.look import FAINT, INK, OUTCOME_COLOURS

Trouble = Literal["recording", "findings", "trace"]


class Banner(Static):
    """Troubles that last, one below the other; not there while there are none."""

    DEFAULT_CSS = """
    Banner {
        display: none;
        height: auto;
        max-height: 4;
        padding: 0 1;
    }
    """

    def __init__(self) -> None:
        super().__init__(id="banner", markup=False)
        self.troubles: dict[Trouble, str] = {}
        self.calm = ""
        self.display = False

    def show_trouble(self, name: Trouble, words: str) -> None:
        """Say what is missing, in a sentence or two; empty where it is over."""
        if self.troubles.get(name, "") == words:
            return
        self.troubles.pop(name, None)
        if words:
            self.troubles[name] = words
        self._redraw()

    def show_calm(self, words: str) -> None:
        """Say, in a line, what is missing as it should be; empty where nothing is."""
        if words != self.calm:
            self.calm = words
            self._redraw()

    def _redraw(self) -> None:
        self.update(draw_troubles(tuple(self.troubles.values()), self.calm))
        self.display = bool(self.troubles or self.calm)


def draw_troubles(sentences: tuple[str, ...], calm: str = "") -> Text:
    """Return the sentences, each with a mark that needs no colour, and below what is calm."""
    text = Text(end="")
    for number, words in enumerate(map(plain, sentences)):
        text.append("\n" if number else "")
        text.append(" ! ", f"bold reverse {OUTCOME_COLOURS['failed']}")
        text.append(f" {words}", INK)
    if calm:
        text.append("\n" if sentences else "")
        text.append(f" ·  {plain(calm)}", FAINT)
    return text
