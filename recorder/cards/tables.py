"""The tables of scorecards and debriefs. Only columns and constraints.

A change here needs a revision in ``alembic/versions``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnClause,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
)

from recorder.store.base import Base
from recorder.store.tables import ShortWords, Words


class CardRow(Base):
    """One state of somebody's card: appended, but for a draft, which the next one replaces.

    ``kind`` is draft, submitted or changed; ``purpose`` interview or training. What is in it is
    ``sealed`` until the debrief is opened; ``opened`` is it as JSON from then on.
    """

    __tablename__ = "cards"

    session: ColumnClause[str] = Column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    number: ColumnClause[int] = Column(Integer, primary_key=True, autoincrement=False)
    purpose: ColumnClause[str] = Column(String(16))
    kind: ColumnClause[str] = Column(String(16))
    who: ColumnClause[str] = Column(Words)
    said: ColumnClause[datetime] = Column(DateTime(timezone=True))
    sealed: ColumnClause[bytes] = Column(LargeBinary)
    opened: ColumnClause[dict[str, Any] | None] = Column(JSON(none_as_null=True))


class CardCallRow(Base):
    """Who was asked for a card, and who chose what before: appended, never changed.

    ``kind`` is asked, excused (no card is waited for any more), blind (the machine's tags are not
    to be seen before their card is in) or seeing; ``by`` is who said so.
    """

    __tablename__ = "card_calls"

    session: ColumnClause[str] = Column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    number: ColumnClause[int] = Column(Integer, primary_key=True, autoincrement=False)
    kind: ColumnClause[str] = Column(String(16))
    who: ColumnClause[str] = Column(Words)
    by: ColumnClause[str] = Column(Words)
    said: ColumnClause[datetime] = Column(DateTime(timezone=True))


class DebriefRow(Base):
    """One thing said in a debrief: appended, never changed.

    ``kind`` is opened, question, answer, decision, next-step, minute or closed; ``subject`` a
    competency's id, or the number of the question that is answered; ``replaces`` the number of an
    earlier one, in whose place it stands or which it takes back (``withdrawn``).
    """

    __tablename__ = "debrief_entries"

    session: ColumnClause[str] = Column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    number: ColumnClause[int] = Column(Integer, primary_key=True, autoincrement=False)
    kind: ColumnClause[str] = Column(String(16))
    who: ColumnClause[str] = Column(Words)
    said: ColumnClause[datetime] = Column(DateTime(timezone=True))
    text: ColumnClause[str] = Column(Words)
    subject: ColumnClause[str | None] = Column(ShortWords(64))
    replaces: ColumnClause[int | None] = Column(Integer)
    withdrawn: ColumnClause[bool] = Column(Boolean)
