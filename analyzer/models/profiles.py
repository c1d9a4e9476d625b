"""What likeness is computed from, out of the store: counts of signals, seconds of work.

Tags that a person rejected, or called another signal, do not count, or count as that one. Reads
only; what is missing is not analysed here.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from sqlalchemy import Connection, Engine, func, select

from analyzer.judgements import judgement_of, standing
from analyzer.models.likeness import Profile
from analyzer.tables import AnalysisRow, JudgementRow, PhaseRow, TagRow
from recorder.store.engine import store_errors
from recorder.store.tables import SessionRow


def profiles(engine: Engine) -> dict[str | None, tuple[Profile, ...]]:
    """Return the profiles of all sessions that were analysed, by their exercise's name.

    Raises:
        StoreError: The store cannot be read.

    """
    with store_errors(engine), engine.connect() as connection:
        signals = _signals(connection)
        topics, activities = _seconds(connection, "topic"), _seconds(connection, "activity")
        known = connection.execute(
            select(SessionRow.id, SessionRow.exercise)
            .join(AnalysisRow, AnalysisRow.session == SessionRow.id)
            .order_by(SessionRow.id)
        ).all()
    found: dict[str | None, list[Profile]] = defaultdict(list)
    for row in known:
        profile = Profile(
            session=row.id,
            signals=signals[row.id],
            topics=topics[row.id],
            activities=activities[row.id],
        )
        found[row.exercise].append(profile)
    return {exercise: tuple(each) for exercise, each in found.items()}


def _signals(connection: Connection) -> dict[str, Counter[str]]:
    query = (
        select(TagRow.session, TagRow.signal, func.count())
        .where(TagRow.state == "established")
        .group_by(TagRow.session, TagRow.signal)
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for session, signal, count in connection.execute(query):
        found[session][signal] = count
    for session, signal, label in _corrections(connection):
        found[session][signal] -= 1
        if label is not None:
            found[session][label] += 1
    # Adding nothing drops what is no longer above nought.
    return defaultdict(Counter, {session: +counts for session, counts in found.items()})


def _corrections(connection: Connection) -> list[tuple[str, str, str | None]]:
    """Return session, signal and the other signal of the tags that were called wrong."""
    query = (
        select(JudgementRow.__table__)
        .join(TagRow, (TagRow.session == JudgementRow.session) & (TagRow.id == JudgementRow.tag))
        .where(TagRow.state == "established")
        .order_by(JudgementRow.session, JudgementRow.number)
    )
    by_session = defaultdict(list)
    for row in connection.execute(query).mappings():
        by_session[row["session"]].append(judgement_of(dict(row)))
    return [
        (session, each.signal, each.label)
        for session, said in by_session.items()
        for each in standing(said)
        if each.verdict in {"rejected", "relabelled"} and each.signal is not None
    ]


def _seconds(connection: Connection, column: str) -> dict[str, dict[str, float]]:
    word = PhaseRow.topic if column == "topic" else PhaseRow.activity
    query = select(PhaseRow.session, word, func.sum(PhaseRow.until - PhaseRow.start)).group_by(
        PhaseRow.session, word
    )
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for session, name, seconds in connection.execute(query):
        found[session][name] = float(seconds)
    return found
