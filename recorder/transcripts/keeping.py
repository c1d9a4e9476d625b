"""Transcripts in the store: attached, read on the session's clock, shifted, and really deleted.

What was spoken is about people: a transcript that is taken back leaves its number, so that nothing
that was quoted ever points at another, and nothing else. What a file says is the formats'.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from recorder.errors import UsageError
from recorder.store.engine import store_errors
from recorder.store.erase import erasing
from recorder.store.rows import in_utc, lock_session, next_number, speaking_of
from recorder.transcripts.limits import MOST_SECONDS
from recorder.transcripts.tables import TranscriptLineRow, TranscriptRow
from recorder.transcripts.values import Line, Parsed, SpokenLine, Transcript, in_order

MOST_TRANSCRIPTS = 20
"""Transcripts of one session that stand."""


def attach(
    engine: Engine,
    session: str,
    parsed: Parsed,
    *,
    name: str,
    offset: float,
    who: str,
    now: datetime | None = None,
) -> Transcript:
    """Keep a transcript with a session and return it as it was kept.

    Args:
        engine: The store.
        session: The session's id; the store must know it.
        parsed: What the file said.
        name: What it is called: the file's name, without its directory.
        offset: The session's ``t`` at the file's time zero, in seconds; may be negative.
        who: Who attaches it.
        now: When; the present without it.

    Raises:
        UsageError: The offset is none, or the session has more transcripts than are kept.
        StoreError: The store cannot be written, or does not know the session.

    """
    _check_offset(offset)
    with speaking_of(engine, session) as connection:
        before = _transcripts(connection, session)
        if sum(not each.withdrawn for each in before) >= MOST_TRANSCRIPTS:
            raise UsageError(
                f"the session has {MOST_TRANSCRIPTS} transcripts",
                "`jumpseat transcript remove` makes room",
            )
        made = Transcript(
            number=next_number(connection, TranscriptRow, session),
            name=name,
            format=parsed.format,
            offset=offset,
            who=who,
            said=(now or datetime.now(UTC)).astimezone(UTC),
        )
        connection.execute(insert(TranscriptRow).values(session=session, **_values(made)))
        rows = [
            _line_values(session, made.number, number, line)
            for number, line in enumerate(parsed.lines, start=1)
        ]
        connection.execute(insert(TranscriptLineRow), rows)
    return made


def transcripts_of(engine: Engine, session: str) -> tuple[Transcript, ...]:
    """Return all that was ever attached to a session, by number.

    Raises:
        StoreError: The store cannot be read.

    """
    with store_errors(engine), engine.connect() as connection:
        return _transcripts(connection, session)


def find_transcript(
    engine: Engine, session: str, number: int, *, withdrawn: bool = False
) -> Transcript:
    """Return one of a session's transcripts that stand, or that stood once.

    Raises:
        UsageError: There is no such transcript.
        StoreError: The store cannot be read.

    """
    with store_errors(engine), engine.connect() as connection:
        return _find(connection, session, number, withdrawn=withdrawn)


def lines_of(engine: Engine, session: str) -> tuple[SpokenLine, ...]:
    """Return what was spoken in a session, on the session's clock, in the order of `in_order`.

    Raises:
        StoreError: The store cannot be read.

    """
    with store_errors(engine), engine.connect() as connection:
        offsets = {
            each.number: each.offset
            for each in _transcripts(connection, session)
            if not each.withdrawn
        }
        if not offsets:
            return ()
        rows = connection.execute(
            select(TranscriptLineRow.__table__).where(TranscriptLineRow.session == session)
        ).mappings()
        return in_order(
            SpokenLine(
                transcript=row["transcript"],
                number=row["line"],
                t=_shifted(row["t"], offsets[row["transcript"]]),
                until=_shifted(row["until"], offsets[row["transcript"]]),
                speaker=row["speaker"],
                text=row["text"],
            )
            for row in rows
            if row["transcript"] in offsets
        )


def shift(engine: Engine, session: str, number: int, offset: float) -> Transcript:
    """Give a transcript another offset, in seconds, and return it as it is then.

    Raises:
        UsageError: The offset is none, or there is no such transcript.
        StoreError: The store cannot be written, or does not know the session.

    """
    _check_offset(offset)
    with speaking_of(engine, session) as connection:
        _find(connection, session, number)
        connection.execute(_update(session, number, offset=offset))
        return _find(connection, session, number)


def withdraw(engine: Engine, session: str, number: int) -> None:
    """Delete a transcript's lines and its name, so that no file of the store holds them any more.

    Once more clears the store's files again, where others kept it busy the first time.

    Raises:
        UsageError: There never was such a transcript.
        StoreError: The store cannot be written, or does not know the session; or others keep it
            busy: then they are deleted, but may still be found in its files.

    """
    with erasing(engine) as connection:
        lock_session(connection, session)
        _find(connection, session, number, withdrawn=True)
        connection.execute(
            delete(TranscriptLineRow).where(
                TranscriptLineRow.session == session, TranscriptLineRow.transcript == number
            )
        )
        connection.execute(_update(session, number, name="", withdrawn=True))


def _check_offset(offset: float) -> None:
    if not math.isfinite(offset) or abs(offset) > MOST_SECONDS:
        raise UsageError(
            f"the transcript would begin {abs(offset) / 86_400:,.0f} days from the session's start",
            "is it of this interview? see that the day is right",
        )


def _find(
    connection: Connection, session: str, number: int, *, withdrawn: bool = False
) -> Transcript:
    for each in _transcripts(connection, session):
        if each.number == number and (withdrawn or not each.withdrawn):
            return each
    raise UsageError(
        f"the session has no transcript {number}", "`jumpseat transcript show` tells which it has"
    )


def _update(session: str, number: int, **values: Any) -> Any:
    return (
        update(TranscriptRow)
        .where(TranscriptRow.session == session, TranscriptRow.number == number)
        .values(**values)
    )


def _shifted(t: float | None, offset: float) -> float | None:
    """Return a moment on the session's clock.

    What came with somebody's archive may be any number: one that no talk has is no moment.
    """
    if t is None or not abs(t + offset) <= 2 * MOST_SECONDS:
        return None
    # Times have milliseconds at most; what a sum adds to them is noise.
    return round(t + offset, 6)


def _values(made: Transcript) -> dict[str, Any]:
    return {name: getattr(made, name) for name in Transcript.__dataclass_fields__}


def _line_values(session: str, transcript: int, number: int, line: Line) -> dict[str, Any]:
    return {
        "session": session,
        "transcript": transcript,
        "line": number,
        "t": line.t,
        "until": line.until,
        "speaker": line.speaker,
        "text": line.text,
    }


def _transcripts(connection: Connection, session: str) -> tuple[Transcript, ...]:
    rows = connection.execute(
        select(TranscriptRow.__table__)
        .where(TranscriptRow.session == session)
        .order_by(TranscriptRow.number)
    ).mappings()
    return tuple(_transcript(dict(row)) for row in rows)


def _transcript(row: dict[str, Any]) -> Transcript:
    fields = {name: row[name] for name in Transcript.__dataclass_fields__}
    # What came with somebody's archive may be any number.
    fields["offset"] = fields["offset"] if math.isfinite(fields["offset"]) else 0.0
    return Transcript(**{**fields, "said": in_utc(fields["said"])})
