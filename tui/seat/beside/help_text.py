"""The help of the comparison: its table of keys, and what the marks on a timeline mean."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from tui.seat.beside.keys import GROUPS, LEFT
from tui.seat.help_screen import beside, group_lines
from tui.seat.keys.action import Group
from tui.seat.look import ACCENT, INK, OUTCOME_COLOURS, OUTCOME_MARKS

_TOLD = ("ok", "failed", "unknown")
"""Outcomes that a tag can have."""


def help_text(*, columns: int) -> Text:
    """Return the whole help, in one or two columns."""
    left = [group for group in GROUPS if group.title in LEFT]
    right = [group for group in GROUPS if group.title not in LEFT]
    if columns == 1:
        lines = _lines([*left, *right])
    else:
        lines = beside(_lines(left)[:-1], _lines(right)[:-1])
    return Text("\n").join([*lines, _legend()])


def _lines(groups: Sequence[Group]) -> list[Text]:
    return [line for group in groups for line in group_lines(group)]


def _legend() -> Text:
    text = Text.assemble(("Marks ", f"bold {INK}"), (" ━ ", ACCENT), ("this task ", INK))
    for outcome in _TOLD:
        text.append(f" {OUTCOME_MARKS[outcome]} ", OUTCOME_COLOURS[outcome])
        text.append(f"tag {outcome} ", INK)
    return text
