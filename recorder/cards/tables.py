"""The tables of scorecards and debriefs. Only columns and constraints.

A change here needs a revision in ``alembic/versions``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from recorder.store.tables import Base, ShortWords, Words


class CardRow(Base):
    """One state of somebody's card: appended, but for a draft, which the next one replaces.

    ``kind`` is draft, submitted or changed; ``purpose`` interview or training. What is in it is
    ``sealed`` until the debrief is opened; ``opened`` is it as JSON from then on.
    """

    __tablename__ = "cards"

    session: Mapped[str] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    purpose: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    who: Mapped[str] = mapped_column(Words)
    said: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    opened: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class CardCallRow(Base):
    """Who was asked for a card, and who chose what before: appended, never changed.

    ``kind`` is asked, excused (no card is waited for any more), blind (the machine's tags are not
    to be seen before their card is in) or seeing; ``by`` is who said so.
    """

    __tablename__ = "card_calls"

    session: Mapped[str] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    who: Mapped[str] = mapped_column(Words)
    by: Mapped[str] = mapped_column(Words)
    said: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class DebriefRow(Base):
    """One thing said in a debrief: appended, never changed.

    ``kind`` is opened, question, answer, decision, next-step, minute or closed; ``subject`` a
    competency's id, or the number of the question that is answered; ``replaces`` the number of an
    earlier one, in whose place it stands or which it takes back (``withdrawn``).
    """

    __tablename__ = "debrief_entries"

    session: Mapped[str] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    who: Mapped[str] = mapped_column(Words)
    said: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    text: Mapped[str] = mapped_column(Words)
    subject: Mapped[str | None] = mapped_column(ShortWords(64))
    replaces: Mapped[int | None]
    withdrawn: Mapped[bool]
