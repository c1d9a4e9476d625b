"""The table of the trace. Only columns; no session's rows: it stays when they go.

A change here needs a revision in ``alembic/versions``.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ColumnClause, DateTime, Integer, String

from recorder.store.base import Base
from recorder.store.tables import ShortWords, Words


class TraceRow(Base):
    """One thing that somebody did.

    ``door`` is where they came in (`recorder.trace.actions.Door`); ``about`` a session's id, if it
    was about one; ``before`` the hash of the entry before, ``hash`` that of this one over all its
    columns and ``before``, SHA-256 in hexadecimal.
    """

    __tablename__ = "trace"

    number: ColumnClause[int] = Column(Integer, primary_key=True, autoincrement=False)
    said: ColumnClause[datetime] = Column(DateTime(timezone=True))
    who: ColumnClause[str] = Column(Words)
    door: ColumnClause[str] = Column(String(16))
    action: ColumnClause[str] = Column(String(32))
    about: ColumnClause[str | None] = Column(ShortWords(64), index=True)
    detail: ColumnClause[str] = Column(Words)
    before: ColumnClause[str] = Column(String(64))
    hash: ColumnClause[str] = Column(String(64))
