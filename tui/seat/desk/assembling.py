"""Puts the desk together as of any moment; the one door of this package for who draws it."""

from __future__ import annotations

from analyzer.visible import plain
from recorder.exercise.schema import Exercise
from tui.seat.desk.alarms import alarms_of
from tui.seat.desk.arrivals import connections_at, turned_away_at
from tui.seat.desk.chronicle import Chronicle
from tui.seat.desk.outside import probes_at
from tui.seat.desk.spoken import spoken
from tui.seat.desk.timing import clock_at
from tui.seat.desk.values import Desk
from tui.seat.desk.work import asked_at, made_at, tags_at, tasks_at
from tui.seat.feed import Findings


def desk_at(chronicle: Chronicle, findings: Findings, t: float, *, live: bool) -> Desk:
    """Return the desk as it stood at ``t`` seconds; ``live`` whether the session goes on now."""
    plan = chronicle.plan
    clock = clock_at(
        plan,
        chronicle.began,
        chronicle.extensions,
        made_at(findings, t),
        t,
        ended=chronicle.ended,
    )
    probes = probes_at(plan, chronicle.probes, chronicle.stopped, t)
    connections = connections_at(chronicle, t)
    turned_away = turned_away_at(chronicle, t)
    return Desk(
        now=t,
        started=chronicle.started,
        live=live,
        title="" if plan is None else plain(plan.title),
        say="" if plan is None else spoken(plan.say or ""),
        clock=clock,
        tasks=tasks_at(plan, findings, t),
        tags=tags_at(findings, t),
        probes=probes,
        connections=connections,
        turned_away=turned_away,
        tried=chronicle.knocks.count(t),
        refused=chronicle.failures.count(t),
        asked=asked_at(findings, t),
        closing=() if plan is None else tuple(spoken(each.text) for each in plan.closing_question),
        information=() if plan is None else _information(plan),
        hidden=findings.hidden,
        alarms=alarms_of(clock, probes, connections, turned_away, live=live),
    )


def _information(plan: Exercise) -> tuple[tuple[str, str], ...]:
    return tuple((plain(each.title), spoken(each.text)) for each in plan.information)
