"""What stands across the seat while something is missing: its cause, and what works all the same.

Each trouble has a name and stands until it is over; nothing else is said here.
"""

from __future__ import annotations

from typing import Literal

from rich.text import Text
from textual.widgets import Static

from analyzer.visible import plain
from tui.seat.look import INK, OUTCOME_COLOURS

Trouble = Literal["recording", "findings"]


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
        self.display = False

    def show_trouble(self, name: Trouble, words: str) -> None:
        """Say what is missing, in a sentence or two; empty where it is over."""
        if self.troubles.get(name, "") == words:
            return
        self.troubles.pop(name, None)
        if words:
            self.troubles[name] = words
        self.update(draw_troubles(tuple(self.troubles.values())))
        self.display = bool(self.troubles)


def draw_troubles(sentences: tuple[str, ...]) -> Text:
    """Return the sentences, each with a mark that needs no colour."""
    text = Text(end="")
    for number, words in enumerate(map(plain, sentences)):
        text.append("\n" if number else "")
        text.append(" ! ", f"bold reverse {OUTCOME_COLOURS['failed']}")
        text.append(f" {words}", INK)
    return text
