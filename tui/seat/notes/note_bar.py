"""The row in which a note or a question is written; it says of which moment."""

from __future__ import annotations

from analyzer.visible import plain
from recorder.store.noted import MOST_TEXT
from tui.seat.entry_bar import EntryBar
from tui.seat.notes.notebook import Composing
from tui.seat.transport import clock_words

_FEW = 100
"""Characters that are left when it says how many."""


class NoteBar(EntryBar):
    """Hidden while nothing is written."""

    def __init__(self) -> None:
        super().__init__(
            id="writing",
            entry="words",
            label="",
            placeholder="Enter keeps it, Esc puts it aside",
            most=MOST_TEXT,
        )

    def begin(self, begun: Composing) -> None:
        """Let somebody write, or change what was written."""
        self.entry.value = plain(begun.text)
        self.open(label_words(begun, begun.text))
        if begun.own is not None:
            # Changed rather than typed anew: a key must not wipe it out.
            self.entry.cursor_position = len(begun.text)
        self.show_state(begun)

    def show_state(self, begun: Composing) -> None:
        """Say of which moment it is, that it was put aside, or how much room is left."""
        text = self.entry.value
        self.show_label(label_words(begun, text))
        left = MOST_TEXT - len(text)
        if left <= _FEW:
            self.show_words(f"{left} left")
        else:
            self.show_words(
                "as you left it" if begun.aside_t is not None and text == begun.text else ""
            )


def label_words(begun: Composing, text: str) -> str:
    """Return what is written, and about which moment."""
    what = "They asked" if begun.kind == "question" else "Note"
    return f"{what} {clock_words(begun.moment(text))} "
