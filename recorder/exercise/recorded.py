"""The exercise that a recording was made with, as its journal keeps it.

Only looks it up: a plan of another version of this program may lack what this one asks for, and is
then no plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from recorder.errors import RecordingError
from recorder.exercise.schema import Exercise
from recorder.recording.journal import JOURNAL_NAME, ExerciseChosen, decode_entry

_EVENT = b'"exercise"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The exercise of a session; ``plan`` is None where this program cannot read it."""

    name: str
    plan: Exercise | None


def followed(directory: Path) -> Followed | None:
    """Return the exercise that a recording's journal names first, None where it names none.

    Lines that are damaged are passed over; others tell of them.
    """
    try:
        with (directory / JOURNAL_NAME).open("rb") as journal:
            for line in journal:
                entry = _chosen(line) if _EVENT in line else None
                if entry is not None:
                    return Followed(name=entry.name, plan=plan_of(entry))
    except OSError:
        return None
    return None


def _chosen(line: bytes) -> ExerciseChosen | None:
    try:
        entry = decode_entry(line)
    except RecordingError:
        return None
    return entry if isinstance(entry, ExerciseChosen) else None


def plan_of(entry: ExerciseChosen) -> Exercise | None:
    """Return the plan that a journal's line holds, None where this program cannot read it."""
    try:
        return Exercise.model_validate(entry.plan)
    except ValidationError:
        return None
