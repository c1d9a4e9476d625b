"""What is at hand in the seat when somebody points at it for their card: pure, values in, one out.

What was chosen deliberately comes first: a tag, a note, a line of the transcript; else the moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recorder.cards.card import MOST_QUOTED, Evidence
from recorder.transcripts.values import SpokenLine, quote_of

if TYPE_CHECKING:
    from analyzer.records import Tag
    from recorder.store.noted import Note
    from tui.seat.moments import Moment

FRESH = 30.0
"""Seconds behind a command's end for which a moment is still about it."""


@dataclass(frozen=True, slots=True)
class AtHand:
    """Something to point at; ``topic`` tells what it is about, where that is known."""

    evidence: Evidence
    topic: str | None = None


def of_tag(tag: Tag, title: str) -> AtHand:
    """Point at a tag."""
    evidence = Evidence(
        kind="tag", t=float(tag.t), until=_float(tag.until), subject=tag.id, text=_short(title)
    )
    return AtHand(evidence, tag.topic)


def of_note(note: Note) -> AtHand:
    """Point at a note or a mark."""
    text = _short(note.text or note.subject or note.kind)
    return AtHand(Evidence(kind="note", t=float(note.t), subject=str(note.number), text=text))


def of_line(line: SpokenLine, moment: float) -> AtHand:
    """Point at what was spoken; a line without a time is pointed at where one stands, in s."""
    quote = quote_of(line, float(moment))
    quote["text"] = _short(quote["text"])
    return AtHand(Evidence(**quote))


def of_moment(t: float, commands: Sequence[Moment]) -> AtHand:
    """Point at a moment, with the command that runs then or has just ended, if any.

    Args:
        t: Seconds since the session's start.
        commands: Rows of commands, by time.

    """
    begun = [each for each in commands if each.t <= t]
    last = begun[-1] if begun else None
    recent = last is not None and (last.until is None or t <= last.until + FRESH)
    text = _short(last.words) if last is not None and recent else ""
    return AtHand(Evidence(kind="moment", t=round(float(max(t, 0.0)), 3), text=text))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MOST_QUOTED else f"{text[: MOST_QUOTED - 1]}…"


def _float(t: float | None) -> float | None:
    return None if t is None else float(t)
