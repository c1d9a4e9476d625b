"""The analyzer's tables: what was concluded, and how far the recording was read for it.

Only columns and constraints. Everything here can be dropped and computed again from recordings.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnClause,
    DateTime,
    Double,
    ForeignKey,
    Integer,
    String,
)

from recorder.store.base import Base
from recorder.store.tables import Words


class CommandRow(Base):
    """One command line; the columns are the fields of `jumpseat commands --json`."""

    __tablename__ = "commands"

    session: ColumnClause[str] = Column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    id: ColumnClause[str] = Column(String(64), primary_key=True)
    kind: ColumnClause[str] = Column(String(16))
    connection: ColumnClause[int] = Column(Integer)
    channel: ColumnClause[int] = Column(Integer)
    t: ColumnClause[float] = Column(Double)
    duration: ColumnClause[float | None] = Column(Double)
    user: ColumnClause[str | None] = Column(Words)
    host: ColumnClause[str | None] = Column(Words)
    cwd: ColumnClause[str | None] = Column(Words)
    text: ColumnClause[str] = Column(Words)
    source: ColumnClause[str] = Column(String(16))
    confidence: ColumnClause[float] = Column(Double)
    outcome: ColumnClause[str] = Column(String(16))
    exit_status: ColumnClause[int | None] = Column(BigInteger)
    depth: ColumnClause[int] = Column(Integer)


class TagRow(Base):
    """One occurrence of a signal; the columns are the fields of `jumpseat tags --json`."""

    __tablename__ = "tags"

    session: ColumnClause[str] = Column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    id: ColumnClause[str] = Column(String(64), primary_key=True)
    signal: ColumnClause[str] = Column(String(64), index=True)
    topic: ColumnClause[str] = Column(String(64))
    t: ColumnClause[float] = Column(Double)
    until: ColumnClause[float | None] = Column(Double)
    outcome: ColumnClause[str] = Column(String(16))
    confidence: ColumnClause[float] = Column(Double)
    detector: ColumnClause[str] = Column(String(16))
    state: ColumnClause[str] = Column(String(16))
    evidence: ColumnClause[list[dict[str, Any]]] = Column(JSON)


class PhaseRow(Base):
    """A stretch of work; which task it serves, the session's exercise says."""

    __tablename__ = "phases"

    session: ColumnClause[str] = Column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    number: ColumnClause[int] = Column(Integer, primary_key=True, autoincrement=False)
    start: ColumnClause[float] = Column(Double)
    until: ColumnClause[float] = Column(Double)
    topic: ColumnClause[str] = Column(String(64))
    activity: ColumnClause[str] = Column(String(64))
    confidence: ColumnClause[float] = Column(Double)


class JudgementRow(Base):
    """What a person said of a tag or of a stretch; nothing of it is ever computed again.

    ``verdict`` is confirmed, rejected, relabelled or withdrawn (of an earlier judgement); ``tag``
    the tag's id, null for a stretch; ``label`` what it is instead, or what the stretch is. Those of
    one subject stand beside each other, ``number`` in the order in which they were said: the last
    counts. ``signal``, ``start`` and ``until`` are the tag's own at that time, so that a judgement
    whose tag is gone still says what it was about.
    """

    __tablename__ = "judgements"

    session: ColumnClause[str] = Column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    number: ColumnClause[int] = Column(Integer, primary_key=True, autoincrement=False)
    tag: ColumnClause[str | None] = Column(String(128))
    signal: ColumnClause[str | None] = Column(String(64))
    start: ColumnClause[float] = Column(Double)
    until: ColumnClause[float | None] = Column(Double)
    verdict: ColumnClause[str] = Column(String(16))
    label: ColumnClause[str | None] = Column(String(64))
    who: ColumnClause[str] = Column(Words)
    said: ColumnClause[datetime] = Column(DateTime(timezone=True))
    reason: ColumnClause[str | None] = Column(Words)


class AnalysisRow(Base):
    """How far a recording was analysed, by which version of rules and program."""

    __tablename__ = "analyses"

    session: ColumnClause[str] = Column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    version: ColumnClause[str] = Column(String(64))
    covered: ColumnClause[dict[str, int]] = Column(JSON)
    updated: ColumnClause[datetime] = Column(DateTime(timezone=True))
