"""The table of the trace. Only columns; no session's rows: it stays when they go.

A change here needs a revision in ``alembic/versions``.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, String
from sqlalchemy.orm import Mapped, mapped_column

from recorder.store.tables import Base, ShortWords, Words


class TraceRow(Base):
    """One thing that somebody did.

    ``door`` is where they came in (`recorder.trace.actions.Door`); ``about`` a session's id, if it
    was about one; ``before`` the hash of the entry before, ``hash`` that of this one over all its
    columns and ``before``, SHA-256 in hexadecimal.
    """

    __tablename__ = "trace"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    said: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    who: Mapped[str] = mapped_column(Words)
    door: Mapped[str] = mapped_column(String(16))
    action: Mapped[str] = mapped_column(String(32))
    about: Mapped[str | None] = mapped_column(ShortWords(64), index=True)
    detail: Mapped[str] = mapped_column(Words)
    before: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
