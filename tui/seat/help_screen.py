"""The help: the table of keys, and what the marks mean.

Made from `tui.seat.keys.replay`; it has no keys of its own but those that close it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.seat.keys.action import Group
from tui.seat.keys.replay import GROUPS
from tui.seat.look import (
    ACCENT,
    INK,
    NOTE_COLOURS,
    NOTE_MARKS,
    OUTCOME_COLOURS,
    OUTCOME_MARKS,
)

_KEY_WIDTH = 5
_GAP = 3


def help_text(*, columns: int) -> Text:
    """Return the whole help, in one or two columns."""
    playing, moving, moments, noting, looking, leaving = (group_lines(group) for group in GROUPS)
    if columns == 1:
        lines = [*playing, *moving, *moments, *noting, *looking, *leaving]
    else:
        lines = beside([*moving, *looking, *leaving[:-1]], [*playing, *moments, *noting[:-1]])
    return Text("\n").join([*lines, _legend(), _note_legend()])


def beside(left: list[Text], right: list[Text]) -> list[Text]:
    """Return two columns of lines."""
    width = max(line.cell_len for line in left) + _GAP
    empty = Text()
    rows = []
    for one, other in zip_longest(left, right, fillvalue=empty):
        row = one.copy()
        row.pad_right(width - row.cell_len)
        rows.append(row.append_text(other))
    return rows


def group_lines(group: Group) -> list[Text]:
    """Return a group's title and a row for each of its actions."""
    lines = [Text.assemble((group.title, f"bold {INK}"))]
    rows = [action.row or (action.shown, action.words) for action in group.actions]
    lines += [
        Text.assemble((f"{keys:>{_KEY_WIDTH}}  ", ACCENT), (words, INK))
        for keys, words in rows
        if keys
    ]
    return [*lines, Text()]


def _legend() -> Text:
    text = Text.assemble(("Marks ", f"bold {INK}"))
    for outcome, mark in OUTCOME_MARKS.items():
        text.append(f" {mark} ", OUTCOME_COLOURS[outcome])
        text.append(f"{outcome} ", INK)
    return text


def _note_legend() -> Text:
    text = Text.assemble(("Notes ", f"bold {INK}"))
    for kind, mark in NOTE_MARKS.items():
        text.append(f" {mark} ", NOTE_COLOURS[kind])
        text.append(f"{kind} ", INK)
    return text


class HelpScreen(ModalScreen[None]):
    """Covers the app until a key closes it; ``text`` draws its keys in 1 or 2 columns."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,h,f1,enter,space", "dismiss", "Close", show=False)
    ]

    def __init__(self, text: Callable[..., Text] = help_text) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """Show the text in as many columns as there is room for."""
        two = self._text(columns=2)
        wide = max(line.cell_len for line in two.split("\n")) + 8 <= self.app.size.width
        text = two if wide else self._text(columns=1)
        fits = len(text.split("\n")) + 2 <= self.app.size.height
        with VerticalScroll() as scroll:
            scroll.border_title = "Keys"
            scroll.border_subtitle = "esc closes" if fits else "↓ more · esc closes"
            yield Static(text, markup=False)
