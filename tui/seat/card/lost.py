"""What was said on a card and could not be kept, as lines for somebody who has left the seat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from analyzer.visible import plain
from recorder.errors import JumpseatError
from tui.seat.card.edits import (
    Attach,
    BeBlind,
    Detach,
    Discard,
    Explain,
    Look,
    Rate,
    Recommend,
    Say,
    Step,
    Submit,
)
from tui.seat.transport import clock_words


def unkept_edits(steps: Sequence[Step], why: JumpseatError | None) -> list[str]:
    """Return a line for each, so that nothing of it has to be thought of again.

    Of what was said several times of one thing, the last counts.
    """
    cause = f" ({plain(why.cause)})" if why is not None else ""
    found: dict[str, str] = {}
    for step in steps:
        subject, said = _words(step)
        if subject:
            found.pop(subject, None)
            found[subject] = said
    return [f"not kept on your card: {subject}: {said}{cause}" for subject, said in found.items()]


def _words(step: Step) -> tuple[str, str]:
    match step:
        case Rate(competency, level):
            return plain(competency), "no level" if level is None else str(level)
        case Recommend(level):
            return "recommendation", "none" if level is None else str(level)
        case Explain(competency, text):
            return f"{plain(competency)}, why", plain(text)
        case Say(field, text):
            return field, plain(text)
        case Attach(competency, piece):
            what = f"{clock_words(piece.t)} {plain(piece.text)}".strip()
            return f"{plain(competency)}, evidence {what}", "attached"
        case Detach(competency, piece):
            what = f"{clock_words(piece.t)} {plain(piece.text)}".strip()
            return f"{plain(competency)}, evidence {what}", "taken off"
        case Submit() | Discard() | BeBlind() | Look():
            return "", ""
        case _:
            assert_never(step)
