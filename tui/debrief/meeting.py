"""A debrief as one person may see it: the one place that reads cards and entries for any output.

Screen, text, JSON and minutes are made of this value and of nothing else, so that what somebody may
not see yet is nowhere in what they are shown. Neither wording nor drawing belongs here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select

from recorder.cards.book import Book
from recorder.cards.card import Card
from recorder.cards.debriefing import Entry, decision_in, entries_of, standing_entries
from recorder.cards.progress import Progress
from recorder.cards.seeing import BlindError, check_cards
from recorder.cards.tables import CardCallRow, CardRow, DebriefRow
from recorder.errors import StoreError
from recorder.store.engine import store_errors
from recorder.store.rows import in_utc, readable
from recorder.store.tables import SessionRow
from tui.debrief.table import Table, make_table

State = Literal["waiting", "owed", "open", "closed"]
"""``owed``: it is open, but not to this viewer, whose own card is not in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What session it is about; ``started`` in UTC, ``duration`` in seconds, None while it runs."""

    session: str
    candidate: str
    target: str
    exercise: str
    started: datetime
    duration: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A debrief, as of one moment, for one viewer.

    Attributes:
        heading: What session it is about.
        viewer: Who looks.
        state: How far it is, for this viewer.
        hidden: Why the cards are not to be seen; empty where they are.
        progress: Whose cards are in, without a word of what is in them.
        opened: Who opened it and when; its text names whose cards were missing. None before.
        table: The cards side by side; None where they are not to be seen.
        entries: What was said and still stands, in its order; none where cards are not to be seen.
        own: The viewer's own card as it is in; None where it is not, or not to be changed here.

    """

    heading: Heading
    viewer: str
    state: State
    hidden: str = ""
    progress: tuple[Progress, ...] = ()
    opened: Entry | None = None
    table: Table | None = None
    entries: tuple[Entry, ...] = ()
    own: Card | None = None

    @property
    def waited_for(self) -> tuple[str, ...]:
        """Whose cards are asked for and not in."""
        return tuple(e.who for e in self.progress if e.asked and e.state != "submitted")

    @property
    def are_in(self) -> tuple[str, ...]:
        """Whose cards are in."""
        return tuple(each.who for each in self.progress if each.state == "submitted")

    @property
    def questions(self) -> tuple[Entry, ...]:
        """The questions, in their order."""
        return tuple(each for each in self.entries if each.kind == "question")

    def answers(self, question: int) -> tuple[Entry, ...]:
        """Return the answers to the question of a number."""
        return tuple(e for e in self.entries if e.kind == "answer" and e.subject == str(question))

    @property
    def unanswered(self) -> tuple[Entry, ...]:
        """The questions that nobody answered yet."""
        return tuple(each for each in self.questions if not self.answers(each.number))

    @property
    def decision(self) -> Entry | None:
        """What was decided, None before."""
        return decision_in(self.entries)

    @property
    def next_steps(self) -> tuple[Entry, ...]:
        """What is to be done."""
        return tuple(each for each in self.entries if each.kind == "next-step")

    @property
    def closed(self) -> Entry | None:
        """Who closed it, None while it is not closed."""
        return next((each for each in self.entries if each.kind == "closed"), None)

    def said_of(self, matter: str) -> tuple[Entry, ...]:
        """Return minutes and questions about one matter."""
        return tuple(
            e for e in self.entries if e.kind in {"minute", "question"} and e.subject == matter
        )


def read_meeting(book: Book, viewer: str) -> Meeting:
    """Return the debrief as this viewer may see it.

    Raises:
        SealError: What is stored was altered.
        StoreError: The store cannot be read, or does not know the session.

    """
    standing = book.standing(viewer)
    said = standing_entries(entries_of(book.engine, book.session))
    known = Meeting(
        heading=_heading(book),
        viewer=viewer,
        state="owed" if standing.opened else "waiting",
        progress=book.progress(),
        opened=next((each for each in said if each.kind == "opened"), None),
    )
    try:
        check_cards(standing)
        sheets = book.sheets(viewer)
    except BlindError as error:
        return replace(known, hidden=str(error))
    plan = book.plan
    own = next((each.latest.card for each in sheets if each.who == viewer), None)
    return replace(
        known,
        state="closed" if any(each.kind == "closed" for each in said) else "open",
        table=make_table(sheets, book.competencies, plan.cards if plan else None),
        entries=said,
        own=own,
    )


Stamp = tuple[object, ...]
"""Another one than before means that something was said, asked or put in."""


def stamp_of(book: Book) -> Stamp:
    """Return what tells whether to read again, at the cost of three small queries.

    Raises:
        StoreError: The store cannot be read.

    """
    tables = (DebriefRow, CardCallRow, CardRow)
    found: list[object] = []
    with store_errors(book.engine), book.engine.connect() as connection:
        for table in tables:
            counted = select(func.count(), func.max(table.number), func.max(table.said))
            with readable("a debrief's rows"):
                row = connection.execute(counted.where(table.session == book.session)).one()
            found.extend(row)
    return tuple(found)


def _heading(book: Book) -> Heading:
    columns = (
        SessionRow.candidate,
        SessionRow.target,
        SessionRow.exercise,
        SessionRow.started,
        SessionRow.duration,
    )
    with store_errors(book.engine), book.engine.connect() as connection:
        row = connection.execute(select(*columns).where(SessionRow.id == book.session)).first()
    if row is None:
        raise StoreError(
            f"the store does not know session {book.session}", "is its recording there?"
        )
    return Heading(
        session=book.session,
        candidate=row.candidate or "",
        target=row.target,
        exercise=book.plan.title if book.plan else row.exercise or "",
        started=in_utc(row.started),
        duration=row.duration,
    )
