"""Sessions whose cards are on the table, as many as calibration needs, made without a candidate."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine, insert

from analyzer.tables import AnalysisRow, TagRow
from recorder.cards.book import Book
from recorder.cards.card import Card, Evidence, Rating
from recorder.cards.debriefing import Entering, add_entry
from recorder.cards.sealing import load_card_key
from recorder.exercise.loader import read_exercise, shipped_directory
from recorder.exercise.schema import Competency, Exercise
from recorder.home import Home
from recorder.recording.journal import (
    JOURNAL_NAME,
    ExerciseChosen,
    JournalEntry,
    SessionClosed,
    SessionOpened,
    SessionTerms,
    encode_entry,
)
from recorder.store.sync import sync_session

COMPETENCIES = ("debugging", "care", "talking")
RATERS = {"ada": 0, "grace": -1, "heidi": 1}
"""How many levels each is above what they see."""


def plan(home: Home) -> Exercise:
    """Return the shipped exercise with competencies of the tests' own."""
    shipped = read_exercise(home, shipped_directory() / "ghost.toml").plan
    levels = ("nothing seen", "weak", "fair", "good", "exceptional")
    known = tuple(
        Competency(id=name, title=name.title(), question="How?", levels=levels)
        for name in COMPETENCIES
    )
    return shipped.model_copy(update={"competency": known})


def a_card(
    levels: Sequence[int], recommendation: int, words: str = "seen", t: float = 12.5
) -> Card:
    """Return a whole card."""
    return Card(
        ratings=tuple(
            Rating(
                competency=name,
                level=level,
                reason=words,
                evidence=(Evidence(kind="moment", t=t, text=f"{words} of {name}"),),
            )
            for name, level in zip(COMPETENCIES, levels, strict=True)
        ),
        recommendation=recommendation,
        reason=words,
    )


def add_session(
    engine: Engine,
    home: Home,
    session: str,
    cards: Mapping[str, Card],
    *,
    opened: bool = True,
    exercise: str = "ours",
) -> Book:
    """Put a session with these interviewers' cards into a store; return its book."""
    directory = home.recording(session)
    directory.mkdir(parents=True)
    chosen = plan(home).model_dump(mode="json", by_alias=True, exclude_none=True)
    entries: tuple[JournalEntry, ...] = (
        SessionOpened(
            t=0.0,
            program="jumpseat test",
            session=session,
            started="2026-03-04T10:00:00.000+00:00",
            monotonic=0.0,
            boot="none",
            target="203.0.113.7:22",
            listen="127.0.0.1:2222",
            candidate="A. Example",
        ),
        SessionTerms(t=0.0, exercise=exercise, consent="elsewhere", gate="everybody"),
        ExerciseChosen(t=0.0, name=exercise, plan=chosen),
        SessionClosed(t=60.0, reason="closed"),
    )
    (directory / JOURNAL_NAME).write_bytes(b"".join(map(encode_entry, entries)))
    sync_session(engine, directory)
    book = Book(engine, load_card_key(home), session, plan(home))
    for who, card in cards.items():
        book.submit(card, who)
    if opened:
        book.open("lead")
    return book


def add_tags(engine: Engine, session: str, signals: Sequence[str]) -> None:
    """Let a session be analysed, with a tag of each of these signals."""
    with engine.begin() as connection:
        connection.execute(
            insert(AnalysisRow).values(
                session=session, version="1", updated=datetime.now(UTC), covered={}
            )
        )
        for number, signal in enumerate(signals):
            connection.execute(
                insert(TagRow).values(
                    session=session,
                    id=f"{signal}-{number}",
                    signal=signal,
                    topic="web",
                    t=float(number),
                    outcome="ok",
                    confidence=1.0,
                    detector="rule",
                    evidence=[],
                    state="established",
                )
            )


def add_season(engine: Engine, home: Home, sessions: int = 12) -> list[str]:
    """Put a season of interviews into a store, decided, with tags; the same each time."""
    chance = random.Random(7)
    names = [f"s{number:02}" for number in range(sessions)]
    for session in names:
        truth = [chance.randint(1, 4) for _ in COMPETENCIES]
        hire = sum(truth) >= 8
        cards = {
            who: a_card(
                [min(4, max(1, each + above * chance.randint(0, 1))) for each in truth],
                3 if hire else 2,
            )
            for who, above in RATERS.items()
        }
        book = add_session(engine, home, session, cards)
        decision = Entering(kind="decision", text="so", subject="3" if hire else "2")
        add_entry(engine, book.session, decision, "lead")
        add_tags(engine, session, ["tested-config"] if hire else ["locked-out"])
    return names
