"""A short list to choose from, filtered by what is typed: which signal a tag should be.

It knows names and titles alone; what a choice means is the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tui.seat.drawing import harmless
from tui.seat.entry_bar import Entry
from tui.seat.look import FAINT, INK
from tui.seat.modal import Modal

_MOST_TYPED = 80


@dataclass(frozen=True, slots=True)
class Choice:
    """One row: a title, and the id that it stands for."""

    id: str
    title: str


def matching(choices: Sequence[Choice], typed: str) -> tuple[Choice, ...]:
    """Return the choices in which every typed word is found, in title or id."""
    words = typed.casefold().split()
    return tuple(
        each
        for each in choices
        if all(word in f"{each.title} {each.id}".casefold() for word in words)
    )


class ChooseScreen(Modal[str | None]):
    """Gives back the id that was chosen, None where nothing was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("up", "move(-1)", "Up", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._title = harmless(title)
        self._choices = tuple(choices)
        self._shown = self._choices
        self.entry = Entry(
            placeholder="type to narrow, Enter chooses, Esc leaves",
            max_length=_MOST_TYPED,
            compact=True,
        )
        self.rows = OptionList(markup=False)
        self.rows.can_focus = False

    def compose(self) -> ComposeResult:
        """Show what is typed, and what it leaves."""
        with Vertical() as box:
            # A title is markup: an opening bracket in it would hide the rest.
            box.border_title = self._title.replace("[", "\\[")
            box.border_subtitle = "↑ ↓ Enter · esc leaves"
            yield self.entry
            yield self.rows

    def on_mount(self) -> None:
        """Type at once."""
        self.set_focus(self.entry)
        self._fill()

    def _fill(self) -> None:
        self.rows.clear_options()
        self.rows.add_options([Option(_row(each)) for each in self._shown])
        self.rows.highlighted = 0 if self._shown else None

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        self._shown = matching(self._choices, event.value)
        self._fill()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Choose the marked row; where nothing matches, stay."""
        event.stop()
        self._choose(self.rows.highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose what was clicked."""
        event.stop()
        self._choose(event.option_index)

    def _choose(self, index: int | None) -> None:
        if index is not None and index < len(self._shown):
            self.dismiss(self._shown[index].id)

    def action_move(self, step: int) -> None:
        """Mark another row."""
        if self._shown:
            marked = self.rows.highlighted or 0
            self.rows.highlighted = (marked + step) % len(self._shown)

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)


def _row(choice: Choice) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis", end="")
    text.append(harmless(choice.title), INK)
    text.append(f"  {harmless(choice.id)}", FAINT)
    return text
