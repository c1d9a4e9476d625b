"""The one table of keys: what they are called, what they do, what the help says about them.

Bindings, footer, help screen and command palette are made from it, so that they cannot differ.
Every name here is an ``action_`` method of the replay. No behaviour belongs here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One named action: its keys as Textual names them, and as a person reads them.

    ``footer`` is the short word for the row of keys, empty where it is left to the help screen.
    ``live`` is that word in a seat with the desk: a call leaves no time for all of them.
    ``row`` is keys and words of the help's row where one row tells of several actions; the others
    of these have an empty one, and no row of their own.
    ``at_once``: what is typed behind it is not for the table, even if it comes in the same moment.
    ``which``: the action is told which of its keys it was.
    """

    name: str
    keys: tuple[str, ...]
    shown: str
    words: str
    footer: str = ""
    live: str = ""
    row: tuple[str, str] | None = None
    at_once: bool = False
    which: bool = False


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
            Action(
                name="slower",
                keys=("minus",),
                shown="-",
                words="Half the speed",
                row=("- +", "Half, twice the speed"),
            ),
            Action(
                name="faster",
                keys=("plus", "equals_sign"),
                shown="+",
                words="Twice the speed",
                row=("", ""),
            ),
            Action(name="normal_speed", keys=("backspace",), shown="bksp", words="Normal speed"),
            Action(
                name="toggle_skip",
                keys=("i",),
                shown="i",
                words="Skip silences, or not",
                row=("i I", "Skip, shorten silences"),
            ),
            Action(
                name="toggle_short",
                keys=("I",),
                shown="I",
                words="Shorten silences on the timeline",
                row=("", ""),
            ),
        ),
    ),
    Group(
        "Moving",
        (
            Action(
                name="jump_back",
                keys=("left",),
                shown="←",
                words="Back 5 s",
                row=("← →", "Back, forward 5 s"),
                footer="back",
            ),
            Action(
                name="jump_forward",
                keys=("right",),
                shown="→",
                words="Forward 5 s",
                row=("", ""),
                footer="on",
            ),
            Action(
                name="jump_back_far",
                keys=("shift+left", "less_than_sign"),
                shown="<",
                words="Back 30 s",
                row=("< >", "Back, forward 30 s"),
            ),
            Action(
                name="jump_forward_far",
                keys=("shift+right", "greater_than_sign"),
                shown=">",
                words="Forward 30 s",
                row=("", ""),
            ),
            Action(
                name="previous_output",
                keys=("comma",),
                shown=",",
                words="Previous output",
                row=(", .", "Previous, next output"),
            ),
            Action(
                name="next_output",
                keys=("full_stop",),
                shown=".",
                words="Next output",
                row=("", ""),
            ),
            Action(name="begin", keys=("home", "g"), shown="home", words="To the beginning"),
            Action(
                name="end",
                keys=("end", "G"),
                shown="end",
                words="To the end, or live",
            ),
            Action(name="go_to_time", keys=("colon",), shown=":", words="To a time: 12:34, +30"),
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
                row=("n p", "Next, previous tag or hit"),
            ),
            Action(
                name="previous_tag",
                keys=("p", "N"),
                shown="p",
                words="Previous tag, or hit of /",
                row=("", ""),
            ),
            Action(
                name="next_command",
                keys=("right_square_bracket",),
                shown="]",
                words="Next command",
                row=("] [", "Next, previous command"),
            ),
            Action(
                name="previous_command",
                keys=("left_square_bracket",),
                shown="[",
                words="Previous command",
                row=("", ""),
            ),
            Action(
                name="next_note",
                keys=("apostrophe",),
                shown="'",
                words="Next mark or note",
                row=("' \"", "Next, previous note or mark"),
            ),
            Action(
                name="previous_note",
                keys=("quotation_mark",),
                shown='"',
                words="Previous mark or note",
                row=("", ""),
            ),
            Action(
                name="pick_tag",
                keys=("t",),
                shown="t",
                words="Choose from the tags, or hits",
                footer="tags",
                live="tags",
                row=("tcM P", "Tags, commands, notes, talk"),
            ),
            Action(
                name="pick_command",
                keys=("c",),
                shown="c",
                words="Choose from the commands",
                footer="commands",
                row=("", ""),
            ),
            Action(
                name="pick_note",
                keys=("M",),
                shown="M",
                words="Choose from the marks and notes",
                row=("", ""),
            ),
            Action(
                name="pick_spoken",
                keys=("P",),
                shown="P",
                words="Choose from what was spoken, or hide it",
                row=("", ""),
            ),
            Action(
                name="next_evidence",
                keys=("E",),
                shown="E",
                words="Next evidence of the tag",
                row=("E", "Next evidence of the tag"),
            ),
            Action(
                name="confirm_tag",
                keys=("y",),
                shown="y",
                words="Say that the tag is right",
                row=("y x R", "Tag is right, wrong, other"),
            ),
            Action(
                name="reject_tag",
                keys=("x",),
                shown="x",
                words="Say that the tag is wrong, take a note back",
                row=("", ""),
            ),
            Action(
                name="relabel_tag",
                keys=("R",),
                shown="R",
                words="Say which signal the tag should be",
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
        "Desk",
        (
            Action(
                name="set_mark",
                keys=("m",),
                shown="m",
                words="Mark this moment",
                footer="mark",
                live="mark",
                row=("m w o", "Mark, note, they asked"),
            ),
            Action(
                name="write_note",
                keys=("w",),
                shown="w",
                words="Write a note, or change the marked one",
                footer="note",
                live="note",
                row=("", ""),
                at_once=True,
            ),
            Action(
                name="write_question",
                keys=("o",),
                shown="o",
                words="Write what the candidate asked",
                live="asked",
                row=("", ""),
                at_once=True,
            ),
            Action(
                name="tick_task",
                keys=tuple("123456789"),
                shown="1-9",
                words="Tick a task",
                row=("1-9 s", "Tick a task; announced it"),
                which=True,
            ),
            Action(
                name="say_announcement",
                keys=("s",),
                shown="s",
                words="Announcement was said",
                row=("", ""),
            ),
            Action(
                name="withdraw_judgement",
                keys=("u",),
                shown="u",
                words="Undo what you said last",
                row=("u C A", "Undo; your card; attach"),
            ),
            Action(
                name="open_card",
                keys=("C",),
                shown="C",
                words="Your card",
                footer="card",
                row=("", ""),
                at_once=True,
            ),
            Action(
                name="attach",
                keys=("A",),
                shown="A",
                words="Attach this to your card",
                row=("", ""),
                at_once=True,
            ),
            Action(
                name="read_out",
                keys=("e",),
                shown="e",
                words="What to read out",
                live="read out",
                row=("e d S", "Read out; details; clock"),
            ),
            Action(
                name="toggle_details",
                keys=("d",),
                shown="d",
                words="Details; in a replay the desk",
                live="details",
                row=("", ""),
            ),
            Action(
                name="start_clock", keys=("S",), shown="S", words="Start the clock", row=("", "")
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
                live="terminal",
                row=("v V a", "Terminals; the one in use"),
            ),
            Action(
                name="previous_terminal",
                keys=("V",),
                shown="V",
                words="Previous terminal, stay",
                row=("", ""),
            ),
            Action(
                name="follow_active",
                keys=("a",),
                shown="a",
                words="Follow the one in use",
                row=("", ""),
            ),
            Action(
                name="look_back",
                keys=("r",),
                shown="r",
                words="Look back 30 s",
                live="back 30 s",
                row=("r l", "Look back; be live"),
            ),
            Action(
                name="go_live",
                keys=("l",),
                shown="l",
                words="To the present",
                live="live",
                row=("", ""),
            ),
            Action(
                name="next_row",
                keys=("j",),
                shown="j",
                words="Next row of the list",
                row=("j k", "Next, previous row"),
            ),
            Action(name="previous_row", keys=("k",), shown="k", words="Row before", row=("", "")),
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
                live="help",
                row=("? esc q", "This help; close; leave"),
            ),
            Action(
                name="dismiss",
                keys=("escape",),
                shown="esc",
                words="Close what is open",
                row=("", ""),
            ),
            Action(
                name="quit",
                keys=("q", "ctrl+c"),
                shown="q",
                words="Leave",
                footer="leave",
                live="leave",
                row=("", ""),
            ),
        ),
    ),
)

ACTIONS: tuple[Action, ...] = tuple(action for group in GROUPS for action in group.actions)

_BY_NAME = {action.name: action for action in ACTIONS}


def as_in_replay(name: str) -> Action:
    """Return the table's action of a name, for tables of other screens that mean the same by it.

    Raises:
        KeyError: It has none of that name.

    """
    return _BY_NAME[name]


AT_ONCE = frozenset(action.name for action in ACTIONS if action.at_once)
"""The names of the actions behind whose keys something is typed."""


def bindings(actions: Sequence[Action] = ACTIONS) -> list[BindingType]:
    """Return a table as Textual's bindings."""
    return [binding for action in actions for binding in _bindings(action)]


def _bindings(action: Action) -> list[Binding]:
    told = action.keys if action.which else (",".join(action.keys),)
    return [
        Binding(
            key,
            f"{action.name}('{key}')" if action.which else action.name,
            action.words,
            show=False,
            priority=action.at_once,
        )
        for key in told
    ]


def footer_hints(
    actions: Sequence[Action] = ACTIONS,
    *,
    live: bool = False,
    without: Collection[str] = frozenset(),
) -> list[tuple[str, str]]:
    """Return key and short word of the actions that the row of keys names.

    Args:
        actions: The table.
        live: Name those that a seat with the desk needs.
        without: Names of actions that it leaves out.

    """
    named = [each for each in actions if each.name not in without]
    hints = [(each.shown, each.live if live else each.footer) for each in named]
    return [(shown, words) for shown, words in hints if words]
