"""A session in a few sentences, and what of it was not reached: facts, in the order of interest.

Nothing is weighed here; a number is a count of something that the report lists.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from recorder.cards.levels import LEVEL_WORDS
from tui.cli.output import counted, span
from tui.report.values import Judged, Probe, Provenance, Session, Task, Topic
from tui.report.words import day_and_time

_MOST_GAPS = 3
"""Gaps that a summary names; the others stand where it is told how it was recorded."""


def summary_of(
    session: Session,
    tasks: Sequence[Task],
    topics: Sequence[Topic],
    probes: Sequence[Probe],
    judged: Judged | None,
    *,
    blind: str | None,
) -> tuple[str, ...]:
    """Return the sentences."""
    found = [_who(session), _how_long(session)]
    if tasks:
        found.append(_tasks(tasks))
    found += _outside(probes)
    if topics:
        count = sum(len(each.seen) for each in topics)
        found.append(
            f"{counted(count, 'observation')} by the machine on {counted(len(topics), 'topic')}."
        )
    if blind is not None:
        found.append(f"The machine's observations are left out: {blind}.")
    if judged is not None:
        found += _judged(judged)
    return tuple(found)


def doubts_of(provenance: Provenance) -> tuple[str, ...]:
    """Return what a reader must know of the recording before anything else is believed."""
    words = {
        "altered": "The recording is NOT as it was signed: see how it was recorded.",
        "unsigned": "The recording is not signed: that nothing was changed cannot be shown.",
    }
    found = [words[provenance.verdict]] if provenance.verdict in words else []
    return (*found, *(f"Missing: {each}." for each in provenance.gaps[:_MOST_GAPS]))


def _who(session: Session) -> str:
    who = session.candidate or "A candidate who was not named"
    what = f"worked on \u201c{session.exercise_title or session.exercise}\u201d"
    if session.exercise is None:
        what = "worked"
    return f"{who} {what} on {session.target}, from {day_and_time(session.started)}."


def _how_long(session: Session) -> str:
    ends = {
        "ended": "",
        "live": "; the session still goes on",
        "cut-off": "; the recording was cut off",
        "failed": "; the end of the recording is missing",
    }
    logins = counted(session.logins, "login")
    terminals = counted(len(session.terminals), "terminal")
    end = ends.get(session.state, "")
    return f"{span(session.duration)} were recorded: {logins}, {terminals}{end}."


def _tasks(tasks: Sequence[Task]) -> str:
    worked = [each for each in tasks if each.reached == "worked-on"]
    ticked = [each for each in tasks if each.reached == "ticked"]
    times = ", ".join(f"{each.title} ({span(each.seconds)})" for each in worked)
    words = f"Work was seen on {len(worked)} of {counted(len(tasks), 'task')}"
    more = f"; ticked by an interviewer: {', '.join(each.title for each in ticked)}"
    return words + (f": {times}" if times else "") + (more if ticked else "") + "."


def _outside(probes: Sequence[Probe]) -> Iterator[str]:
    for probe in probes:
        if not probe.must_hold:
            continue
        bad = [each for each in probe.looks if not each.good]
        if bad:
            spans = ", ".join(f"{span(e.start)} to {span(e.until)} ({e.words})" for e in bad)
            yield f"{probe.title}: not as it should be from {spans}."
        elif probe.looks:
            yield f"{probe.title}: as it should be whenever it was looked at."


def _judged(judged: Judged) -> Iterator[str]:
    if judged.sealed is not None:
        if judged.waiting:
            yield f"{counted(len(judged.waiting), 'card')} sealed: {judged.sealed}."
        return
    counts = Counter(each.recommendation_words for each in judged.cards)
    words = ", ".join(f"{name} ({count})" for name, count in counts.most_common())
    yield f"{counted(len(judged.cards), 'card')}: {words}."
    if judged.decision is not None:
        yield f"Decision: {judged.decision_words or judged.decision.text}."
    else:
        yield "No decision is kept yet."


def not_reached_of(tasks: Sequence[Task], judged: Judged) -> tuple[str, ...]:
    """Return what was not reached, a line each: tasks, and competencies not seen enough of."""
    found = [
        f"No work was seen on the task \u201c{each.title}\u201d."
        for each in tasks
        if each.reached == "not-seen"
    ]
    found += [
        f"Whether the task \u201c{each.title}\u201d was reached, a terminal does not show."
        for each in tasks
        if each.reached == "untold"
    ]
    for each in judged.competencies:
        unsure = [rating.who for rating in each.ratings if rating.level == 0]
        if unsure:
            found.append(f"\u201c{each.title}\u201d: {', '.join(unsure)} {LEVEL_WORDS[0]}.")
    return tuple(found)
