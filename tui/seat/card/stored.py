"""One's card in the store, read and changed: what a real session's feed gives the seat.

What an edit makes of a card is `tui.seat.card.edits`'; sealing and the rules are `recorder.cards`'.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from pathlib import Path

from sqlalchemy import Engine

from recorder.cards.book import Book
from recorder.cards.calls import CallKind, call
from recorder.errors import StoreError, UsageError
from recorder.exercise.schema import Cards
from recorder.home import home_of
from recorder.store.sync import sync_session
from tui.books import book_of
from tui.seat.card.edits import BeBlind, Discard, Edit, Look, Step, Submit, edited
from tui.seat.card.folder import Folder


class StoredCard:
    """The viewer's card of one session; called from one thread only."""

    def __init__(
        self, directory: Path, store: Callable[[], Engine | None], session: str, viewer: str
    ) -> None:
        """Take where the session is.

        Args:
            directory: Its recording.
            store: Opens the store; None for a recording that is in none.
            session: Its id.
            viewer: Whose card it is.

        """
        self._directory = directory
        self._opened = store
        self._session = session
        self._viewer = viewer
        self._made: Book | None = None

    def take(self, steps: Sequence[Step]) -> Folder:
        """Take these steps in their order, and return how things stand then.

        Edits are made on the newest state of the card, and kept as one draft before an order.

        Raises:
            JumpseatError: They cannot be kept, make no sense, or the card cannot be read.

        """
        book = self._book()
        edits: list[Edit] = []
        for step in steps:
            if isinstance(step, Submit | Discard | BeBlind | Look):
                self._draft(book, edits)
                edits = []
                self._order(book, step)
            else:
                edits.append(step)
        self._draft(book, edits)
        return self._folder(book)

    def _draft(self, book: Book, edits: Sequence[Edit]) -> None:
        if not edits:
            return
        book.edit(self._viewer, lambda card: reduce(edited, edits, card))

    def _order(self, book: Book, order: Submit | Discard | BeBlind | Look) -> None:
        match order:
            case Submit(why=why):
                if book.own(self._viewer).is_in:
                    book.change(None, self._viewer, why)
                else:
                    book.submit(None, self._viewer)
            case Discard():
                book.discard_draft(self._viewer)
            case BeBlind(blind=blind):
                if blind and book.own(self._viewer).is_in:
                    raise UsageError("your card is in: the tags are there to be seen", "")
                kind: CallKind = "blind" if blind else "seeing"
                call(book.engine, self._session, kind, [self._viewer], self._viewer)
            case Look():
                pass

    def _folder(self, book: Book) -> Folder:
        return Folder(
            competencies=book.competencies,
            recommendations=(book.plan.cards if book.plan else Cards()).recommendation,
            own=book.own(self._viewer),
            progress=book.progress(),
            standing=book.standing(self._viewer),
        )

    def _book(self) -> Book:
        if self._made is not None:
            return self._made
        engine, home = self._opened(), home_of(self._directory)
        if engine is None or home is None:
            raise StoreError(
                "cards are kept in the store, and a file is in none",
                "`jumpseat session import` makes a session of it",
            )
        # A follower that died, or has not begun, leaves a session that the store knows not of.
        sync_session(engine, self._directory)
        book = book_of(home, engine, self._session)
        if book.plan is not None:
            # Early in a live session the exercise may still be on its way to the journal.
            self._made = book
        return book
