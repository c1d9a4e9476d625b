"""Notes as rows of a list and as words: what a person reads of what was noted.

Pure. Others' notes carry their names, one's own do not. Texts are people's: shown, never read as
markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from analyzer.visible import plain
from recorder.store.noted import Note, Noting
from tui.seat.feed import TaskWords
from tui.seat.moments import Moment
from tui.seat.transport import clock_words

_ID = "note-"
_SHORT = 40
"""Characters of a note that a short message repeats."""


def note_moments(
    notes: Sequence[Note], viewer: str, tasks: Sequence[TaskWords]
) -> tuple[Moment, ...]:
    """Return notes as rows, by the moment they are about."""
    return tuple(
        Moment(
            id=f"{_ID}{note.number}",
            t=note.t,
            words=noting_words(note, tasks),
            outcome="ok",
            kind=note.kind,
            who="" if note.who == viewer else plain(note.who),
        )
        for note in notes
    )


def note_of(moment: Moment, notes: Sequence[Note]) -> Note | None:
    """Return the note that a row stands for, None where it is gone or another moment."""
    if not moment.id.startswith(_ID):
        return None
    number = int(moment.id.removeprefix(_ID))
    return next((each for each in notes if each.number == number), None)


def noting_words(noting: Noting, tasks: Sequence[TaskWords]) -> str:
    """Return what a noting says, on one line."""
    match noting.kind:
        case "mark":
            return _one_line(noting.text) or "mark"
        case "note" | "question":
            return _one_line(noting.text)
        case "task":
            return task_words(noting.subject or "", tasks)
        case "announced":
            return f"announced: {_one_line(noting.subject or '')} minutes left"
        case _:
            assert_never(noting.kind)


def task_words(task: str, tasks: Sequence[TaskWords]) -> str:
    """Return a task's number and title; its id where the exercise does not know it."""
    for number, each in enumerate(tasks, start=1):
        if each.id == task:
            return f"{number} {plain(each.title)}"
    return plain(task)


def kept_words(
    noting: Noting, tasks: Sequence[TaskWords], *, changed: bool = False, undoable: bool = True
) -> str:
    """Return what is said at once after something was noted: what, when, the way back.

    Args:
        noting: What was noted.
        tasks: The session's.
        changed: It takes the place of other words.
        undoable: The key that undoes would be about it.

    """
    words, at = noting_words(noting, tasks), clock_words(noting.t)
    if noting.withdrawn:
        return f"taken back: {_short(words)} ({at}){'; u brings it back' if undoable else ''}"
    back = "; u takes it back" if undoable else ""
    match noting.kind:
        case "mark":
            return f"mark at {at}; w adds words, u takes it back" if undoable else f"mark at {at}"
        case "note":
            said = "changed" if changed else "note kept"
            return f"{said}: {_short(words)} ({at}){back}"
        case "question":
            said = "changed" if changed else "question kept"
            return f"{said}: {_short(words)} ({at}){back}"
        case "task":
            return f"ticked: {words} ({at}); its number unticks it"
        case "announced":
            return f"{words} ({at}){back}"
        case _:
            assert_never(noting.kind)


def unkept_line(t: float, kind: str, text: str) -> str:
    """Return what could not be kept as a line for after the app: its moment and its words."""
    return f"not kept: {clock_words(t)} {_one_line(text) or kind}"


def _short(words: str) -> str:
    return words if len(words) <= _SHORT else words[: _SHORT - 1].rstrip() + "…"


def _one_line(text: str) -> str:
    return plain(" ".join(text.split()))
