"""The debrief as text, for a pipe, a narrow pane, or a screen reader: lines that are wrapped.

Made of a `Meeting` alone, so that it says no more than its viewer may see. No terminal is known
here.
"""

from __future__ import annotations

from collections.abc import Iterator

from recorder.cards.debriefing import Entry
from recorder.cards.progress import STATE_WORDS
from tui.debrief.meeting import Meeting
from tui.debrief.table import Matter, Opinion, Table
from tui.debrief.wording import (
    STANDING_MARKS,
    at,
    change_words,
    decision_words,
    evidence_words,
    flat,
    given_words,
    heading_words,
    kind_words,
    level_words,
    listed,
    missing_words,
    opened_words,
    standing_words,
)
from tui.wrapping import indented

NARROWEST = 24
"""Columns below which lines are not wrapped any narrower."""


def text_lines(meeting: Meeting, width: int) -> Iterator[str]:
    """Yield the whole debrief, as its viewer may see it, in lines of at most ``width`` columns."""
    width = max(NARROWEST, width)
    for indent, line in _lines(meeting):
        if not line:
            yield ""
            continue
        first, rest = " " * indent, " " * (indent + 2)
        yield from indented(line, width, first=first, rest=rest)


_Line = tuple[int, str]
"""Spaces in front, and the line."""


def _lines(meeting: Meeting) -> Iterator[_Line]:
    yield 0, "Debrief: " + ", ".join(heading_words(meeting.heading))
    yield 0, f"session {meeting.heading.session}"
    yield 0, ""
    if meeting.table is None:
        yield from _before(meeting)
        return
    if meeting.opened is not None:
        yield 0, opened_words(meeting.opened)
    if meeting.closed is not None:
        yield 0, f"closed by {flat(meeting.closed.who)} at {at(meeting.closed.said)}"
    yield from _recommended(meeting.table)
    for matter in meeting.table.matters:
        yield from _matter(meeting, matter)
    yield from _voices(meeting.table)
    yield from _said(meeting)


def _before(meeting: Meeting) -> Iterator[_Line]:
    for each in meeting.progress:
        state = STATE_WORDS[each.state]
        excused = ", excused" if each.excused else ""
        when = f" since {at(each.submitted)}" if each.submitted else ""
        yield 0, f"{flat(each.who)}: {state}{when}{excused}"
    if meeting.state == "owed" and meeting.opened is not None:
        yield 0, opened_words(meeting.opened)
    elif meeting.progress:
        yield 0, missing_words(meeting)
    else:
        yield 0, "nobody was asked for a card, and none is in"
    if meeting.state == "waiting" and meeting.are_in and not meeting.waited_for:
        command = f"`jumpseat debrief {meeting.heading.session} --open`"
        yield 0, f"all who were asked are in: {command} opens the cards, all together"
    else:
        yield 0, flat(meeting.hidden)


def _recommended(table: Table) -> Iterator[_Line]:
    yield 0, ""
    yield 0, f"Recommendations ({standing_words(table.recommendation)})"
    yield from _opinions(table.recommendation, with_words=False)


def _matter(meeting: Meeting, matter: Matter) -> Iterator[_Line]:
    yield 0, ""
    sign = STANDING_MARKS[matter.standing]
    yield 0, f"{sign} {flat(matter.title)} ({standing_words(matter)})"
    if matter.question:
        yield 2, flat(matter.question)
    yield from _opinions(matter, with_words=True)
    for each in meeting.said_of(matter.id):
        yield 2, entry_line(meeting, each)


def _opinions(matter: Matter, *, with_words: bool) -> Iterator[_Line]:
    for level, opinions in reversed(matter.given()):
        if with_words:
            yield 2, f"{level}: {level_words(matter, level)}"
        for each in opinions:
            yield from _opinion(matter, each)


def _opinion(matter: Matter, opinion: Opinion) -> Iterator[_Line]:
    reason = f": {flat(opinion.reason)}" if opinion.reason.strip() else ""
    yield 4, f"{flat(opinion.who)} {given_words(matter, opinion)}{reason}"
    for change in opinion.changes:
        yield 6, f"{change_words(matter, change)}: {flat(change.why)}"
    if opinion.changes and opinion.first_reason.strip():
        yield 6, f"said first: {flat(opinion.first_reason)}"
    for piece in opinion.evidence:
        yield 6, evidence_words(piece)


def _voices(table: Table) -> Iterator[_Line]:
    for title, name in (("Strengths", "strengths"), ("Gaps", "gaps")):
        found = [(each.who, str(getattr(each, name))) for each in table.voices]
        if any(text.strip() for _, text in found):
            yield 0, ""
            yield 0, title
            yield from ((2, f"{flat(who)}: {flat(text)}") for who, text in found if text.strip())


def _said(meeting: Meeting) -> Iterator[_Line]:
    for title, entries in (
        ("Questions", meeting.questions),
        ("Minutes", tuple(e for e in meeting.entries if e.kind == "minute" and not e.subject)),
        ("Next steps", meeting.next_steps),
    ):
        if entries:
            yield 0, ""
            yield 0, title
            for each in entries:
                yield 2, entry_line(meeting, each)
                for answer in meeting.answers(each.number) if each.kind == "question" else ():
                    yield 4, entry_line(meeting, answer)
    if meeting.decision is not None:
        yield 0, ""
        yield 0, f"Decision: {decision_words(meeting, meeting.decision)}"
        yield 2, f"{flat(meeting.decision.who)}, {at(meeting.decision.said)}"
    if meeting.unanswered:
        yield 0, ""
        yield 0, f"still open: {listed([f'question {e.number}' for e in meeting.unanswered])}"


def entry_line(meeting: Meeting, entry: Entry) -> str:
    """Return what was said, by its number, with who said it and when."""
    words = decision_words(meeting, entry) if entry.kind == "decision" else flat(entry.text)
    return f"{entry.number} {kind_words(entry)} ({flat(entry.who)}, {at(entry.said)}): {words}"
