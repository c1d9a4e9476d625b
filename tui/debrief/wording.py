"""Words that screen, text and minutes share: levels, moments, who stands where. Nothing is drawn.

All of it is harmless on a terminal: people's and candidates' text goes through `analyzer.visible`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len

from analyzer.visible import plain
from recorder.cards.card import Evidence
from recorder.cards.debriefing import Entry, EntryKind, decided_level
from recorder.cards.levels import LEVEL_WORDS
from tui.cards.decision import parted
from tui.cli.output import clip, span
from tui.debrief.meeting import Heading, Meeting
from tui.debrief.table import RECOMMENDATION, Change, Matter, Opinion
from tui.wall_clock import local_time

_ROOMY = 70
"""Cells of a heading that has room for all of it."""

_DATE = len("2026-11-20")

EVIDENCE_KINDS = {"moment": "", "tag": "tag", "note": "note", "quote": "said"}


def flat(text: str) -> str:
    """Return text as one harmless line: what stood on several is joined."""
    return plain(" ".join(text.split()))


def at(said: datetime) -> str:
    """Return a time of day here: ``14:07``."""
    return local_time(said).strftime("%H:%M")


def on(said: datetime) -> str:
    """Return a date and a time of day here: ``2026-11-20 14:07``."""
    return local_time(said).strftime("%Y-%m-%d %H:%M")


def listed(names: Sequence[str]) -> str:
    """Return names as one reads them out: ``ada, grace and heidi``."""
    shown = [flat(each) for each in names]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def heading_words(heading: Heading, room: int | None = None) -> tuple[str, ...]:
    """Return whom and what it is about: candidate, exercise, when, how long.

    Args:
        heading: What session it is about.
        room: Cells that there are for it, three between two; where it is little the time of day
            and the exercise's end give way. All of it without that.

    """
    who = flat(heading.candidate) or f"session {heading.session}"
    length = () if heading.duration is None else (span(heading.duration),)
    tight = room is not None and room < _ROOMY
    words = (who, on(heading.started)[: _DATE if tight else None], *length)
    exercise = flat(heading.exercise)
    if room is not None:
        exercise = clip(exercise, max(0, room - sum(map(cell_len, words)) - 3 * len(words)))
    return (who, *((exercise,) if len(exercise) > 1 else ()), *words[1:])


def level_name(matter: Matter, level: int | None) -> str:
    """Return a level in one word or a few: ``3``, or ``Hire`` of the recommendation."""
    if matter.id != RECOMMENDATION:
        return "-" if level is None else str(level)
    return (level_words(matter, level) or str(level)) if level else "none"


def level_words(matter: Matter, level: int | None) -> str:
    """Return what a level means, empty where the exercise is known no more."""
    if level is None:
        return "not rated"
    if level < len(matter.levels):
        return flat(matter.levels[level])
    return LEVEL_WORDS[0] if level == 0 else ""


def standing_words(matter: Matter, *, brief: bool = False) -> str:
    """Return how people stand to each other over a matter; ``brief`` without who could not tell."""
    unseen = LEVEL_WORDS[0] if brief else f"{listed(matter.unseen)} {LEVEL_WORDS[0]}"
    match matter.standing:
        case "differ":
            apart = f"{matter.spread} apart"
            return f"{apart}; {unseen}" if matter.unseen and not brief else apart
        case "unseen":
            return unseen
        case "agree":
            return "one card" if len(matter.opinions) == 1 else "all agree"


KIND_WORDS: dict[EntryKind, str] = {
    "opened": "opening",
    "question": "question",
    "answer": "answer",
    "decision": "decision",
    "next-step": "next step",
    "minute": "minute",
    "closed": "closing",
}
"""What an entry is called in a sentence."""

STANDING_MARKS = {"differ": "\N{NOT EQUAL TO}", "unseen": "?", "agree": "="}


def kind_words(entry: Entry) -> str:
    """Return what an entry is called; an import may have brought one of a kind of its own."""
    return KIND_WORDS.get(entry.kind, flat(entry.kind))


def given_words(matter: Matter, opinion: Opinion) -> str:
    """Return what somebody gave, and what they gave first: ``2 \N{RIGHTWARDS ARROW} 3``."""
    latest = level_name(matter, opinion.level)
    if not opinion.moved:
        return latest
    return f"{level_name(matter, opinion.first)} \N{RIGHTWARDS ARROW} {latest}"


def change_words(matter: Matter, change: Change) -> str:
    """Return a change of mind: from what to what, when."""
    before, after = (level_name(matter, each) for each in (change.before, change.after))
    return f"changed from {before} to {after} at {at(change.said)}"


def evidence_words(piece: Evidence) -> str:
    """Return a piece of evidence: its moment, what kind of thing it is, what was seen."""
    until = "" if piece.until is None else f"-{span(piece.until)}"
    kind = EVIDENCE_KINDS[piece.kind]
    return " ".join(each for each in (span(piece.t) + until, kind, flat(piece.text)) if each)


def opened_words(opened: Entry) -> str:
    """Return who opened the cards, when, and whose were missing."""
    missing = f"; missing: {flat(opened.text)}" if opened.text else ""
    return f"opened by {flat(opened.who)} at {on(opened.said)}{missing}"


def decision_words(meeting: Meeting, decision: Entry) -> str:
    """Return what was decided, the recommendation in its own words first."""
    table, level = meeting.table, decided_level(decision)
    if table is None or level is None:
        return flat(decision.text)
    return "".join(parted(level_name(table.recommendation, level), flat(decision.text)))


def missing_words(meeting: Meeting) -> str:
    """Return whose cards are in and whose are waited for, as a sentence."""
    parts = [f"in: {listed(meeting.are_in)}"] if meeting.are_in else ["no card is in"]
    if meeting.waited_for:
        parts.append(f"waiting for {listed(meeting.waited_for)}")
    return "; ".join(parts)
