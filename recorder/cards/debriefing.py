"""What is said in a debrief: opened, questions and answers, decision, next steps; appended only.

Values and SQL. Opening the cards themselves is `recorder.cards.opening`'s.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Connection, Engine, insert, select

from recorder.cards.tables import DebriefRow
from recorder.errors import UsageError
from recorder.store.engine import store_errors
from recorder.store.rows import in_utc, next_number, readable, speaking_of
from recorder.store.tables import storable
from recorder.trace.actions import Action
from recorder.trace.entries import Doing
from recorder.trace.here import door
from recorder.trace.keeping import append

EntryKind = Literal["opened", "question", "answer", "decision", "next-step", "minute", "closed"]

MOST_TEXT = 4000
"""Characters of one entry."""

_WORDLESS = frozenset({"opened", "closed"})
_DECIDING = frozenset({"decision", "closed"})
_ALONE = frozenset({"decision"})
"""Of these one stands: the next replaces it."""

_LEVELS = frozenset({"1", "2", "3", "4"})
"""What a decision comes to, as its entry's subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entering:
    """What is about to be said.

    Attributes:
        kind: What it is. ``opened``: its text names who had not submitted, if anybody.
        subject: A competency's id that it is about; of an answer, the question's number; of a
            decision, the recommendation (1 to 4) that it comes to.
        replaces: The number of an earlier entry of the same kind, in whose place this stands.
        withdrawn: Nothing stands in its place: the earlier one is taken back.

    """

    kind: EntryKind
    text: str = ""
    subject: str | None = None
    replaces: int | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Entering):
    """What was said, by whom and when (UTC); ``number``, from 1, orders a debrief's entries."""

    number: int
    who: str
    said: datetime


def add_entry(
    engine: Engine, session: str, entering: Entering, who: str, *, now: datetime | None = None
) -> Entry:
    """Keep what is said in a debrief that is open, and return it as it was kept.

    Raises:
        UsageError: It says nothing or too much, replaces or answers what is not there, or the
            debrief is not open.
        StoreError: The store cannot be written, or does not know the session.

    """
    if entering.kind == "opened":
        raise UsageError("a debrief is opened with its cards", "`jumpseat debrief SESSION --open`")
    with speaking_of(engine, session) as connection:
        before = read_entries(connection, session)
        if not is_open(before):
            raise UsageError(
                "the debrief is not open", "`jumpseat debrief SESSION --open` opens the cards"
            )
        entry = put_entry(connection, session, entering, who, now=now)
        deed = Action.DECIDED if entry.kind in _DECIDING else Action.SAID
        append(connection, Doing(who, door(), deed, session, _told(entry)))
        return entry


def _told(entry: Entry) -> str:
    """Return what the trace tells of an entry: its kind and number, and nothing that it says."""
    if entry.withdrawn:
        return f"{entry.kind} {entry.replaces} taken back"
    instead = "" if entry.replaces is None else f" in place of {entry.replaces}"
    return f"{entry.kind} {entry.number}{instead}"


def put_entry(
    connection: Connection,
    session: str,
    entering: Entering,
    who: str,
    *,
    now: datetime | None = None,
) -> Entry:
    """Keep an entry; the caller holds the lock.

    Raises:
        UsageError: It says nothing or too much, replaces or answers what is not there.

    """
    before = standing_entries(read_entries(connection, session))
    _check(entering, before)
    replaces = entering.replaces
    if replaces is None and entering.kind in _ALONE:
        replaces = next((each.number for each in before if each.kind == entering.kind), None)
    fields = asdict(entering) | {"replaces": replaces, "text": storable(entering.text)}
    entry = Entry(
        number=next_number(connection, DebriefRow, session),
        who=who,
        said=(now or datetime.now(UTC)).astimezone(UTC),
        **fields,
    )
    connection.execute(insert(DebriefRow).values(session=session, **asdict(entry)))
    return entry


def entries_of(engine: Engine, session: str) -> tuple[Entry, ...]:
    """Return all that was ever said in a session's debrief, in its order.

    Raises:
        StoreError: The store cannot be read.

    """
    with store_errors(engine), engine.connect() as connection:
        return read_entries(connection, session)


def read_entries(connection: Connection, session: str) -> tuple[Entry, ...]:
    """Return them within a transaction of the caller's.

    Raises:
        StoreError: Somebody else wrote what cannot be read.

    """
    query = (
        select(DebriefRow.__table__)
        .where(DebriefRow.session == session)
        .order_by(DebriefRow.number)
    )
    fields = Entry.__dataclass_fields__
    with readable("entries of a debrief"):
        return tuple(
            Entry(**{**{name: row[name] for name in fields}, "said": in_utc(row["said"])})
            for row in connection.execute(query).mappings()
        )


def standing_entries(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return those that were neither replaced nor taken back, in their order."""
    entries = tuple(entries)
    gone = {each.replaces for each in entries}
    return tuple(each for each in entries if each.number not in gone and not each.withdrawn)


def decision_in(entries: Iterable[Entry]) -> Entry | None:
    """Return the decision among entries that stand; an import may have brought more than one."""
    return next((each for each in reversed(tuple(entries)) if each.kind == "decision"), None)


def decided_level(decision: Entry | None) -> int | None:
    """Return the recommendation, 1 to 4, that a decision comes to; None where it is none of them.

    What was imported may hold anything.
    """
    subject = None if decision is None else decision.subject
    return int(subject) if subject in _LEVELS else None


def is_open(entries: Iterable[Entry]) -> bool:
    """Return whether the cards are on the table; they stay there when the debrief is closed."""
    return any(each.kind == "opened" for each in entries)


def _check(entering: Entering, stands: tuple[Entry, ...]) -> None:
    if len(entering.text) > MOST_TEXT:
        raise UsageError(
            f"that has {len(entering.text)} characters", f"{MOST_TEXT} are kept of one entry"
        )
    if entering.kind not in _WORDLESS and not entering.withdrawn and not entering.text.strip():
        raise UsageError(f"the {entering.kind} says nothing", "give it words")
    if entering.kind == "decision" and entering.subject not in {None, *_LEVELS}:
        raise UsageError("a decision comes to 1, 2, 3 or 4", "or to none of them: leave it out")
    by_number = {each.number: each for each in stands}
    if entering.replaces is not None:
        old = by_number.get(entering.replaces)
        if old is None or old.kind != entering.kind:
            raise UsageError(
                f"there is no {entering.kind} {entering.replaces} that still stands",
                "`jumpseat debrief SESSION` shows their numbers",
            )
    elif entering.withdrawn:
        raise UsageError("nothing was named that could be taken back", "name its number")
    if entering.kind == "answer" and entering.replaces is None:
        asked = by_number.get(_number(entering.subject))
        if asked is None or asked.kind != "question":
            raise UsageError(
                f"there is no question {entering.subject}",
                "`jumpseat debrief SESSION` shows their numbers",
            )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0
