"""Actions of the seat that note, tick and judge, and that read from the desk."""

from __future__ import annotations

from tui.seat.keys.action import Action, Group

DESK = Group(
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
        Action(name="start_clock", keys=("S",), shown="S", words="Start the clock", row=("", "")),
    ),
)
