"""Home's one table of keys: bindings, row of keys, help and palette are made from it.

Every name here is an ``action_`` method of the app. No behaviour belongs here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rich.text import Text

from tui.seat.help_screen import beside, group_lines
from tui.seat.home.columns import STATES
from tui.seat.keys.action import Action, Group, actions_of
from tui.seat.keys.hints import draw_hints
from tui.seat.keys.replay import as_in_replay
from tui.seat.look import INK

GROUPS: tuple[Group, ...] = (
    Group(
        "Sessions",
        (
            Action(
                name="choose",
                keys=("enter",),
                shown="enter",
                words="Open: live, or replay",
                footer="open",
            ),
            Action(
                name="new_session",
                keys=("n",),
                shown="n",
                words="New session",
                footer="new",
            ),
            Action(
                name="filter",
                keys=("slash",),
                shown="/",
                words="Find: name, tag, state",
                footer="find",
            ),
            Action(name="sort", keys=("S",), shown="S", words="Sort differently", footer="sort"),
            Action(
                name="beside",
                keys=("b",),
                shown="b",
                words="Mark two: side by side",
                footer="beside",
            ),
            Action(
                name="debrief",
                keys=("d",),
                shown="d",
                words="Debrief: all cards",
                footer="debrief",
            ),
        ),
    ),
    Group(
        "If it is live",
        (
            Action(
                name="allow_address",
                keys=("A",),
                shown="A",
                words="Let an address in",
                footer="allow",
            ),
            Action(
                name="start_clock",
                keys=("s",),
                shown="s",
                words="Start its clock",
                footer="clock",
            ),
            Action(
                name="extend_clock",
                keys=("plus", "equals_sign"),
                shown="+",
                words="5 minutes more",
                footer="5 min",
            ),
            Action(name="close_session", keys=("c",), shown="c", words="Close it", footer="close"),
        ),
    ),
    Group(
        "Moving",
        (
            Action(name="up", keys=("up", "k"), shown="↑ k", words="Up"),
            Action(name="down", keys=("down", "j"), shown="↓ j", words="Down"),
            Action(name="page_up", keys=("pageup", "ctrl+b"), shown="pgup", words="A page up"),
            Action(
                name="page_down", keys=("pagedown", "ctrl+f"), shown="pgdn", words="A page down"
            ),
            Action(name="first", keys=("home", "g"), shown="home", words="First"),
            Action(name="last", keys=("end", "G"), shown="end", words="Last"),
        ),
    ),
    Group(
        "Looking",
        (
            as_in_replay("next_theme"),
            replace(as_in_replay("help"), row=None),
            replace(as_in_replay("dismiss"), words="Show all again", row=None),
            replace(as_in_replay("quit"), row=None),
        ),
    ),
)

STEERING = ("new_session", "allow_address", "start_clock", "extend_clock", "close_session")
"""The actions that give orders, which not every viewer may."""

ACTIONS = actions_of(GROUPS)


def hints_text(width: int, *, hidden: Sequence[str] = ()) -> Text:
    """Return the row of keys; where it is narrow, help and leaving stay.

    Args:
        width: Cells that there are.
        hidden: Names of actions that make no sense now.

    """
    hints = [
        (each.shown, each.footer) for each in ACTIONS if each.footer and each.name not in hidden
    ]
    return draw_hints(width, hints)


def help_text(*, columns: int, hidden: Sequence[str] = ()) -> Text:
    """Return the help, in one or two columns, without the actions of these names."""
    sessions, marked, moving, looking = (_group(group, hidden) for group in GROUPS)
    if columns == 1:
        lines = [*sessions, *marked, *moving, *looking]
    else:
        lines = beside([*sessions, *marked[:-1]], [*moving, *looking[:-1]])
        lines.append(Text())
    return Text("\n").join([*lines, _legend()])


def _group(group: Group, hidden: Sequence[str]) -> list[Text]:
    kept = tuple(each for each in group.actions if each.name not in hidden)
    return group_lines(Group(group.title, kept)) if kept else [Text()]


def _legend() -> Text:
    text = Text.assemble(("States ", f"bold {INK}"))
    for sign, word, style in STATES.values():
        text.append(f" {sign} ", style)
        text.append(f"{word} ", INK)
    return text
