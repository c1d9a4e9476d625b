"""The recorder's tables, and the base that other packages' tables share.

Only columns and constraints; no queries. A change here needs a revision in ``alembic/versions``.
"""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

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
    candidate: Mapped[str | None] = mapped_column(Words)
    target: Mapped[str] = mapped_column(Words)
    listen: Mapped[str | None] = mapped_column(Words)
    started: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    duration: Mapped[float | None]
    detail: Mapped[str | None] = mapped_column(Words)
    exercise: Mapped[str | None] = mapped_column(Words)
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
    peer: Mapped[str] = mapped_column(Words)
    user: Mapped[str | None] = mapped_column(Words)
    opened: Mapped[float]
    closed: Mapped[float | None]
    reason: Mapped[str | None] = mapped_column(Words)


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
    command: Mapped[str | None] = mapped_column(Words)
    terminal: Mapped[bool]
    opened: Mapped[float]
    closed: Mapped[float | None]
    exit_status: Mapped[int | None] = mapped_column(BigInteger)
    """What a target reports has 32 bits without a sign."""
    exit_signal: Mapped[str | None] = mapped_column(ShortWords(32))


class NoteRow(Base):
    """What an interviewer noted: appended, never changed.

    ``kind`` is mark, note, question, task or announced; ``t`` the moment it is about, in seconds
    since the session's start; ``subject`` the task's id or the announcement's minutes; ``replaces``
    the number of an earlier one, in whose place it stands or which it takes back (``withdrawn``).
    """

    __tablename__ = "notes"

    session: Mapped[str] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    t: Mapped[float]
    text: Mapped[str] = mapped_column(Words)
    subject: Mapped[str | None] = mapped_column(ShortWords(64))
    replaces: Mapped[int | None]
    withdrawn: Mapped[bool]
    who: Mapped[str] = mapped_column(Words)
    said: Mapped[datetime] = mapped_column(DateTime(timezone=True))
