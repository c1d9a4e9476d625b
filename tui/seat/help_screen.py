"""The help: the table of keys, and what the marks mean.

Made from a table as in `tui.seat.keys`; it has no keys of its own but those that close it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import zip_longest
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.seat.keys import GROUPS, Group
from tui.seat.look import ACCENT, FAINT, INK, OUTCOME_COLOURS, OUTCOME_MARKS

LEFT = ("Playing", "Moving", "Leaving")
"""Groups of the replay that stand left where there are two columns."""

_KEY_WIDTH = 5
_GAP = 3


def help_text(
    *, columns: int, groups: Sequence[Group] = GROUPS, left: Collection[str] = LEFT
) -> Text:
    """Return the whole help of a table, in one or two columns."""
    if columns == 1:
        lines = _lines(groups)
    else:
        one = _lines([group for group in groups if group.title in left])
        lines = _beside(one[:-1], _lines([each for each in groups if each.title not in left])[:-1])
    return Text("\n").join([*lines, _legend()])


def _lines(groups: Sequence[Group]) -> list[Text]:
    return [line for group in groups for line in _group_lines(group)]


def _beside(left: list[Text], right: list[Text]) -> list[Text]:
    width = max(line.cell_len for line in left) + _GAP
    empty = Text()
    rows = []
    for one, other in zip_longest(left, right, fillvalue=empty):
        row = one.copy()
        row.pad_right(width - row.cell_len)
        rows.append(row.append_text(other))
    return rows


def _group_lines(group: Group) -> list[Text]:
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


class HelpScreen(ModalScreen[None]):
    """Covers what is shown until a key closes it; ``left`` as for `help_text`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,h,f1,enter,space", "dismiss", "Close", show=False)
    ]

    def __init__(self, groups: Sequence[Group] = GROUPS, left: Collection[str] = LEFT) -> None:
        super().__init__()
        self._groups = groups
        self._left = left

    def compose(self) -> ComposeResult:
        """Show the text in as many columns as there is room for."""
        two = help_text(columns=2, groups=self._groups, left=self._left)
        wide = max(line.cell_len for line in two.split("\n")) + 8 <= self.app.size.width
        with VerticalScroll() as scroll:
            scroll.border_title = "Keys"
            scroll.border_subtitle = Text("esc closes", FAINT).plain
            one = help_text(columns=1, groups=self._groups, left=self._left)
            yield Static(two if wide else one, markup=False)
