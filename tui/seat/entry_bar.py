"""A row in which something is typed: what it is for, the entry, and how it stands.

Shared by searching and noting. It decides nothing: what was typed is posted as Textual's own
message, and the app says what becomes of it.
"""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from analyzer.visible import plain
from tui.seat.drawing import harmless


class Entry(Input):
    """An input of one line that keeps all that is pasted: lines are joined by spaces."""

    def on_paste(self, event: events.Paste) -> None:
        """Put in the whole, where Textual's own takes the first line, or nothing if it is long.

        What acts on a terminal becomes a picture of itself: somebody may paste a candidate's bytes.
        """
        event.prevent_default()
        event.stop()
        line = plain(" ".join(event.text.split()))
        start, end = sorted(self.selection)
        room = (self.max_length or len(line)) - len(self.value) + end - start
        if len(line) > room:
            self.notify(f"{len(line) - room} characters did not fit", severity="warning")
        if line[:room]:
            self.replace(line[:room], start, end)


class EntryBar(Horizontal):
    """Hidden while nothing is to be typed.

    Attributes:
        entry: Where one types.

    """

    def __init__(self, *, id: str, entry: str, label: str, placeholder: str, most: int) -> None:  # noqa: A002 - Textual's
        """Make it.

        Args:
            id: Its own name in style sheets.
            entry: That of the input in it.
            label: What stands before it.
            placeholder: Shown while nothing is typed.
            most: Characters that it takes.

        """
        super().__init__(id=id)
        self.entry = Entry(id=entry, placeholder=placeholder, max_length=most, compact=True)
        self._label = Static(label, classes="entry-label", markup=False)
        self._state = Static(classes="entry-state", markup=False)
        self._words = ""

    def compose(self) -> ComposeResult:
        """Show the label, the entry, and how it stands."""
        yield self._label
        yield self.entry
        yield self._state

    def open(self, label: str | None = None) -> None:
        """Let somebody type, from the very next key on; what stands in it is selected."""
        if label is not None:
            self._label.update(label)
        self.add_class("-on")
        # Messages must not cover what is typed.
        self.screen.add_class("-typing")
        # A widget's own `focus` takes effect later.
        self.screen.set_focus(self.entry)
        self.entry.select_all()

    def close(self) -> None:
        """Hide it."""
        self.remove_class("-on")
        self.screen.remove_class("-typing")
        self.entry.clear()
        self.show_words("")

    @property
    def is_open(self) -> bool:
        """Whether it is to be seen."""
        return self.has_class("-on")

    def show_words(self, words: str) -> None:
        """Say how it stands."""
        if words != self._words:
            self._words = words
            self._state.update(Text(harmless(words), no_wrap=True, overflow="ellipsis"))

    def show_label(self, label: str) -> None:
        """Say anew what it is for."""
        self._label.update(label)
