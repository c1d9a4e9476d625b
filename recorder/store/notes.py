"""What interviewers note during a session or afterwards: marks, notes, questions, ticks.

Kept in the store, appended and never changed, so that what was noted first stays beside what
replaced it. What a note is, is `recorder.store.noted`'s.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from recorder.errors import UsageError
from recorder.store.engine import store_errors
from recorder.store.noted import MOST_TEXT, Kind, Note, Noting, standing
from recorder.store.rows import in_utc, next_number, speaking_of
from recorder.store.tables import NoteRow, storable

__all__ = ["MOST_TEXT", "Kind", "Note", "Noting", "add_note", "notes_of", "standing"]


def add_note(
    engine: Engine, session: str, noting: Noting, who: str, *, now: datetime | None = None
) -> Note:
    """Keep a note and return it as it was kept.

    Args:
        engine: The store.
        session: The session's id; the store must know it.
        noting: What is noted.
        who: Who notes it.
        now: When; the present without it.

    Raises:
        UsageError: It is too long, says nothing, is about no moment, or replaces what is not there
            to be replaced.
        StoreError: The store cannot be written, or does not know the session.

    """
    _check_words(noting)
    noting = replace(noting, text=storable(noting.text))
    with speaking_of(engine, session) as connection:
        before = _read(connection, session)
        _check_replaced(noting, standing(before), who)
        note = Note(
            number=next_number(connection, NoteRow, session),
            who=who,
            said=(now or datetime.now(UTC)).astimezone(UTC),
            **asdict(noting),
        )
        connection.execute(insert(NoteRow).values(session=session, **asdict(note)))
    return note


def notes_of(engine: Engine, session: str) -> tuple[Note, ...]:
    """Return all that was ever noted of a session, in the order in which it was.

    Raises:
        StoreError: The store cannot be read.

    """
    with store_errors(engine), engine.connect() as connection:
        return _read(connection, session)


def _check_words(noting: Noting) -> None:
    if not 0.0 <= noting.t < math.inf:
        raise UsageError(f"{noting.t} s is no moment of a session", "moments count from its start")
    if len(noting.text) > MOST_TEXT:
        raise UsageError(
            f"the note has {len(noting.text)} characters", f"{MOST_TEXT} are kept of one"
        )
    if noting.kind in {"note", "question"} and not noting.withdrawn and not noting.text.strip():
        raise UsageError("the note says nothing", "give it words, or set a mark")
    if noting.kind in {"task", "announced"} and noting.subject is None:
        raise UsageError(f"of what is this {noting.kind}?", "name the task or the announcement")


def _check_replaced(noting: Noting, stands: Sequence[Note], who: str) -> None:
    if noting.replaces is None:
        if noting.withdrawn:
            raise UsageError("nothing was named that could be taken back", "name its number")
        return
    old = next((each for each in stands if each.number == noting.replaces), None)
    if old is None:
        raise UsageError(
            f"there is no note {noting.replaces} that still stands",
            "`jumpseat notes SESSION` shows their numbers",
        )
    if old.who != who:
        raise UsageError(
            f"note {noting.replaces} is {old.who}'s", "only they can change it or take it back"
        )


def _read(connection: Connection, session: str) -> tuple[Note, ...]:
    rows = connection.execute(
        select(NoteRow.__table__).where(NoteRow.session == session).order_by(NoteRow.number)
    ).mappings()
    return tuple(_note(dict(row)) for row in rows)


def _note(row: dict[str, Any]) -> Note:
    fields = {name: row[name] for name in Note.__dataclass_fields__}
    return Note(**{**fields, "said": in_utc(fields["said"])})
