"""The row in which a search is typed, and that says how it stands.

It decides nothing: what was typed is posted as Textual's own message, and the app says what to
show.
"""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from analyzer.search.query import MOST_CHARACTERS
from tui.seat.drawing import harmless
from tui.seat.searching import PATTERN


class SearchBar(Horizontal):
    """Hidden while there is no search."""

    def __init__(self) -> None:
        super().__init__(id="search")
        self.entry = Input(
            id="query",
            placeholder=f"text, or {PATTERN}pattern; Enter searches, Esc leaves",
            max_length=MOST_CHARACTERS,
            compact=True,
        )
        self._state = Static(id="found", markup=False)
        self._words = ""

    def compose(self) -> ComposeResult:
        """Show a slash, the query, and how it stands."""
        yield Static("/", id="slash", markup=False)
        yield self.entry
        yield self._state

    def open(self) -> None:
        """Let somebody type, from the very next key on; what was typed before is selected."""
        self.add_class("-on")
        # A widget's own `focus` takes effect later.
        self.screen.set_focus(self.entry)
        self.entry.select_all()

    def close(self) -> None:
        """Hide it."""
        self.remove_class("-on")
        self.entry.clear()
        self.show_words("")

    @property
    def is_open(self) -> bool:
        """Whether it is to be seen."""
        return self.has_class("-on")

    def show_words(self, words: str) -> None:
        """Say how the search stands."""
        if words != self._words:
            self._words = words
            self._state.update(Text(harmless(words), no_wrap=True, overflow="ellipsis"))
