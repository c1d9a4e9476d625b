"""The tables of transcripts. Only columns and constraints.

A change here needs a revision in ``alembic/versions``.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ColumnClause,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
)

from recorder.store.base import Base
from recorder.store.tables import Words


class TranscriptRow(Base):
    """One transcript that was attached; ``offset`` is the session's ``t`` at its time zero, in s.

    ``format`` is plain, webvtt or srt. One that was ``withdrawn`` has no lines any more.
    """

    __tablename__ = "transcripts"

    session: ColumnClause[str] = Column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    number: ColumnClause[int] = Column(Integer, primary_key=True, autoincrement=False)
    name: ColumnClause[str] = Column(Words)
    format: ColumnClause[str] = Column(String(16))
    offset: ColumnClause[float] = Column(Double)
    who: ColumnClause[str] = Column(Words)
    said: ColumnClause[datetime] = Column(DateTime(timezone=True))
    withdrawn: ColumnClause[bool] = Column(Boolean)


class TranscriptLineRow(Base):
    """One thing that somebody said; times as the file has them, in seconds, without the offset.

    ``t`` and ``until`` are None where the file gives no times.
    """

    __tablename__ = "transcript_lines"
    __table_args__ = (
        ForeignKeyConstraint(
            ["session", "transcript"],
            ["transcripts.session", "transcripts.number"],
            ondelete="CASCADE",
        ),
    )

    session: ColumnClause[str] = Column(String(32), primary_key=True)
    transcript: ColumnClause[int] = Column(Integer, primary_key=True, autoincrement=False)
    line: ColumnClause[int] = Column(Integer, primary_key=True, autoincrement=False)
    t: ColumnClause[float | None] = Column(Double)
    until: ColumnClause[float | None] = Column(Double)
    speaker: ColumnClause[str | None] = Column(Words)
    text: ColumnClause[str] = Column(Words)
