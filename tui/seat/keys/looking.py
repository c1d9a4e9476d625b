"""Actions of the replay about what is seen of it: terminals, lists, the view; help and leaving."""

from __future__ import annotations

from tui.seat.keys.action import Action, Group

LOOKING = Group(
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
)

LEAVING = Group(
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
)
