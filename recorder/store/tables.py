"""The recorder's tables, and the base that other packages' tables share.

Only columns and constraints; no queries. A change here needs a revision in ``alembic/versions``.
"""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnClause,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Text,
    TypeDecorator,
)

from recorder.store.base import Base

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> str:
    """Return text that every database and every encoding can hold: U+FFFD for what they cannot.

    PostgreSQL refuses NUL, and every driver half of a surrogate pair; either would stop the copy of
    a session whose candidate sent one.
    """
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


class Words(TypeDecorator[str]):
    """Text from outside, made storable."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the library's signature
        """Make a value fit."""
        return None if value is None else storable(value)


class ShortWords(TypeDecorator[str]):
    """A word from outside, made storable, and cut where it is longer than its column."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the library's signature
        """Make a value fit."""
        return None if value is None else storable(value)[: self.length]


class SessionRow(Base):
    """One candidate's sitting. ``state`` is open, closed, cut-off or failed.

    ``consent`` is how candidates learn of the recording: banner or elsewhere. ``clock_started`` is
    when the session's clock was started, ``clock_length`` what it has in all, in seconds.
    """

    __tablename__ = "sessions"

    id: ColumnClause[str] = Column(String(32), primary_key=True)
    state: ColumnClause[str] = Column(String(16), index=True)
    candidate: ColumnClause[str | None] = Column(Words)
    target: ColumnClause[str] = Column(Words)
    listen: ColumnClause[str | None] = Column(Words)
    started: ColumnClause[datetime] = Column(DateTime(timezone=True), index=True)
    duration: ColumnClause[float | None] = Column(Double)
    detail: ColumnClause[str | None] = Column(Words)
    exercise: ColumnClause[str | None] = Column(Words)
    port: ColumnClause[int | None] = Column(Integer)
    consent: ColumnClause[str | None] = Column(String(16))
    clock_started: ColumnClause[float | None] = Column(Double)
    clock_length: ColumnClause[float | None] = Column(Double)


class ConnectionRow(Base):
    """One SSH connection, made or tried; times are seconds since the session's start."""

    __tablename__ = "connections"

    session: ColumnClause[str] = Column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    number: ColumnClause[int] = Column(Integer, primary_key=True)
    peer: ColumnClause[str] = Column(Words)
    user: ColumnClause[str | None] = Column(Words)
    opened: ColumnClause[float] = Column(Double)
    closed: ColumnClause[float | None] = Column(Double)
    reason: ColumnClause[str | None] = Column(Words)


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

    session: ColumnClause[str] = Column(String(32), primary_key=True)
    connection: ColumnClause[int] = Column(Integer, primary_key=True)
    number: ColumnClause[int] = Column(Integer, primary_key=True)
    kind: ColumnClause[str] = Column(String(16))
    command: ColumnClause[str | None] = Column(Words)
    terminal: ColumnClause[bool] = Column(Boolean)
    opened: ColumnClause[float] = Column(Double)
    closed: ColumnClause[float | None] = Column(Double)
    exit_status: ColumnClause[int | None] = Column(BigInteger)
    """What a target reports has 32 bits without a sign."""
    exit_signal: ColumnClause[str | None] = Column(ShortWords(32))


class NoteRow(Base):
    """What an interviewer noted: appended, never changed.

    ``kind`` is mark, note, question, task or announced; ``t`` the moment it is about, in seconds
    since the session's start; ``subject`` the task's id or the announcement's minutes; ``replaces``
    the number of an earlier one, in whose place it stands or which it takes back (``withdrawn``).
    """

    __tablename__ = "notes"

    session: ColumnClause[str] = Column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    number: ColumnClause[int] = Column(Integer, primary_key=True, autoincrement=False)
    kind: ColumnClause[str] = Column(String(16))
    t: ColumnClause[float] = Column(Double)
    text: ColumnClause[str] = Column(Words)
    subject: ColumnClause[str | None] = Column(ShortWords(64))
    replaces: ColumnClause[int | None] = Column(Integer)
    withdrawn: ColumnClause[bool] = Column(Boolean)
    who: ColumnClause[str] = Column(Words)
    said: ColumnClause[datetime] = Column(DateTime(timezone=True))
