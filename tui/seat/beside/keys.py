"""The table of keys of the comparison; what an entry means is said in `tui.seat.keys.action`.

Actions that mean what they mean in the replay are the replay's. No behaviour here.
"""

from __future__ import annotations

from dataclasses import replace

from tui.seat.keys.action import Action, Group, actions_of
from tui.seat.keys.replay import as_in_replay

GROUPS: tuple[Group, ...] = (
    Group(
        "Playing",
        (
            as_in_replay("toggle_play"),
            as_in_replay("slower"),
            # What a keyboard has below the plus changes the step here.
            replace(as_in_replay("faster"), keys=("plus",)),
            as_in_replay("normal_speed"),
            replace(as_in_replay("toggle_skip"), words="Skip silences of both", row=None),
        ),
    ),
    Group(
        "Moving",
        (
            as_in_replay("jump_back"),
            as_in_replay("jump_forward"),
            as_in_replay("jump_back_far"),
            as_in_replay("jump_forward_far"),
            as_in_replay("begin"),
            replace(as_in_replay("end"), words="To the end", footer=""),
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
            replace(
                as_in_replay("next_tag"),
                words="Next tag",
                footer="tag",
                row=("n p", "Next, previous tag"),
            ),
            replace(as_in_replay("previous_tag"), words="Previous tag"),
            as_in_replay("next_command"),
            as_in_replay("previous_command"),
            as_in_replay("previous_output"),
            as_in_replay("next_output"),
            replace(as_in_replay("next_terminal"), footer="", row=("v V", "Other terminal, stay")),
            as_in_replay("previous_terminal"),
            replace(as_in_replay("follow_active"), row=None),
            as_in_replay("pan_up"),
            as_in_replay("pan_down"),
            as_in_replay("pan_left"),
            as_in_replay("pan_right"),
            as_in_replay("keep_cursor"),
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
            replace(as_in_replay("toggle_bare"), words="Only the active side", footer=""),
            as_in_replay("next_theme"),
        ),
    ),
    Group(
        "Leaving",
        (
            replace(as_in_replay("help"), row=None),
            replace(as_in_replay("dismiss"), row=None),
            replace(as_in_replay("quit"), row=None),
        ),
    ),
)

ACTIONS = actions_of(GROUPS)


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
