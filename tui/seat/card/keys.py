"""The card's one table of keys: bindings, row of keys and help are made from it.

Every name here is an ``action_`` method of the card's screen. No behaviour belongs here.
"""

from __future__ import annotations

from dataclasses import replace

from rich.text import Text

from tui.seat.help_screen import group_lines
from tui.seat.keys.action import Action, Group, actions_of
from tui.seat.keys.replay import as_in_replay

GROUPS: tuple[Group, ...] = (
    Group(
        "Card",
        (
            Action(
                name="rate",
                keys=tuple("01234"),
                shown="0-4",
                words="Rate",
                row=("0-4 -", "Rate, or take the level back"),
                footer="rate",
                which=True,
            ),
            Action(
                name="unrate",
                keys=("minus", "backspace"),
                shown="-",
                words="Take the level back",
                row=("", ""),
            ),
            Action(
                name="write",
                keys=("e",),
                shown="e",
                words="Write why",
                row=("enter e", "Write why, or strengths and gaps"),
                footer="why",
            ),
            replace(
                as_in_replay("next_row"),
                keys=("j", "down"),
                words="Next row",
                row=("j k ↑ ↓", "Rows"),
            ),
            replace(as_in_replay("previous_row"), keys=("k", "up")),
            Action(
                name="other_list",
                keys=("tab", "shift+tab", "right", "left"),
                shown="tab",
                words="To the evidence and back: enter goes there",
                footer="evidence",
            ),
            Action(name="remove", keys=("x",), shown="x", words="Take the piece off the card"),
            Action(
                name="scroll_words",
                keys=("pageup", "pagedown"),
                shown="pgup pgdn",
                words="Read on in the levels, and back",
                which=True,
            ),
            Action(name="submit", keys=("S",), shown="S", words="Submit", footer="submit"),
            Action(
                name="toggle_blind",
                keys=("B",),
                shown="B",
                words="Judge without the machine's tags, or with them",
            ),
            Action(name="discard", keys=("D",), shown="D", words="Forget the draft"),
            as_in_replay("next_theme"),
            replace(as_in_replay("help"), row=None),
            Action(
                name="leave",
                keys=("escape", "C", "q"),
                shown="esc",
                words="Back to the session; all is kept",
                footer="back",
            ),
        ),
    ),
)

ACTIONS = actions_of(GROUPS)


def card_help(*, columns: int) -> Text:
    """Return the help of the card."""
    del columns
    lines = [line for group in GROUPS for line in group_lines(group)]
    tail = Text("A in the seat attaches what is chosen there, or the moment.")
    return Text("\n").join([*lines, tail])
