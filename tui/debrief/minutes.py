"""The minutes as Markdown: what was on the table, what was said over it, what it came to.

Made of a `Meeting` alone. What people and candidates wrote is text, and never becomes markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from recorder.cards.debriefing import Entry
from recorder.cards.seeing import BlindError
from recorder.errors import UsageError
from tui.debrief.meeting import Meeting
from tui.debrief.table import RECOMMENDATION, Matter, Opinion, Table
from tui.debrief.wording import (
    KIND_WORDS,
    at,
    change_words,
    decision_words,
    evidence_words,
    flat,
    given_words,
    heading_words,
    level_name,
    level_words,
    listed,
    on,
    opened_words,
    standing_words,
)

_MARKUP = re.compile(r"[\\`*_{}\[\]<>()#|~&!]")
_BLOCK = re.compile(r"^(\d*)(\.(?=\s|$)|(?<!\d)[+=-])")
"""What makes a list, or a heading of the line above, of a line that begins with it."""


def safe(text: str) -> str:
    """Return text that Markdown shows as it stands, on one line, also where one begins with it."""
    return _BLOCK.sub(r"\1\\\2", _MARKUP.sub(r"\\\g<0>", text))


def minutes(meeting: Meeting) -> str:
    """Return the minutes.

    Raises:
        BlindError: Their reader may not see the cards yet.
        UsageError: The debrief is not open.

    """
    if meeting.table is None:
        raise _unseen(meeting)
    blocks = (
        _head(meeting, meeting.table),
        _cards(meeting.table),
        _differences(meeting, meeting.table),
        _changes(meeting.table),
        _voices(meeting.table),
        _questions(meeting),
        _minutes(meeting),
        _decision(meeting),
        _steps(meeting),
    )
    return "\n\n".join(text for block in blocks if (text := "\n".join(block).strip())) + "\n"


def _unseen(meeting: Meeting) -> BlindError | UsageError:
    if meeting.state == "owed":
        return BlindError(
            "your own card is not in: the minutes tell what others wrote",
            "submit it with `jumpseat card submit`, or let a facilitator excuse you",
        )
    return UsageError(
        "the debrief is not open, so there are no minutes", "`jumpseat debrief SESSION --open`"
    )


def _head(meeting: Meeting, table: Table) -> Iterator[str]:
    yield f"# Debrief: {safe(', '.join(heading_words(meeting.heading)))}"
    yield ""
    yield f"- Session: {meeting.heading.session} on {safe(flat(meeting.heading.target))}"
    yield f"- Cards of: {safe(listed(table.raters))}"
    if meeting.opened is not None:
        yield f"- {_capital(safe(opened_words(meeting.opened)))}"
    speakers = dict.fromkeys(each.who for each in meeting.entries)
    yield f"- Spoke: {safe(listed(list(speakers)))}"
    if meeting.closed is not None:
        yield f"- Closed by {safe(flat(meeting.closed.who))} at {on(meeting.closed.said)}"


def _cards(table: Table) -> Iterator[str]:
    """Yield the cards as they were opened, and beside them what they are now."""
    yield "## Cards"
    yield ""
    yield "As they were submitted; behind an arrow, as they are now."
    yield ""
    yield "| | " + " | ".join(safe(flat(each)) for each in table.raters) + " |"
    yield "| --- |" + " --- |" * len(table.raters)
    for matter in (*table.matters, table.recommendation):
        cells = [safe(given_words(matter, each)) for each in matter.opinions]
        yield f"| {safe(flat(matter.title))} | " + " | ".join(cells) + " |"


def _differences(meeting: Meeting, table: Table) -> Iterator[str]:
    """Yield what was talked about: differences, what changed, and what was noted beside it."""
    matters = [
        each
        for each in (*table.matters, table.recommendation)
        if each.standing == "differ" or each.changed or _noted(meeting, each)
    ]
    if not matters:
        return
    yield "## Matters"
    for matter in matters:
        yield ""
        yield f"### {safe(flat(matter.title))}: {safe(standing_words(matter))}"
        yield ""
        for level, opinions in reversed(matter.given()):
            words = safe(level_words(matter, level))
            name = level_name(matter, level)
            yield f"- {name}: {words}" if matter.id else f"- {words or name}"
            for each in opinions:
                yield from _opinion(each)
        for entry in _noted(meeting, matter):
            who = f"{safe(flat(entry.who))}, {at(entry.said)}"
            yield f"- {KIND_WORDS[entry.kind]} ({who}): {safe(flat(entry.text))}"


def _noted(meeting: Meeting, matter: Matter) -> tuple[Entry, ...]:
    return meeting.said_of(matter.id) if matter.id != RECOMMENDATION else ()


def _opinion(opinion: Opinion) -> Iterator[str]:
    reason = f": {safe(flat(opinion.reason))}" if opinion.reason.strip() else ""
    yield f"    - {safe(flat(opinion.who))}{reason}"
    for piece in opinion.evidence:
        yield f"        - {safe(evidence_words(piece))}"


def _changes(table: Table) -> Iterator[str]:
    found = [
        (matter, opinion)
        for matter in (*table.matters, table.recommendation)
        for opinion in matter.changed
    ]
    if not found:
        return
    yield "## Changes of mind"
    yield ""
    for matter, opinion in found:
        who, title = safe(flat(opinion.who)), safe(flat(matter.title))
        for change in opinion.changes:
            words = safe(change_words(matter, change))
            yield f"- {who}, {title}: {words}: {safe(flat(change.why))}"
        if opinion.first_reason.strip():
            yield f"    - said first: {safe(flat(opinion.first_reason))}"


def _voices(table: Table) -> Iterator[str]:
    for title, name in (("Strengths", "strengths"), ("Gaps", "gaps")):
        found = [(each.who, str(getattr(each, name))) for each in table.voices]
        if any(text.strip() for _, text in found):
            yield f"## {title}"
            yield ""
            for who, text in found:
                if text.strip():
                    yield f"- {safe(flat(who))}: {safe(flat(text))}"
            yield ""


def _questions(meeting: Meeting) -> Iterator[str]:
    if not meeting.questions:
        return
    yield "## Questions"
    yield ""
    for question in meeting.questions:
        yield f"- {_entry(question)}"
        for answer in meeting.answers(question.number):
            yield f"    - {_entry(answer)}"
        if not meeting.answers(question.number):
            yield "    - still open"


def _minutes(meeting: Meeting) -> Iterator[str]:
    said = [each for each in meeting.entries if each.kind == "minute" and not each.subject]
    if said:
        yield "## Said"
        yield ""
        yield from (f"- {_entry(each)}" for each in said)


def _decision(meeting: Meeting) -> Iterator[str]:
    yield "## Decision"
    yield ""
    decision = meeting.decision
    if decision is None:
        yield "None yet."
        return
    yield safe(decision_words(meeting, decision))
    yield ""
    yield f"{safe(flat(decision.who))}, {on(decision.said)}"


def _steps(meeting: Meeting) -> Iterator[str]:
    if meeting.next_steps:
        yield "## Next steps"
        yield ""
        yield from (f"- {_entry(each)}" for each in meeting.next_steps)


def _entry(entry: Entry) -> str:
    return f"{safe(flat(entry.text))} ({safe(flat(entry.who))}, {at(entry.said)})"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
