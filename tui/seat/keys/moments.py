"""Actions of the replay that go from moment to moment, and say what is right about a tag."""

from __future__ import annotations

from tui.seat.keys.action import Action, Group

MOMENTS = Group(
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
)
