"""What it comes to: strengths and gaps, what is still open, the decision, what is done next.

Pure drawing.
"""

from __future__ import annotations

from collections.abc import Sequence

from recorder.cards.debriefing import Entry
from tui.debrief.meeting import Meeting
from tui.debrief.pages import INDENT, Paper
from tui.debrief.text import entry_line
from tui.debrief.wording import at, decision_words, flat, opened_words
from tui.seat.look import FAINT, INK


def draw_outcome(paper: Paper, meeting: Meeting) -> None:
    """Write the last page."""
    _decision(paper, meeting)
    _questions(paper, meeting)
    _entries(paper, meeting, "Next steps", meeting.next_steps)
    _voices(paper, meeting)
    minutes = [each for each in meeting.entries if each.kind == "minute"]
    _entries(paper, meeting, "Said", minutes)
    if meeting.opened is not None:
        paper.blank()
        paper.write(opened_words(meeting.opened), FAINT)
    if meeting.closed is not None:
        paper.write(f"closed by {flat(meeting.closed.who)} at {at(meeting.closed.said)}", FAINT)


def _decision(paper: Paper, meeting: Meeting) -> None:
    paper.write("Decision", FAINT)
    if meeting.decision is None:
        paper.write("None yet: d decides.", INK)
        return
    paper.write(decision_words(meeting, meeting.decision), f"bold {INK}")
    paper.write(f"{flat(meeting.decision.who)}, {at(meeting.decision.said)}", FAINT)


def _questions(paper: Paper, meeting: Meeting) -> None:
    if not meeting.questions:
        return
    paper.blank()
    paper.write("Questions", FAINT)
    for each in meeting.questions:
        paper.write(entry_line(meeting, each), INK, rest=INDENT + "  ")
        answers = meeting.answers(each.number)
        for answer in answers:
            paper.write(entry_line(meeting, answer), INK, first=INDENT + "  ", rest=INDENT + "    ")
        if not answers:
            paper.write("still open: a answers", "$caution", first=INDENT + "  ")


def _entries(paper: Paper, meeting: Meeting, title: str, entries: Sequence[Entry]) -> None:
    if not entries:
        return
    paper.blank()
    paper.write(title, FAINT)
    for each in entries:
        paper.write(entry_line(meeting, each), INK, rest=INDENT + "  ")


def _voices(paper: Paper, meeting: Meeting) -> None:
    if meeting.table is None:
        return
    for title, name in (("Strengths", "strengths"), ("Gaps", "gaps")):
        found = [(each.who, str(getattr(each, name))) for each in meeting.table.voices]
        if any(text.strip() for _, text in found):
            paper.blank()
            paper.write(title, FAINT)
            for who, text in found:
                if text.strip():
                    paper.write(f"{flat(who)}: {flat(text)}", INK, rest=INDENT + "  ")
