"""Tags, commands and phases of a session as the store has them now: what the live view shows.

Reads only; what is missing is not computed here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, select

from analyzer.records import Command, Evidence, Phase, Tag
from analyzer.tables import AnalysisRow, CommandRow, PhaseRow, TagRow
from recorder.store.engine import store_errors


def stored_tags(engine: Engine, session: str) -> tuple[Tag, ...]:
    """Return a session's tags by time.

    Raises:
        StoreError: The database cannot be read.

    """
    return tuple(_tag(row) for row in _rows(engine, TagRow, session, "t", "id"))


def stored_commands(engine: Engine, session: str) -> tuple[Command, ...]:
    """Return a session's commands by time.

    Raises:
        StoreError: The database cannot be read.

    """
    return tuple(Command(**row) for row in _rows(engine, CommandRow, session, "t", "id"))


def stored_cover(engine: Engine, session: str) -> dict[str, int]:
    """Return how many bytes of each of a session's files were analysed.

    Raises:
        StoreError: The database cannot be read.

    """
    query = select(AnalysisRow.covered).where(AnalysisRow.session == session)
    with store_errors(engine), engine.connect() as connection:
        return dict(connection.scalar(query) or {})


def stored_phases(engine: Engine, session: str) -> tuple[Phase, ...]:
    """Return a session's phases of work in order, as far as they were told.

    Raises:
        StoreError: The database cannot be read.

    """
    rows = _rows(engine, PhaseRow, session, "number", without=("number",))
    return tuple(Phase(**row) for row in rows)


def _rows(
    engine: Engine,
    kind: type[TagRow | CommandRow | PhaseRow],
    session: str,
    *order: str,
    without: tuple[str, ...] = (),
) -> list[dict[str, Any]]:
    """Return a session's rows of a table in an order, without its id and some other columns."""
    columns = kind.__table__.columns
    wanted = [each for each in columns if each.name not in {"session", *without}]
    query = (
        select(*wanted)
        .where(columns["session"] == session)
        .order_by(*(columns[name] for name in order))
    )
    with store_errors(engine), engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def _tag(row: dict[str, Any]) -> Tag:
    return Tag(**(row | {"evidence": tuple(Evidence(**each) for each in row["evidence"])}))
