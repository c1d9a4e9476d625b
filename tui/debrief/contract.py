"""The debrief as JSON: what `jumpseat debrief --json` prints, a contract (docs/debrief.md).

Made of a `Meeting` alone. Levels, times in seconds and moments in UTC stand as they are stored.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from recorder.cards.debriefing import Entry
from recorder.cards.progress import Progress
from tui.debrief.meeting import Meeting
from tui.debrief.table import Matter, Opinion


def meeting_data(meeting: Meeting) -> dict[str, Any]:
    """Return the debrief as JSON has it; what its viewer may not see yet is null."""
    heading, table = meeting.heading, meeting.table
    return {
        "session": heading.session,
        "candidate": heading.candidate or None,
        "target": heading.target,
        "exercise": heading.exercise or None,
        "started": heading.started.isoformat(),
        "duration": heading.duration,
        "state": meeting.state,
        "hidden": meeting.hidden or None,
        "cards": [_progress(each) for each in meeting.progress],
        "opened": None if meeting.opened is None else entry_data(meeting.opened),
        "matters": None if table is None else [_matter(each) for each in table.matters],
        "recommendation": None if table is None else _matter(table.recommendation),
        "voices": None if table is None else [asdict(each) for each in table.voices],
        "entries": None if table is None else [entry_data(each) for each in meeting.entries],
    }


def entry_data(entry: Entry) -> dict[str, Any]:
    """Return what was said, as JSON has it."""
    return {
        "number": entry.number,
        "kind": entry.kind,
        "text": entry.text,
        "subject": entry.subject,
        "who": entry.who,
        "said": entry.said.isoformat(),
        "replaces": entry.replaces,
        "withdrawn": entry.withdrawn,
    }


def _progress(progress: Progress) -> dict[str, Any]:
    return {
        "who": progress.who,
        "state": progress.state,
        "asked": progress.asked,
        "excused": progress.excused,
        "submitted": None if progress.submitted is None else progress.submitted.isoformat(),
    }


def _matter(matter: Matter) -> dict[str, Any]:
    return {
        "id": matter.id or None,
        "title": matter.title,
        "question": matter.question,
        "levels": list(matter.levels),
        "standing": matter.standing,
        "spread": matter.spread,
        "opinions": [_opinion(each) for each in matter.opinions],
    }


def _opinion(opinion: Opinion) -> dict[str, Any]:
    return {
        "who": opinion.who,
        "first": opinion.first,
        "first_reason": opinion.first_reason,
        "level": opinion.level,
        "reason": opinion.reason,
        "evidence": [each.model_dump(mode="json") for each in opinion.evidence],
        "changes": [
            {"said": e.said.isoformat(), "before": e.before, "after": e.after, "why": e.why}
            for e in opinion.changes
        ],
    }
