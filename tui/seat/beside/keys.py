"""The table of keys of the comparison; what it means is said in `tui.seat.keys`.

Actions that mean what they mean in the replay have its names and its keys. No behaviour here.
"""

from __future__ import annotations

from tui.seat.keys import Action, Group

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
                row=("- +", "Half, twice the speed"),
                shown="-",
                words="Half the speed",
            ),
            Action(name="faster", keys=("plus",), row=("", ""), shown="+", words="Twice the speed"),
            Action(name="normal_speed", keys=("backspace",), shown="bksp", words="Normal speed"),
            Action(name="toggle_skip", keys=("i",), shown="i", words="Skip silences of both"),
        ),
    ),
    Group(
        "Moving",
        (
            Action(
                name="jump_back",
                keys=("left",),
                row=("← →", "Back, forward 5 s"),
                shown="←",
                words="Back 5 s",
                footer="back",
            ),
            Action(
                name="jump_forward",
                keys=("right",),
                row=("", ""),
                shown="→",
                words="Forward 5 s",
                footer="on",
            ),
            Action(
                name="jump_back_far",
                keys=("shift+left", "less_than_sign"),
                row=("< >", "Back, forward 30 s"),
                shown="<",
                words="Back 30 s",
            ),
            Action(
                name="jump_forward_far",
                keys=("shift+right", "greater_than_sign"),
                row=("", ""),
                shown=">",
                words="Forward 30 s",
            ),
            Action(name="begin", keys=("home", "g"), shown="home", words="To the beginning"),
            Action(name="end", keys=("end", "G"), shown="end", words="To the end"),
        ),
    ),
    Group(
        "In step",
        (
            Action(
                name="change_step",
                keys=("s", "equals_sign"),
                shown="s",
                words="By clock, by task, or free",
                footer="step",
            ),
            Action(
                name="jump_to_task",
                keys=tuple("123456789"),
                shown="1-9",
                words="Both to task N, by task",
                footer="task",
                which=True,
            ),
            Action(
                name="next_task",
                keys=("down",),
                row=("↓ ↑", "Next, previous task"),
                shown="↓",
                words="Next task",
            ),
            Action(
                name="previous_task", keys=("up",), row=("", ""), shown="↑", words="Previous task"
            ),
        ),
    ),
    Group(
        "The active side",
        (
            Action(
                name="switch_side",
                keys=("tab",),
                shown="tab",
                words="Make the other one active",
                footer="side",
                at_once=True,
            ),
            Action(
                name="next_tag",
                keys=("n",),
                row=("n p", "Next, previous tag"),
                shown="n",
                words="Next tag",
                footer="tag",
            ),
            Action(
                name="previous_tag", keys=("p", "N"), row=("", ""), shown="p", words="Previous tag"
            ),
            Action(
                name="next_command",
                keys=("right_square_bracket",),
                row=("] [", "Next, previous command"),
                shown="]",
                words="Next command",
            ),
            Action(
                name="previous_command",
                keys=("left_square_bracket",),
                row=("", ""),
                shown="[",
                words="Previous command",
            ),
            Action(
                name="previous_output",
                keys=("comma",),
                row=(", .", "Previous, next output"),
                shown=",",
                words="Previous output",
            ),
            Action(
                name="next_output",
                keys=("full_stop",),
                row=("", ""),
                shown=".",
                words="Next output",
            ),
            Action(
                name="next_terminal",
                keys=("v",),
                row=("v V", "Other terminal, stay"),
                shown="v",
                words="Next terminal, stay",
            ),
            Action(
                name="previous_terminal",
                keys=("V",),
                row=("", ""),
                shown="V",
                words="Previous terminal, stay",
            ),
            Action(name="follow_active", keys=("a",), shown="a", words="Follow the one in use"),
            Action(
                name="pan_up",
                keys=("ctrl+up", "K"),
                row=("HJKL", "Move the view"),
                shown="K",
                words="Move the view up",
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
            Action(
                name="keep_cursor",
                keys=("z",),
                shown="z",
                words="Keep the cursor in view",
            ),
        ),
    ),
    Group(
        "Looking",
        (
            Action(
                name="toggle_table",
                keys=("t",),
                shown="t",
                words="Table of tasks and tags",
                footer="table",
            ),
            Action(name="swap_sides", keys=("x",), shown="x", words="Swap the sides"),
            Action(name="toggle_stacked", keys=("o",), shown="o", words="One above the other"),
            Action(
                name="toggle_bare",
                keys=("f",),
                shown="f",
                words="Only the active side",
            ),
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


def offers() -> list[tuple[str, str, str]]:
    """Return words, key and action of each row of the palette; one a key where that matters."""
    rows = []
    for action in ACTIONS:
        if action.which:
            rows += [(f"{action.words}: {k}", k, f"{action.name}('{k}')") for k in action.keys]
        else:
            rows.append((action.words, action.shown, action.name))
    return rows


LEFT = ("Playing", "Moving", "In step", "Leaving")
"""Groups that stand left in the help where there are two columns."""
