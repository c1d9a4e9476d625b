"""The debrief's one table of keys: bindings, row of keys, help and palette are made from it.

Every name here is an ``action_`` method of the app. No behaviour belongs here.
"""

from __future__ import annotations

from collections.abc import Collection

from rich.text import Text

from recorder.cards.levels import LEVEL_WORDS
from tui.debrief.wording import STANDING_MARKS
from tui.seat.help_screen import beside, group_lines
from tui.seat.keys.action import Action, Group, actions_of
from tui.seat.keys.hints import draw_hints
from tui.seat.look import ACCENT, INK

GROUPS: tuple[Group, ...] = (
    Group(
        "Going through",
        (
            Action(
                name="next_matter", keys=("n", "right"), shown="n", words="Next matter",
                footer="next",
            ),
            Action(
                name="previous_matter", keys=("p", "left"), shown="p", words="The one before",
            ),
            Action(name="down", keys=("down", "j"), shown="↓ j", words="Next row, evidence"),
            Action(name="up", keys=("up", "k"), shown="↑ k", words="The one above"),
            Action(
                name="choose", keys=("enter",), shown="enter", words="See it in the replay",
                footer="see",
            ),
            Action(name="page_down", keys=("pagedown", "space"), shown="pgdn", words="Read on"),
            Action(name="page_up", keys=("pageup",), shown="pgup", words="Read back"),
            Action(name="overview", keys=("escape", "home"), shown="esc", words="All at a glance"),
            Action(name="outcome", keys=("end",), shown="end", words="What it comes to"),
        ),
    ),
    Group(
        "Saying",
        (
            Action(name="ask", keys=("Q",), shown="Q", words="Note a question", footer="question"),
            Action(name="answer", keys=("a",), shown="a", words="Answer one", footer="answer"),
            Action(name="minute", keys=("w",), shown="w", words="Note what was said",
                   footer="write"),
            Action(name="change", keys=("C",), shown="C", words="Change your mind",
                   footer="change"),
            Action(name="decide", keys=("d",), shown="d", words="Decide", footer="decide"),
            Action(name="step", keys=("s",), shown="s", words="Note a next step", footer="step"),
            Action(name="withdraw", keys=("u",), shown="u", words="Take something back"),
        ),
    ),
    Group(
        "The debrief",
        (
            Action(name="open", keys=("o",), shown="o", words="Open all cards", footer="open"),
            Action(name="close", keys=("c",), shown="c", words="Close it, or go on",
                   footer="close"),
            Action(name="export", keys=("e",), shown="e", words="Write the minutes",
                   footer="minutes"),
            Action(name="next_theme", keys=("T",), shown="T", words="Next colour theme"),
            Action(name="help", keys=("question_mark", "f1", "h"), shown="?", words="This help",
                   footer="help"),
            Action(name="quit", keys=("q", "ctrl+c", "ctrl+q"), shown="q", words="Leave",
                   footer="leave"),
        ),
    ),
)  # fmt: skip

ACTIONS = actions_of(GROUPS)

TALKING = frozenset(
    {"next_matter", "previous_matter", "choose", "outcome", "overview", "ask", "answer", "minute",
     "change", "decide", "step", "withdraw", "close", "export"}
)  # fmt: skip
"""What there is to do once the cards are open."""

AT_THE_END = frozenset({"ask", "answer", "decide", "step", "close", "export"})
"""What the row of keys names on the last page; elsewhere it names what goes through matters."""

_LATE = frozenset({"decide", "step", "close", "export"})

_LAST_HINTS = 2
"""How many at the end of the row of keys are kept in any case: help and leaving."""


def hints_text(width: int, *, hidden: Collection[str] = frozenset(), last: bool = False) -> Text:
    """Return the row of keys; where it is narrow, help and leaving stay.

    Args:
        width: Cells that there are.
        hidden: Names of actions that are not to be had now.
        last: Whether the last page is shown, on which one decides.

    """
    named = [each for each in ACTIONS if each.footer and each.name not in hidden]
    first, always = named[:-_LAST_HINTS], named[-_LAST_HINTS:]
    if last:
        first = [each for each in first if each.name in AT_THE_END]
    else:
        # Those of the last page come where there is room.
        first.sort(key=lambda each: each.name in _LATE)
    return draw_hints(width, [(each.shown, each.footer) for each in [*first, *always]], gap=2)


def help_text(*, columns: int, hidden: Collection[str] = frozenset()) -> Text:
    """Return the help, in one or two columns, without the actions of these names."""
    going, saying, meeting = (
        group_lines(Group(each.title, tuple(a for a in each.actions if a.name not in hidden)))
        for each in GROUPS
    )
    lines = (
        [*going, *saying, *meeting] if columns == 1 else beside([*going, *meeting[:-1]], [*saying])
    )
    return Text("\n").join([*lines, _legend()])


def _legend() -> Text:
    text = Text.assemble(("Signs ", f"bold {INK}"))
    words = {"differ": "differ", "unseen": f"somebody {LEVEL_WORDS[0]}", "agree": "agree"}
    for standing, mark in STANDING_MARKS.items():
        text.append(f" {mark} ", ACCENT)
        text.append(f"{words[standing]} ", INK)
    return text
