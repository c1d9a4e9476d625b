"""The one table of keys: what they are called, what they do, what the help says about them.

Bindings, footer, help screen and command palette are made from it, so that they cannot differ.
Every name here is an ``action_`` method of the replay. No behaviour belongs here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One named action: its keys as Textual names them, and as a person reads them.

    ``footer`` is the short word for the row of keys, empty where it is left to the help screen.
    ``row`` is keys and words of the help's row where one row tells of several actions; the others
    of these have an empty one, and no row of their own.
    ``at_once``: what is typed behind it is not for the table, even if it comes in the same moment.
    """

    name: str
    keys: tuple[str, ...]
    shown: str
    words: str
    footer: str = ""
    row: tuple[str, str] | None = None
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Actions that belong together in the help screen."""

    title: str
    actions: tuple[Action, ...]


GROUPS: tuple[Group, ...] = (
    Group(
        "Playing",
        (
            Action(
                name="toggle_play",
                keys=("space",),
                shown="space",
                words="Play or pause",
                footer="play/pause",
            ),
            Action(name="slower", keys=("minus",), shown="-", words="Half the speed"),
            Action(
                name="faster",
                keys=("plus", "equals_sign"),
                shown="+",
                words="Twice the speed",
            ),
            Action(name="normal_speed", keys=("backspace",), shown="bksp", words="Normal speed"),
            Action(
                name="toggle_skip",
                keys=("i",),
                shown="i",
                words="Skip silences, or not",
            ),
        ),
    ),
    Group(
        "Moving",
        (
            Action(name="jump_back", keys=("left",), shown="←", words="Back 5 s", footer="back"),
            Action(
                name="jump_forward", keys=("right",), shown="→", words="Forward 5 s", footer="on"
            ),
            Action(
                name="jump_back_far",
                keys=("shift+left", "less_than_sign"),
                shown="<",
                words="Back 30 s",
            ),
            Action(
                name="jump_forward_far",
                keys=("shift+right", "greater_than_sign"),
                shown=">",
                words="Forward 30 s",
            ),
            Action(name="previous_output", keys=("comma",), shown=",", words="Previous output"),
            Action(name="next_output", keys=("full_stop",), shown=".", words="Next output"),
            Action(name="begin", keys=("home", "g"), shown="home", words="To the beginning"),
            Action(
                name="end",
                keys=("end", "G"),
                shown="end",
                words="To the end, or live",
            ),
        ),
    ),
    Group(
        "Moments",
        (
            Action(
                name="next_tag",
                keys=("n",),
                shown="n",
                words="Next tag, or hit of /",
                footer="next tag",
            ),
            Action(
                name="previous_tag", keys=("p", "N"), shown="p", words="Previous tag, or hit of /"
            ),
            Action(
                name="next_command",
                keys=("right_square_bracket",),
                shown="]",
                words="Next command",
                footer="next command",
            ),
            Action(
                name="previous_command",
                keys=("left_square_bracket",),
                shown="[",
                words="Previous command",
            ),
            Action(
                name="pick_tag",
                keys=("t",),
                shown="t",
                words="Choose from the tags, or hits",
                footer="tags",
            ),
            Action(
                name="pick_command",
                keys=("c",),
                shown="c",
                words="Choose from the commands",
                footer="commands",
            ),
            Action(
                name="confirm_tag",
                keys=("y",),
                shown="y",
                words="Say that the tag is right",
                row=("y x u", "Tag is right, is wrong; undo"),
            ),
            Action(
                name="reject_tag",
                keys=("x",),
                shown="x",
                words="Say that the tag is wrong",
                row=("", ""),
            ),
            Action(
                name="withdraw_judgement",
                keys=("u",),
                shown="u",
                words="Take back what you said of the tag",
                row=("", ""),
            ),
            Action(
                name="search",
                keys=("slash",),
                shown="/",
                words="Search; re: for a pattern",
                footer="search",
                at_once=True,
            ),
        ),
    ),
    Group(
        "Looking",
        (
            Action(
                name="next_terminal",
                keys=("v",),
                shown="v",
                words="Next terminal, stay",
                footer="terminal",
            ),
            Action(
                name="previous_terminal",
                keys=("V",),
                shown="V",
                words="Previous terminal, stay",
            ),
            Action(name="follow_active", keys=("a",), shown="a", words="Follow the one in use"),
            Action(name="toggle_side", keys=("b",), shown="b", words="Show or hide the lists"),
            Action(
                name="toggle_bare",
                keys=("f",),
                shown="f",
                words="Only their screen",
                footer="full",
            ),
            Action(
                name="pan_up",
                keys=("ctrl+up", "K"),
                shown="K",
                words="Move the view up",
                row=("HJKL", "Move the view"),
            ),
            Action(
                name="pan_down",
                keys=("ctrl+down", "J"),
                shown="J",
                words="Move the view down",
                row=("", ""),
            ),
            Action(
                name="pan_left",
                keys=("ctrl+left", "H"),
                shown="H",
                words="Move the view left",
                row=("", ""),
            ),
            Action(
                name="pan_right",
                keys=("ctrl+right", "L"),
                shown="L",
                words="Move the view right",
                row=("", ""),
            ),
            Action(name="keep_cursor", keys=("z",), shown="z", words="Keep the cursor in view"),
            Action(name="next_theme", keys=("T",), shown="T", words="Next colour theme"),
        ),
    ),
    Group(
        "Leaving",
        (
            Action(
                name="help",
                keys=("question_mark", "f1", "h"),
                shown="?",
                words="This help",
                footer="help",
            ),
            Action(name="dismiss", keys=("escape",), shown="esc", words="Close what is open"),
            Action(name="quit", keys=("q", "ctrl+c"), shown="q", words="Leave", footer="leave"),
        ),
    ),
)

ACTIONS: tuple[Action, ...] = tuple(action for group in GROUPS for action in group.actions)


def bindings(actions: Sequence[Action] = ACTIONS) -> list[BindingType]:
    """Return a table as Textual's bindings, one action each."""
    return [
        Binding(
            ",".join(action.keys), action.name, action.words, show=False, priority=action.at_once
        )
        for action in actions
    ]


def footer_hints(actions: Sequence[Action] = ACTIONS) -> list[tuple[str, str]]:
    """Return key and short word of the actions that the row of keys names."""
    return [(action.shown, action.footer) for action in actions if action.footer]
