"""The rows of what was concluded: written in step with the recording, read back as values.

Several may write at once (the follower, a viewer that asks): whoever read further wins. Nothing is
analysed here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from typing import Any, cast

from sqlalchemy import Connection, Engine, delete, insert, select, update

from analyzer.models.phase_models import phase_models_mark
from analyzer.models.scorers import scorers_digest
from analyzer.records import Analysis, Command, Evidence, Phase, Tag
from analyzer.signals.loader import active_rules
from analyzer.signals.places import rules_path, team_path
from analyzer.tables import AnalysisRow, CommandRow, PhaseRow, TagRow
from recorder.store.engine import store_errors
from recorder.store.tables import SessionRow

REVISION = 6
"""Raised with every change of the analyzer that changes what it concludes."""

_BATCH = 400
"""Keys in one statement, below the least of the databases' limits on parameters."""


def version() -> str:
    """Return what decides the conclusions: a hash of rules, models and the analyzer's version.

    Raises:
        RulesError: The rules cannot be read.

    """
    active_rules()
    team = team_path()
    models = f"{scorers_digest()} {phase_models_mark()}"
    return _version(team.read_bytes() if team else b"", models)


@lru_cache(maxsize=4)
def _version(team: bytes, models: str) -> str:
    try:
        program = installed_version("jumpseat")
    except PackageNotFoundError:
        program = "source"
    digest = hashlib.sha256(rules_path().read_bytes())
    digest.update(team)
    digest.update(f"{program} {REVISION} {models}".encode())
    return digest.hexdigest()[:32]


def store_analysis(engine: Engine, session: str, analysis: Analysis) -> None:
    """Replace a session's rows, unless somebody stored more of the same version.

    Raises:
        StoreError: The store cannot be written.

    """
    with store_errors(engine), engine.begin() as connection:
        _lock(connection, session)
        stored = _stored_cover(connection, session)
        if stored is not None and stored != analysis.covered and covers(stored, analysis.covered):
            return
        connection.execute(delete(CommandRow).where(CommandRow.session == session))
        connection.execute(delete(TagRow).where(TagRow.session == session))
        _insert(connection, session, analysis.commands, analysis.tags)
        _replace_phases(connection, session, analysis.phases)
        _note_cover(connection, session, analysis.covered)


def store_found(
    engine: Engine,
    session: str,
    commands: Sequence[Command],
    tags: Sequence[Tag],
    covered: dict[str, int],
    phases: Sequence[Phase] | None = None,
) -> None:
    """Add or renew rows while a session runs, and note how far it was read.

    ``phases`` take the place of all that were told before; None leaves these.

    Raises:
        StoreError: The store cannot be written.

    """
    with store_errors(engine), engine.begin() as connection:
        _lock(connection, session)
        stored = _stored_cover(connection, session)
        for table, ids in ((CommandRow, [c.id for c in commands]), (TagRow, [t.id for t in tags])):
            for start in range(0, len(ids), _BATCH):
                some = ids[start : start + _BATCH]
                connection.execute(
                    delete(table).where(table.session == session, table.id.in_(some))
                )
        _insert(connection, session, commands, tags)
        if phases is not None:
            _replace_phases(connection, session, phases)
        if stored is None or covers(covered, stored):
            _note_cover(connection, session, covered)


def forget(engine: Engine, session: str) -> None:
    """Drop all that was concluded about a session.

    Raises:
        StoreError: The store cannot be written.

    """
    with store_errors(engine), engine.begin() as connection:
        _lock(connection, session)
        for table in (CommandRow, TagRow, PhaseRow, AnalysisRow):
            connection.execute(delete(table).where(table.session == session))


def covers(covered: dict[str, int], wanted: dict[str, int]) -> bool:
    """Whether all of ``wanted`` was read."""
    return all(covered.get(name, 0) >= size for name, size in wanted.items())


def _lock(connection: Connection, session: str) -> None:
    """Let one writer at a time at a session's rows; it is the transaction's first statement."""
    connection.execute(update(SessionRow).where(SessionRow.id == session).values(id=SessionRow.id))


def _stored_cover(connection: Connection, session: str) -> dict[str, int] | None:
    """Return how far this version read the recording, None where it has not."""
    row = connection.execute(
        select(AnalysisRow.version, AnalysisRow.covered).where(AnalysisRow.session == session)
    ).first()
    return dict(row.covered) if row is not None and row.version == version() else None


def _note_cover(connection: Connection, session: str, covered: dict[str, int]) -> None:
    values = {"version": version(), "covered": covered, "updated": datetime.now(UTC)}
    known = connection.execute(
        update(AnalysisRow).where(AnalysisRow.session == session).values(**values)
    )
    if known.rowcount == 0:
        connection.execute(insert(AnalysisRow).values(session=session, **values))


def _insert(
    connection: Connection, session: str, commands: Sequence[Command], tags: Sequence[Tag]
) -> None:
    if commands:
        rows = [{"session": session, **asdict(command)} for command in commands]
        connection.execute(insert(CommandRow), rows)
    if tags:
        rows = [{"session": session, **asdict(tag)} for tag in tags]
        for row in rows:
            row["evidence"] = list(row["evidence"])
        connection.execute(insert(TagRow), rows)


def _replace_phases(connection: Connection, session: str, phases: Sequence[Phase]) -> None:
    connection.execute(delete(PhaseRow).where(PhaseRow.session == session))
    if phases:
        rows = [{"session": session, "number": n, **asdict(each)} for n, each in enumerate(phases)]
        connection.execute(insert(PhaseRow), rows)


def stored_analysis(engine: Engine, session: str) -> Analysis | None:
    """Return what the store holds, None where this version has stored nothing."""
    with store_errors(engine), engine.connect() as connection:
        covered = _stored_cover(connection, session)
        if covered is None:
            return None
        commands = connection.execute(
            select(CommandRow.__table__)
            .where(CommandRow.session == session)
            .order_by(CommandRow.t, CommandRow.id)
        ).mappings()
        tags = connection.execute(
            select(TagRow.__table__).where(TagRow.session == session).order_by(TagRow.t, TagRow.id)
        ).mappings()
        return Analysis(
            commands=tuple(Command(**_without_session(row)) for row in commands),
            tags=tuple(_tag(_without_session(row)) for row in tags),
            phases=_stored_phases(connection, session),
            covered=covered,
        )


def _stored_phases(connection: Connection, session: str) -> tuple[Phase, ...]:
    rows = connection.execute(
        select(PhaseRow.__table__).where(PhaseRow.session == session).order_by(PhaseRow.number)
    ).mappings()
    fields = ({k: v for k, v in _without_session(row).items() if k != "number"} for row in rows)
    return tuple(Phase(**each) for each in fields)


def _without_session(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "session"}


def _tag(fields: dict[str, Any]) -> Tag:
    evidence = cast("list[dict[str, Any]]", fields.pop("evidence"))
    return Tag(**fields, evidence=tuple(Evidence(**item) for item in evidence))
