"""The analyzer's tables: what was concluded, and how far the recording was read for it.

Only columns and constraints. Everything here can be dropped and computed again from recordings.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from recorder.store.tables import Base, Words


class CommandRow(Base):
    """One command line; the columns are the fields of `jumpseat commands --json`."""

    __tablename__ = "commands"

    session: Mapped[str] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    connection: Mapped[int]
    channel: Mapped[int]
    t: Mapped[float]
    duration: Mapped[float | None]
    user: Mapped[str | None] = mapped_column(Words)
    host: Mapped[str | None] = mapped_column(Words)
    cwd: Mapped[str | None] = mapped_column(Words)
    text: Mapped[str] = mapped_column(Words)
    source: Mapped[str] = mapped_column(String(16))
    confidence: Mapped[float]
    outcome: Mapped[str] = mapped_column(String(16))
    exit_status: Mapped[int | None] = mapped_column(BigInteger)
    depth: Mapped[int]


class TagRow(Base):
    """One occurrence of a signal; the columns are the fields of `jumpseat tags --json`."""

    __tablename__ = "tags"

    session: Mapped[str] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    signal: Mapped[str] = mapped_column(String(64), index=True)
    topic: Mapped[str] = mapped_column(String(64))
    t: Mapped[float]
    until: Mapped[float | None]
    outcome: Mapped[str] = mapped_column(String(16))
    confidence: Mapped[float]
    detector: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class PhaseRow(Base):
    """A stretch of work; which task it serves, the session's exercise says."""

    __tablename__ = "phases"

    session: Mapped[str] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    start: Mapped[float]
    until: Mapped[float]
    topic: Mapped[str] = mapped_column(String(64))
    activity: Mapped[str] = mapped_column(String(64))
    confidence: Mapped[float]


class JudgementRow(Base):
    """What a person said of a tag or of a stretch; nothing of it is ever computed again.

    ``verdict`` is confirmed, rejected, relabelled or withdrawn (of an earlier judgement); ``tag``
    the tag's id, null for a stretch; ``label`` what it is instead, or what the stretch is. Those of
    one subject stand beside each other, ``number`` in the order in which they were said: the last
    counts. ``signal``, ``start`` and ``until`` are the tag's own at that time, so that a judgement
    whose tag is gone still says what it was about.
    """

    __tablename__ = "judgements"

    session: Mapped[str] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tag: Mapped[str | None] = mapped_column(String(128))
    signal: Mapped[str | None] = mapped_column(String(64))
    start: Mapped[float]
    until: Mapped[float | None]
    verdict: Mapped[str] = mapped_column(String(16))
    label: Mapped[str | None] = mapped_column(String(64))
    who: Mapped[str] = mapped_column(Words)
    said: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str | None] = mapped_column(Words)


class AnalysisRow(Base):
    """How far a recording was analysed, by which version of rules and program."""

    __tablename__ = "analyses"

    session: Mapped[str] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[str] = mapped_column(String(64))
    covered: Mapped[dict[str, int]] = mapped_column(JSON)
    updated: Mapped[datetime] = mapped_column(DateTime(timezone=True))
