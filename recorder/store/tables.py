"""The recorder's tables, and the base that other packages' tables share.

Only columns and constraints; no queries. A change here needs a revision in ``alembic/versions``.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, ForeignKeyConstraint, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The metadata of the whole store; names of constraints are fixed for migrations."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class SessionRow(Base):
    """One candidate's sitting. ``state`` is open, closed, cut-off or failed.

    ``consent`` is how candidates learn of the recording: banner or elsewhere. ``clock_started`` is
    when the session's clock was started, ``clock_length`` what it has in all, in seconds.
    """

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    state: Mapped[str] = mapped_column(String(16), index=True)
    candidate: Mapped[str | None] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)
    listen: Mapped[str | None] = mapped_column(Text)
    started: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    duration: Mapped[float | None]
    detail: Mapped[str | None] = mapped_column(Text)
    exercise: Mapped[str | None] = mapped_column(Text)
    port: Mapped[int | None]
    consent: Mapped[str | None] = mapped_column(String(16))
    clock_started: Mapped[float | None]
    clock_length: Mapped[float | None]


class ConnectionRow(Base):
    """One SSH connection, made or tried; times are seconds since the session's start."""

    __tablename__ = "connections"

    session: Mapped[str] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    peer: Mapped[str] = mapped_column(Text)
    user: Mapped[str | None] = mapped_column(Text)
    opened: Mapped[float]
    closed: Mapped[float | None]
    reason: Mapped[str | None] = mapped_column(Text)


class ChannelRow(Base):
    """One channel of a connection; times are seconds since the session's start."""

    __tablename__ = "channels"
    __table_args__ = (
        ForeignKeyConstraint(
            ["session", "connection"],
            ["connections.session", "connections.number"],
            ondelete="CASCADE",
        ),
    )

    session: Mapped[str] = mapped_column(String(32), primary_key=True)
    connection: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    command: Mapped[str | None] = mapped_column(Text)
    terminal: Mapped[bool]
    opened: Mapped[float]
    closed: Mapped[float | None]
    exit_status: Mapped[int | None]
    exit_signal: Mapped[str | None] = mapped_column(String(32))
