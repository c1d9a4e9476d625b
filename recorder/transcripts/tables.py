"""The tables of transcripts. Only columns and constraints.

A change here needs a revision in ``alembic/versions``.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from recorder.store.tables import Base, Words


class TranscriptRow(Base):
    """One transcript that was attached; ``offset`` is the session's ``t`` at its time zero, in s.

    ``format`` is plain, webvtt or srt. One that was ``withdrawn`` has no lines any more.
    """

    __tablename__ = "transcripts"

    session: Mapped[str] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Words)
    format: Mapped[str] = mapped_column(String(16))
    offset: Mapped[float]
    who: Mapped[str] = mapped_column(Words)
    said: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    withdrawn: Mapped[bool]


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

    session: Mapped[str] = mapped_column(String(32), primary_key=True)
    transcript: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    t: Mapped[float | None]
    until: Mapped[float | None]
    speaker: Mapped[str | None] = mapped_column(Words)
    text: Mapped[str] = mapped_column(Words)
