"""The parts of home's form: a choice on one line, and a field with its label and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input, Static

from analyzer.visible import plain
from tui.seat.look import ACCENT, FAINT, INK

_STEPS = {"right": 1, "space": 1, "l": 1, "left": -1, "h": -1}
"""What keys do in a choice."""


class Picker(Widget, can_focus=True):
    """One of several values, gone through with the arrows or the space bar."""

    def __init__(self, options: Sequence[tuple[str, str]], value: str, *, id: str) -> None:  # noqa: A002 - Textual's
        """Take values and their words; a value that is none of them stands for the first."""
        super().__init__(id=id)
        self._options = list(options)
        self._index = 0
        self.choose(value)

    @property
    def value(self) -> str:
        """The value that is chosen."""
        return self._options[self._index][0]

    def choose(self, value: str) -> None:
        """Choose a value, if there is such a one."""
        values = [each for each, _ in self._options]
        self._index = values.index(value) if value in values else 0
        self.refresh()

    def offer(self, options: Sequence[tuple[str, str]], value: str) -> None:
        """Have other values."""
        self._options = list(options)
        self.choose(value)

    def on_key(self, event: events.Key) -> None:
        """Go on, or back; here and not by a binding, which asks who has the focus by then."""
        steps = _STEPS.get(event.key)
        if steps is not None:
            event.stop()
            event.prevent_default()
            self.step(steps)

    def step(self, steps: int) -> None:
        """Go on so many values, round and round."""
        self._index = (self._index + steps) % len(self._options)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Go on one value."""
        event.stop()
        self.step(1)

    def render(self) -> Text:
        """Return the value's words between arrows."""
        style = ACCENT if self.has_focus else FAINT
        text = Text.assemble(("◂ ", style), no_wrap=True, overflow="ellipsis")
        text.append(plain(self._options[self._index][1]), INK)
        text.append(" ▸", style)
        return text


class Field(Vertical):
    """A label, what it names, and below it what is wrong with that, if anything is."""

    def __init__(self, name: str, label: str, control: Input | Picker) -> None:
        super().__init__(id=f"field-{name}")
        self.control = control
        self._label = label
        self._fault = Static(classes="fault", markup=False)

    def compose(self) -> ComposeResult:
        """Label and control on one line."""
        with Horizontal():
            yield Static(self._label, classes="label", markup=False)
            yield self.control
        yield self._fault

    @property
    def value(self) -> str:
        """What was typed or chosen."""
        return self.control.value

    def complain(self, fault: str) -> None:
        """Say what is wrong; nothing, where that is empty."""
        self._fault.update(plain(fault))
        self.set_class(bool(fault), "-wrong")
