"""A session as the verbs about its cards need it: store, book, what evidence can point at.

Nothing is printed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import click
from click.shell_completion import CompletionItem
from sqlalchemy import Engine, select

from analyzer.judgements import judgeable
from analyzer.records import Tag
from analyzer.visible import plain
from recorder.cards.book import Book
from recorder.cards.card import Evidence
from recorder.errors import JumpseatError, UsageError
from recorder.exercise.recorded import followed
from recorder.store.directories import find_session
from recorder.store.engine import store_errors
from recorder.store.notes import notes_of, standing
from recorder.store.sync import sync_session
from recorder.store.tables import SessionRow
from recorder.transcripts.keeping import lines_of
from recorder.transcripts.values import quote_of
from tui.books import book_of, session_named
from tui.cards.pointing import Known, read_evidence
from tui.cli.output import moment
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.cli.times import parse_time
from tui.cli.verbs import settings as settings_of
from tui.person import person
from tui.seat.stored import stored_tags

_ROUNDED = 1.0
"""Seconds by which a time that is shown may lie after what it stands for."""


@dataclass(kw_only=True)
class CardSession:
    """One session and its cards, while the store is open.

    Attributes:
        id: The session's id.
        engine: The store.
        book: The cards.
        elsewhere: The home of `serve` is another: what is sealed cannot be opened here by others.

    """

    id: str
    engine: Engine
    book: Book
    elsewhere: bool

    def evidence(self, words: str, before: Sequence[Evidence] = ()) -> Evidence:
        """Return what somebody points at.

        Raises:
            UsageError: It points at nothing that there is, or that they may see.

        """
        return read_evidence(words, self._known, before)

    @cached_property
    def _known(self) -> Known:
        sees = self.book.standing(person()).sees_tags
        tags: list[Tag] = list(judgeable(stored_tags(self.engine, self.id))) if sees else []
        return Known(
            tags=tags,
            notes=standing(notes_of(self.engine, self.id)),
            spoken=self._spoken,
            parse_time=self._moment,
            show_time=moment,
        )

    def _moment(self, words: str) -> float:
        """Return the moment that is meant.

        Raises:
            UsageError: It is not a time, or the session was over by then.

        """
        t = parse_time(words)
        query = select(SessionRow.duration).where(SessionRow.id == self.id)
        with store_errors(self.engine), self.engine.connect() as connection:
            duration = connection.execute(query).scalar_one_or_none()
        if duration is not None and t > duration + _ROUNDED:
            raise UsageError(
                f"{words} is after the session's end", f"it is {moment(duration)} long"
            )
        return t

    def _spoken(self, subject: str) -> tuple[float, str]:
        """Return when a line of a transcript was said, and what.

        Raises:
            UsageError: There is no such line, or it has no time.

        """
        line = next((each for each in lines_of(self.engine, self.id) if each.id == subject), None)
        if line is None:
            raise UsageError(
                f"there is no transcript with a line {subject!r}",
                "`jumpseat transcript show SESSION` prints them",
            )
        if line.t is None:
            raise UsageError(
                f"the transcript gives no time for line {subject}",
                "point at the moment: TIME, and the words behind it",
            )
        quote = quote_of(line, line.t)
        return quote["t"], quote["text"]


@contextmanager
def card_session(settings: Settings, name: str) -> Iterator[CardSession]:
    """Give a session and its cards: one of this home's, or one that the shared store knows.

    Raises:
        SessionNotFoundError: There is none of that name.
        StoreError: The store cannot be used.
        UsageError: The session was recorded elsewhere, and the key of that home is not known.

    """
    with opened_store(settings) as engine:
        session = session_named(settings.home, engine, name, settings.card_key)
        directory = settings.home.recording(session)
        is_here = directory.is_dir()
        if is_here:
            sync_session(engine, directory)
        book = book_of(settings.home, engine, session, settings.card_key)
        yield CardSession(id=session, engine=engine, book=book, elsewhere=not is_here)


def complete_competency(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer what a card of the session rates, where that is recorded here."""
    try:
        directory = find_session(settings_of(ctx).home, str(ctx.params.get("session") or ""))
    except JumpseatError:
        return []
    chosen = followed(directory)
    rated = chosen.plan.competency if chosen is not None and chosen.plan is not None else ()
    return [
        CompletionItem(each.id, help=plain(each.title))
        for each in rated
        if each.id.startswith(incomplete)
    ]
