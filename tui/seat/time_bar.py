"""The row in which a time is typed, and that says where it leads or why it does not.

It decides nothing: what was typed is posted as Textual's own message.
"""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from analyzer.visible import plain
from tui.seat.look import ACCENT, BAR, FAINT, INK
from tui.seat.time_entry import MOST_CHARACTERS

STYLE_SHEET = f"""
#times {{ height: 1; display: none; padding: 0 1; background: {BAR}; }}
#times.-on {{ display: block; }}
#colon {{ width: 1; color: {ACCENT}; text-style: bold; }}
#time {{ width: 1fr; background: {BAR}; color: {INK}; }}
#time:focus {{ background: #34405a; background-tint: transparent; }}
#where {{ width: auto; max-width: 70%; padding: 0 0 0 2; color: {FAINT}; }}
.-bare #times {{ display: none; }}
"""


class TimeBar(Horizontal):
    """Hidden unless somebody types a time."""

    def __init__(self) -> None:
        super().__init__(id="times")
        self.entry = Input(
            id="time",
            placeholder="12:34, 754, +30, -1m, 50%, @14:05; Enter goes there, Esc leaves",
            max_length=MOST_CHARACTERS,
            compact=True,
        )
        self._state = Static(id="where", markup=False)
        self.words = ""

    def compose(self) -> ComposeResult:
        """Show a colon, the time, and what is said of it."""
        yield Static(":", id="colon", markup=False)
        yield self.entry
        yield self._state

    def open(self) -> None:
        """Let somebody type, from the very next key on."""
        self.add_class("-on")
        # A widget's own `focus` takes effect later.
        self.screen.set_focus(self.entry)

    def close(self) -> None:
        """Hide it, and forget what was typed."""
        self.remove_class("-on")
        self.entry.clear()
        self.say("")

    @property
    def is_open(self) -> bool:
        """Whether it is to be seen."""
        return self.has_class("-on")

    def say(self, words: str) -> None:
        """Say where it leads, or what is wrong."""
        if words != self.words:
            self.words = words
            self._state.update(Text(plain(words), no_wrap=True, overflow="ellipsis"))
