"""Gathers a report: everything that is known of a session, asked of whoever knows it.

The candidate's copy is gathered apart: what it must not hold is never asked for.
How a report looks does not belong here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from analyzer.judgements import judgements_of
from analyzer.records import Analysis, Evidence
from analyzer.service import ensure_analysed
from analyzer.signals.titles import signal_words
from recorder.cards.card import Evidence as Pointed
from recorder.exercise.clocked import ClockRun
from recorder.home import Home
from recorder.store.notes import notes_of, standing
from tui.books import blind_because, book_of
from tui.report import observed, values
from tui.report.journal import (
    Journal,
    accepted,
    journal_events,
    probes_of,
    read_journal,
    terminals_of,
)
from tui.report.judging import judged_of
from tui.report.provenance import provenance_of
from tui.report.scenes import scenes_of, spread_scenes
from tui.report.screens import Screens, opened_screens
from tui.report.summary import doubts_of, not_reached_of, summary_of
from tui.seat.timeline.course import periods_of
from tui.unjudged import without_kinds

Progress = Callable[[float], None]
"""Told which share is done, from 0 to 1."""

ANALYSED = 0.6
"""The share of the work that analysing is, where it has to be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Of which session, where, by whom; ``team_key`` is the setting ``card_key``."""

    home: Home
    engine: Engine
    directory: Path
    viewer: str
    team_key: str | None = None


def gather(asked: Asked, progress: Progress | None = None) -> values.Report:
    """Return the team's report, as far as the viewer may see what is in it.

    Raises:
        SessionNotFoundError: There is no recording.
        RecordingError: It cannot be read.
        StoreError: The store cannot be used.
        SealError: A card was altered.
        RulesError: A team's signals cannot be read.

    """
    journal = read_journal(asked.directory)
    analysis = ensure_analysed(asked.directory, asked.engine, progress=_part(progress, ANALYSED))
    with opened_screens(asked.directory) as screens:
        _tell(progress, ANALYSED)
        return _report(asked, journal, analysis, screens)


def session_of(journal: Journal, duration: float) -> values.Session:
    """Return who, where and when."""
    opened, plan, closed = journal.opened, journal.plan, journal.closed
    states = {"closed": "ended", "cut-off": "cut-off", "failed": "failed"}
    return values.Session(
        id=opened.session,
        candidate=opened.candidate,
        target=opened.target,
        started=opened.started,
        duration=duration,
        state="live" if closed is None else states[closed.reason],
        exercise=journal.exercise.name if journal.exercise else None,
        exercise_title=plan.title if plan else None,
        clock_started=journal.clock_started,
        clock_length=journal.clock_length,
        logins=len(accepted(journal)),
        refused=journal.refused,
        terminals=terminals_of(journal),
    )


def _report(asked: Asked, journal: Journal, analysis: Analysis, screens: Screens) -> values.Report:
    plan = journal.plan
    duration = max(screens.duration, journal.last)
    session = session_of(journal, duration)
    notes = standing(notes_of(asked.engine, session.id))
    blind = blind_because(asked.home, asked.engine, session.id, asked.viewer)
    topics: tuple[values.Topic, ...] = ()
    phases = analysis.phases if blind is None else without_kinds(analysis.phases)
    if blind is None:
        judged_tags = judgements_of(asked.engine, session.id)
        topics = observed.topics_of(
            analysis.tags, phases, signal_words(), judged_tags, screens.quote
        )
    book = book_of(asked.home, asked.engine, session.id, asked.team_key)
    judged = judged_of(book, asked.viewer, lambda each: _pointed(each, screens))
    tasks = observed.tasks_of(plan, phases, notes)
    probes = probes_of(journal, duration)
    events = (
        *journal_events(journal),
        *observed.note_events(notes, plan),
        *observed.tag_events(topics),
        *observed.probe_events(probes),
    )
    provenance = provenance_of(asked.home, asked.directory, journal, analysis, machine=True)
    return values.Report(
        copy="team",
        made=_now(),
        made_for=asked.viewer,
        session=session,
        provenance=provenance,
        summary=(
            *summary_of(session, tasks, topics, probes, judged, blind=blind),
            *doubts_of(provenance),
        ),
        blind=blind,
        tasks=tasks,
        not_reached=not_reached_of(tasks, judged),
        commands=observed.commands_of(analysis.commands),
        timeline=_in_order(events),
        work=observed.work_of(phases, plan),
        periods=_periods(journal),
        topics=topics,
        probes=probes,
        judged=judged,
        scenes=scenes_of(topics, judged, screens),
    )


def _periods(journal: Journal) -> tuple[values.Period, ...]:
    if journal.clock_started is None or journal.clock_length is None:
        return ()
    run = ClockRun(started=journal.clock_started, length=journal.clock_length)
    return tuple(
        values.Period(start=each.start, until=each.until, title=each.title)
        for each in periods_of(run, journal.plan)
    )


def gather_for_candidate(asked: Asked, progress: Progress | None = None) -> values.Report:
    """Return a candidate's own copy: replay, times, commands and tasks.

    Neither cards, tags, notes, judgements nor the debrief are asked for, and no name of whoever
    judges is known here.

    Raises:
        SessionNotFoundError: There is no recording.
        RecordingError: It cannot be read.
        StoreError: The store cannot be used.

    """
    journal = read_journal(asked.directory)
    analysis = ensure_analysed(asked.directory, asked.engine, progress=_part(progress, ANALYSED))
    plan = journal.plan
    with opened_screens(asked.directory) as screens:
        session = session_of(journal, max(screens.duration, journal.last))
    commands = observed.commands_of(analysis.commands)
    provenance = provenance_of(asked.home, asked.directory, journal, analysis, machine=False)
    return values.Report(
        copy="candidate",
        made=_now(),
        made_for=None,
        session=session,
        provenance=provenance,
        summary=(
            *summary_of(session, (), (), (), None, blind=None),
            *doubts_of(provenance),
        ),
        tasks=tuple(
            values.Task(
                id=each.id, title=each.title, text=each.text, topics=(), reached="untold",
                seconds=0.0, first=None, last=None, ticked=None,
            )
            for each in (plan.task if plan else ())
        ),
        commands=commands,
        timeline=_in_order(journal_events(journal)),
        periods=_periods(journal),
        scenes=spread_scenes(commands),
    )  # fmt: skip


def _pointed(pointed: Pointed, screens: Screens) -> values.Piece:
    terminal = screens.active(pointed.t)
    return values.Piece(
        kind=pointed.kind,
        t=pointed.t,
        until=pointed.until,
        text=pointed.text,
        terminal=terminal,
        # What was spoken is on no screen.
        quote=None
        if pointed.kind == "quote"
        else screens.quote(pointed.t, terminal, _as_output(pointed)),
    )


def _as_output(pointed: Pointed) -> Evidence | None:
    """Return what to mark on the screen: what a card repeats may stand there word for word."""
    return Evidence(kind="output", t=pointed.t, text=pointed.text) if pointed.text else None


def _in_order(events: Iterable[values.Event]) -> tuple[values.Event, ...]:
    return tuple(sorted(events, key=lambda each: each.t))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _part(progress: Progress | None, share: float) -> Progress | None:
    return None if progress is None else lambda done: progress(done * share)


def _tell(progress: Progress | None, share: float) -> None:
    if progress is not None:
        progress(share)
