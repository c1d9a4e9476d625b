"""What a report's words are in every form for people: times of the day, states, pips.

Pure; nothing of a format belongs here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from recorder.cards.levels import LEVEL_WORDS
from tui.cli.output import span
from tui.report.values import Look, Report, Session, Stretch, Task

PIPS = 4
"""Levels above 0."""

LEGEND = (
    ", ".join(f"{level} {word}" for level, word in enumerate(LEVEL_WORDS) if level)
    + f"; 0 {LEVEL_WORDS[0]}, and counts in no spread. Nothing is added up."
)
"""What the levels mean, below the ratings."""

REACHED = {
    "worked-on": "work was seen",
    "ticked": "an interviewer ticked it",
    "not-seen": "no work was seen",
    "untold": "a terminal does not show it",
}

DETECTORS = {
    "rule": "seen by a rule",
    "model": "a model's guess",
    "inferred": "inferred from what was printed",
}

_LATEST = 10 * 365 * 86400.0
"""Seconds; what a journal places later was not written by a recorder."""


def day_and_time(iso: str) -> str:
    """Return a moment of the calendar: ``2026-11-20 13:00 UTC``; as it stands where it is none."""
    found = _parsed(iso)
    return iso if found is None else f"{found:%Y-%m-%d %H:%M} UTC"


def time_of_day(session: Session, t: float) -> str:
    """Return what the clock said, in UTC, at a moment of a session; ``-`` where nobody can tell."""
    started = _parsed(session.started)
    if started is None or not 0 <= t < _LATEST:
        return "-"
    return f"{started + timedelta(seconds=t):%H:%M}"


def _parsed(iso: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(iso)
    except ValueError:
        return None
    # A journal that was tampered with may name the ends of the calendar.
    if not 1900 < found.year < 9000:  # noqa: PLR2004 - centuries
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def pips(level: int | None) -> str:
    """Return a level to be seen at a glance; 0 and none have words of their own."""
    if not level:
        return ""
    return "\N{BLACK CIRCLE}" * level + "\N{WHITE CIRCLE}" * (PIPS - level)


def level_words(level: int | None, first: int | None) -> str:
    """Return a level and, where it was another one first, that one."""
    words = "not rated" if level is None else str(level) if level else f"0, {LEVEL_WORDS[0]}"
    return words if first is None else f"{words} (first {first})"


def spread_words(spread: int | None) -> str:
    """Return how far apart the ratings of one competency are."""
    if spread is None:
        return "fewer than two ratings"
    return "all alike" if spread == 0 else f"differ by {spread}"


def look_words(session: Session, look: Look) -> str:
    """Return from when to when, by the clock."""
    return f"{time_of_day(session, look.start)} to {time_of_day(session, look.until)} UTC"


def stretch_words(stretch: Stretch) -> str:
    """Return from when to when what was worked on, and what kind of work it was, where told."""
    kinds = ", ".join(each.replace("-", " ") for each in stretch.activities)
    words = f"{span(stretch.start)} to {span(stretch.until)} {stretch.title}"
    return f"{words}: {kinds}" if kinds else words


def reached_words(task: Task) -> str:
    """Return how far a task came."""
    return REACHED[task.reached]


def provenance_rows(report: Report) -> Sequence[tuple[str, str]]:
    """Return what is said of a recording, title by title; shared by the forms for people."""
    found, session = report.provenance, report.session
    rows = [
        ("Session", session.id),
        ("Recording", f"{found.verdict}: {'; '.join(found.verified)}"),
        ("Signed", f"{found.signed or 'no'}" + (f" by {found.signer}" if found.signer else "")),
        ("Recorded by", f"{found.program}, format {found.format}"),
        ("Consent", found.consent),
        ("Exercise", f"{session.exercise or 'none'}" + _hash(found.exercise_sha256)),
    ]
    if found.rules_sha256 is not None:
        rows.append(("Rules", _hash(found.rules_sha256).strip(", ")))
    rows += [(f"Model {kind}", digest) for kind, digest in found.models]
    made = f"{day_and_time(report.made)} with {found.made_by}"
    rows.append(("This report", made + (f" for {report.made_for}" if report.made_for else "")))
    return rows


def _hash(digest: str | None) -> str:
    return "" if digest is None else f", sha256 {digest}"
