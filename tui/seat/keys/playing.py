"""Actions of the replay that play it and move in it."""

from __future__ import annotations

from tui.seat.keys.action import Action, Group

PLAYING = Group(
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
)

MOVING = Group(
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
        Action(
            name="go_to_time",
            keys=("colon",),
            shown=":",
            words="To a time: 12:34, +30",
            at_once=True,
        ),
    ),
)
