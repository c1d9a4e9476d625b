"""Tags, commands and phases of a session as the store has them now: what the live view shows.

Reads only; what is missing is not computed here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from analyzer.records import Command, Evidence, Phase, Tag
from analyzer.tables import AnalysisRow, CommandRow, PhaseRow, TagRow
from recorder.store.engine import store_errors


def stored_tags(engine: Engine, session: str) -> tuple[Tag, ...]:
    """Return a session's tags by time.

    Raises:
        StoreError: The database cannot be read.

    """
    query = select(TagRow).where(TagRow.session == session).order_by(TagRow.t, TagRow.id)
    with store_errors(engine), Session(engine) as store:
        return tuple(_tag(row) for row in store.scalars(query))


def stored_commands(engine: Engine, session: str) -> tuple[Command, ...]:
    """Return a session's commands by time.

    Raises:
        StoreError: The database cannot be read.

    """
    query = (
        select(CommandRow)
        .where(CommandRow.session == session)
        .order_by(CommandRow.t, CommandRow.id)
    )
    with store_errors(engine), Session(engine) as store:
        return tuple(_command(row) for row in store.scalars(query))


def stored_cover(engine: Engine, session: str) -> dict[str, int]:
    """Return how many bytes of each of a session's files were analysed.

    Raises:
        StoreError: The database cannot be read.

    """
    query = select(AnalysisRow.covered).where(AnalysisRow.session == session)
    with store_errors(engine), Session(engine) as store:
        return dict(store.scalar(query) or {})


def stored_phases(engine: Engine, session: str) -> tuple[Phase, ...]:
    """Return a session's phases of work in order, as far as they were told.

    Raises:
        StoreError: The database cannot be read.

    """
    query = select(PhaseRow).where(PhaseRow.session == session).order_by(PhaseRow.number)
    with store_errors(engine), Session(engine) as store:
        return tuple(_phase(row) for row in store.scalars(query))


def _values(row: TagRow | CommandRow | PhaseRow) -> dict[str, Any]:
    return {
        column.name: getattr(row, column.name)
        for column in row.__table__.columns
        if column.name != "session"
    }


def _tag(row: TagRow) -> Tag:
    values = _values(row)
    values["evidence"] = tuple(Evidence(**each) for each in row.evidence)
    return Tag(**values)


def _command(row: CommandRow) -> Command:
    return Command(**_values(row))


def _phase(row: PhaseRow) -> Phase:
    return Phase(**{name: value for name, value in _values(row).items() if name != "number"})
