"""Evidence in words: ``12:34 reads the log``, ``tag apache-stopped@12:34``, ``note 3``.

Written so in forms and options, and printed so. What is pointed at is looked up in the store; no
card is read or kept here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analyzer.judging import find_tag
from analyzer.records import Tag
from recorder.cards.card import MOST_QUOTED, Evidence
from recorder.errors import UsageError
from recorder.store.noted import Note

EVIDENCE_WORDS = "TIME [WORDS], tag ID, tag SIGNAL@TIME, note N or quote T:L"

Spoken = Callable[[str], tuple[float, str]]
"""Looks up TRANSCRIPT:LINE; returns its moment in seconds and what was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What of a session can be pointed at.

    Attributes:
        tags: Those that the author may see.
        notes: Those that stand.
        spoken: Looks up a line of a transcript.
        parse_time: Reads a moment; raises UsageError.
        show_time: Writes one.

    """

    tags: Sequence[Tag]
    notes: Sequence[Note]
    spoken: Spoken
    parse_time: Callable[[str], float]
    show_time: Callable[[float], str]


def shown_evidence(evidence: Evidence, show_time: Callable[[float], str]) -> str:
    """Return evidence as a line; `read_evidence` finds the same thing again."""
    about = f" {_flat(evidence.text)}" if evidence.text else ""
    at = show_time(evidence.t)
    match evidence.kind:
        case "moment":
            return f"{at}{about}"
        case kind:
            return f"{kind} {evidence.subject} # {at}{about}"


def read_evidence(words: str, known: Known, before: Sequence[Evidence] = ()) -> Evidence:
    """Return what somebody points at.

    Args:
        words: A line.
        known: What can be pointed at.
        before: Evidence that is there already: as it was shown it stays what it is.

    Raises:
        UsageError: It points at nothing that there is.

    """
    for each in before:
        if shown_evidence(each, known.show_time) == words.strip():
            return each
    kind, _, rest = words.strip().partition(" ")
    subject = rest.split("#", 1)[0].strip()
    match kind:
        case "tag":
            tag = find_tag(known.tags, subject, known.parse_time, known.show_time)
            return of_tag(tag)
        case "note":
            return of_note(_note(known.notes, subject))
        case "quote":
            t, text = known.spoken(subject)
            return Evidence(kind="quote", t=t, subject=subject, text=_clipped(text))
        case _ if not kind:
            raise UsageError("evidence that points at nothing", f"write {EVIDENCE_WORDS}")
        case _:
            t = known.parse_time(kind)
            return Evidence(kind="moment", t=t, text=_clipped(rest.strip()))


def of_tag(tag: Tag) -> Evidence:
    """Return a tag as evidence."""
    text = tag.evidence[0].text if tag.evidence else ""
    words = f"{tag.signal}: {_flat(text)}" if text else tag.signal
    return Evidence(kind="tag", t=tag.t, until=tag.until, subject=tag.id, text=_clipped(words))


def of_note(note: Note) -> Evidence:
    """Return a note as evidence."""
    return Evidence(kind="note", t=note.t, subject=str(note.number), text=_clipped(note.text))


def _note(notes: Sequence[Note], subject: str) -> Note:
    found = next((each for each in notes if str(each.number) == subject), None)
    if found is None:
        raise UsageError(f"there is no note {subject!r}", "`jumpseat notes SESSION` shows them")
    return found


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _clipped(text: str) -> str:
    return _flat(text)[:MOST_QUOTED]
