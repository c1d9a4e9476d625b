"""What a recording's journal tells a report: who, when, from outside, and where it has holes.

Reads the journal alone, once. Screens, commands and what they mean are not known here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from recorder.errors import RecordingError
from recorder.exercise.recorded import plan_of
from recorder.exercise.schema import Exercise, HttpProbe
from recorder.recording.journal import (
    ChannelClosed,
    ChannelOpened,
    ClockEnded,
    ClockExtended,
    ClockStarted,
    ConnectionClosed,
    ConnectionRefused,
    ExerciseChosen,
    Imported,
    ImportLeftOut,
    JournalEntry,
    LoginAttempt,
    ProbingStopped,
    SessionClosed,
    SessionOpened,
    SessionTerms,
)
from recorder.recording.journal import Probe as ProbeEntry
from recorder.recording.tail import JournalTail
from tui.report.values import Event, Look, Probe, Terminal
from tui.seat.desk.outside import Seen, seen_of


@dataclass(slots=True)
class Journal:
    """All of it that a report needs, as it was read.

    Attributes:
        last: The latest moment of a line, in seconds since the start.

    """

    opened: SessionOpened
    terms: SessionTerms | None = None
    exercise: ExerciseChosen | None = None
    clock_started: float | None = None
    clock_length: float | None = None
    clock_ended: float | None = None
    closed: SessionClosed | None = None
    last: float = 0.0
    refused: int = 0
    logins: list[LoginAttempt] = field(default_factory=list)
    terminals: list[ChannelOpened] = field(default_factory=list)
    ended: dict[tuple[int, int], float] = field(default_factory=dict)
    left: list[ConnectionClosed] = field(default_factory=list)
    probes: dict[str, list[ProbeEntry]] = field(default_factory=dict)
    stopped: ProbingStopped | None = None
    imported: list[Imported] = field(default_factory=list)
    left_out: list[ImportLeftOut] = field(default_factory=list)

    @property
    def plan(self) -> Exercise | None:
        """The exercise's plan, where this program can read it."""
        return None if self.exercise is None else plan_of(self.exercise)

    @property
    def exercise_sha256(self) -> str | None:
        """What tells this plan from others of its name."""
        if self.exercise is None:
            return None
        text = json.dumps(self.exercise.plan, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_journal(directory: Path) -> Journal:
    """Read the journal of a recording.

    Raises:
        SessionNotFoundError: There is no recording in the directory.
        RecordingError: It does not begin with a session.

    """
    journal: Journal | None = None
    for entry in _entries(directory):
        if journal is None:
            if not isinstance(entry, SessionOpened):
                break
            journal = Journal(entry)
        journal.last = max(journal.last, entry.t)
        _take(journal, entry)
    if journal is None:
        raise RecordingError(
            f"the journal in {directory} does not begin with a session",
            "`jumpseat session verify` tells what is wrong with it",
        )
    return journal


def _entries(directory: Path) -> Iterator[JournalEntry]:
    tail = JournalTail(directory)
    try:
        while entries := tail.take():
            yield from entries
    finally:
        tail.close()


def _take(journal: Journal, entry: JournalEntry) -> None:
    match entry:
        case SessionTerms():
            journal.terms = journal.terms or entry
        case ExerciseChosen():
            journal.exercise = journal.exercise or entry
        case ConnectionRefused():
            journal.refused += entry.times
        case SessionClosed():
            journal.closed = entry
        case ProbeEntry():
            journal.probes.setdefault(entry.probe, []).append(entry)
        case ProbingStopped():
            journal.stopped = journal.stopped or entry
        case Imported():
            journal.imported.append(entry)
        case ImportLeftOut():
            journal.left_out.append(entry)
        case _:
            _take_part(journal, entry)


def _take_part(journal: Journal, entry: JournalEntry) -> None:
    match entry:
        case ClockStarted():
            journal.clock_started, journal.clock_length = entry.t, entry.length
        case ClockExtended():
            journal.clock_length = entry.length
        case ClockEnded():
            journal.clock_ended = entry.t
        case LoginAttempt():
            journal.logins.append(entry)
        case ChannelOpened() if entry.pty is not None and entry.file is not None:
            journal.terminals.append(entry)
        case ChannelClosed():
            journal.ended[entry.connection, entry.channel] = entry.t
        case ConnectionClosed():
            journal.left.append(entry)
        case _:
            pass


def name_of(connection: int | None, channel: int | None) -> str | None:
    """Return what a terminal is called everywhere, ``c1-2``; None where it is none."""
    return None if connection is None or channel is None else f"c{connection}-{channel}"


def terminals_of(journal: Journal) -> tuple[Terminal, ...]:
    """Return the terminals, in the order in which they were opened."""
    return tuple(
        Terminal(
            name=f"c{each.connection}-{each.channel}",
            opened=each.t,
            closed=journal.ended.get((each.connection, each.channel)),
            user=each.user,
            columns=each.pty.columns,
            lines=each.pty.lines,
        )
        for each in journal.terminals
        if each.pty is not None
    )


def accepted(journal: Journal) -> list[LoginAttempt]:
    """Return the logins that led in."""
    return [each for each in journal.logins if each.outcome == "accepted"]


def probes_of(journal: Journal, until: float) -> tuple[Probe, ...]:
    """Return what each probe saw from when to when, neighbours that tell the same joined.

    Args:
        journal: The journal.
        until: The session's end; where probing stopped before, looks end there.

    """
    plan = journal.plan
    planned = {} if plan is None else {each.id: each for each in plan.probe}
    end = until if journal.stopped is None else min(until, journal.stopped.t)
    order = [*(each for each in planned if each in journal.probes)]
    order += [each for each in journal.probes if each not in planned]
    found = []
    for id_ in order:
        given = planned.get(id_)
        must_hold = isinstance(given, HttpProbe) and given.contains is not None
        looks = tuple(_looks(journal.probes[id_], end))
        title = id_ if given is None else given.title
        found.append(Probe(id=id_, title=title, must_hold=must_hold, looks=looks))
    return tuple(found)


def _looks(entries: list[ProbeEntry], end: float) -> Iterator[Look]:
    seen: Seen | None = None
    for entry in entries:
        now = seen_of(entry, seen)
        if seen is not None and now.since != seen.since:
            yield _look(seen, now.since)
        seen = now
    if seen is not None:
        yield _look(seen, max(end, seen.since))


def _look(seen: Seen, until: float) -> Look:
    return Look(start=seen.since, until=until, words=seen.words, good=seen.good)


def journal_events(journal: Journal) -> Iterator[Event]:
    """Yield what a timeline tells of logins, the clock and the end."""
    for each in journal.logins:
        if each.method == "none" and each.outcome == "refused":
            # Every client asks so first, to learn what is offered.
            continue
        words = {"accepted": "logged in", "partial": "one of several steps of a login"}
        said = words.get(each.outcome, "login refused")
        kind = "login" if each.outcome == "accepted" else "refused"
        yield Event(t=each.t, kind=kind, text=f"{said}: {each.user}, {each.method}")
    for left in journal.left:
        yield Event(t=left.t, kind="ended", text=f"connection {left.connection}: {left.reason}")
    if journal.clock_started is not None:
        yield Event(t=journal.clock_started, kind="clock", text="the clock was started")
    if journal.clock_ended is not None:
        yield Event(t=journal.clock_ended, kind="clock", text="the clock ran out")
    if journal.closed is not None:
        yield Event(
            t=journal.closed.t, kind="ended", text=f"the session {_ENDS[journal.closed.reason]}"
        )


_ENDS = {
    "closed": "was closed",
    "cut-off": "was cut off: its recorder was killed",
    "failed": "stopped: it could not be written",
}
