"""The help: the table of keys, and what the marks mean.

Made from `tui.replay.keys`; it has no keys of its own but those that close it.
"""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.replay.keys import GROUPS, Group
from tui.replay.look import ACCENT, FAINT, INK, OUTCOME_COLOURS, OUTCOME_MARKS

_KEY_WIDTH = 7


def help_text(*, columns: int) -> Text:
    """Return the whole help, in one or two columns."""
    blocks = [_group_lines(group) for group in GROUPS] + [_legend_lines()]
    if columns == 1:
        return Text("\n").join(line for block in blocks for line in [*block, Text()])
    left = [line for block in (blocks[0], blocks[1], blocks[4]) for line in [*block, Text()]]
    right = [line for block in (blocks[2], blocks[3], blocks[5]) for line in [*block, Text()]]
    width = max(line.cell_len for line in left) + 4
    rows = []
    for index in range(max(len(left), len(right))):
        row = left[index].copy() if index < len(left) else Text()
        row.pad_right(width - row.cell_len)
        rows.append(row + (right[index] if index < len(right) else Text()))
    return Text("\n").join(rows)


def _group_lines(group: Group) -> list[Text]:
    lines = [Text(group.title, f"bold {INK}")]
    for action in group.actions:
        line = Text(f"{action.shown:>{_KEY_WIDTH}}  ", ACCENT)
        line.append(action.words, INK)
        lines.append(line)
    return lines


def _legend_lines() -> list[Text]:
    lines = [Text("Marks", f"bold {INK}")]
    for outcome, mark in OUTCOME_MARKS.items():
        line = Text(f"{mark:>{_KEY_WIDTH}}  ", OUTCOME_COLOURS[outcome])
        line.append(outcome, INK)
        lines.append(line)
    return lines


class HelpScreen(ModalScreen[None]):
    """Covers the replay until a key closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,h,f1,enter,space", "dismiss", "Close", show=False)
    ]

    def compose(self) -> ComposeResult:
        """Show the text in as many columns as there is room for."""
        two = help_text(columns=2)
        wide = max(line.cell_len for line in two.split("\n")) + 8 <= self.app.size.width
        with VerticalScroll() as scroll:
            scroll.border_title = "Keys"
            scroll.border_subtitle = Text("esc closes", FAINT).plain
            yield Static(two if wide else help_text(columns=1), markup=False)
