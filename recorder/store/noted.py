"""A note as a value: what interviewers say during a session or afterwards, and which of it stands.

They are people's own words, not conclusions. What they are drawn as, what a session's tasks are,
and the database, which takes long to import, are not known here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["mark", "note", "question", "task", "announced"]
"""A moment without words; words; what the candidate asked; a task ticked; an announcement made."""

MOST_TEXT = 2000
"""Characters of one note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noting:
    """What somebody is about to note.

    Attributes:
        kind: What it is.
        t: The moment that it is about, in seconds since the session's start.
        text: The words; a mark may have none.
        subject: Which task (its id) was ticked, or which announcement (minutes left) was made.
        replaces: The number of an earlier note of the same person's that this one takes the place
            of.
        withdrawn: Nothing takes its place: the earlier one is taken back.

    """

    kind: Kind
    t: float
    text: str = ""
    subject: str | None = None
    replaces: int | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Noting):
    """What was noted, by whom and when (UTC); ``number``, from 1, orders a session's notes."""

    number: int
    who: str
    said: datetime


def standing(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return those that were neither replaced nor taken back, by the moment they are about."""
    notes = tuple(notes)
    gone = {each.replaces for each in notes}
    kept = [each for each in notes if each.number not in gone and not each.withdrawn]
    return tuple(sorted(kept, key=lambda each: (each.t, each.number)))
