"""Asks before something that cannot be undone: a question, y, or anything else."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.widgets import Static

from tui.seat.look import ACCENT, FAINT, INK
from tui.seat.modal import Modal


class AskScreen(Modal[bool]):
    """Answers whether y was pressed; every other key means no."""

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """Show the question, and the keys."""
        keys = Text.assemble(
            ("y ", f"bold {ACCENT}"), ("yes", INK), ("    any other key: no", FAINT)
        )
        yield Static(Text("\n\n").join([Text(self._question, f"bold {INK}"), keys]), markup=False)

    def on_key(self, event: events.Key) -> None:
        """Take the answer."""
        event.stop()
        event.prevent_default()
        self.dismiss(event.key == "y")
