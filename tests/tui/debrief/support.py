"""A session that was recorded and judged: a recording, a store, three interviewers' cards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from recorder.cards.book import Book
from recorder.cards.calls import call
from recorder.cards.card import Card, Evidence, Rating
from recorder.exercise.loader import read_exercise, shipped_directory
from recorder.exercise.schema import Competency, Exercise
from recorder.home import Home
from recorder.keys import load_keys
from recorder.recording.journal import ExerciseChosen
from recorder.recording.manifest import write_manifest
from recorder.store.sync import sync_session
from tests.tui.seat.recordings import RecordingBuilder
from tui.books import book_of

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
SECRET = "zzQuartzOwl"
LEVELS = (
    "Not enough was seen.",
    "Guesses, and changes things until something works.",
    "Reads messages, and tries what they say.",
    "Looks at state and logs first; one hypothesis at a time.",
    "Explains the cause before the first change, and proves it afterwards.",
)
COMPETENCIES = tuple(
    Competency(id=name, title=title, question=question, levels=LEVELS)
    for name, title, question in (
        ("care", "Care for what runs", "What becomes of the pages that must stay up?"),
        ("debugging", "Finding causes", "How do they find out why something does not work?"),
        ("talk", "Thinking aloud", "Can one follow what they are after, and why?"),
    )
)


def ghost_with_competencies(home: Home) -> Exercise:
    plan = read_exercise(home, shipped_directory() / "ghost.toml").plan
    return plan.model_copy(update={"competency": COMPETENCIES})


def record(home: Home, session: str = "s1") -> Path:
    """A session of five minutes in which the web server is looked at."""
    directory = home.recording(session)
    plan = ghost_with_competencies(home).model_dump(mode="json", by_alias=True, exclude_none=True)
    with RecordingBuilder(directory) as builder:
        builder.write(ExerciseChosen(t=0, name="ours", plan=plan))
        builder.terminal(1.0)
        builder.output(2.0, b"candidate@web:~$ ")
        builder.output(75.0, b"systemctl status apache2\r\nactive (running)\r\n")
        builder.output(200.0, b"candidate@web:~$ ")
        builder.close(300.0)
    write_manifest(directory, session, load_keys(home).sign)
    return directory


def recorded_book(home: Home, engine: Engine, session: str = "s1") -> Book:
    """The cards of a session that is recorded here and now."""
    sync_session(engine, record(home, session))
    return book_of(home, engine, session)


def rating(competency: str, level: int | None, reason: str, *seen: Evidence) -> Rating:
    return Rating(competency=competency, level=level, reason=reason, evidence=seen)


def seen(t: float, text: str = "", kind: str = "moment") -> Evidence:
    return Evidence.model_validate({"kind": kind, "t": t, "text": text})


def card_of_ada() -> Card:
    return Card(
        ratings=(
            rating("care", 4, f"left Apache alone {SECRET}", seen(75, "looked at its state")),
            rating("debugging", 3, "read the log first", seen(75, "apache-looked-at", "tag")),
            rating("talk", 3, "said what they would try next"),
        ),
        recommendation=3,
        reason=f"would learn the rest {SECRET}",
        strengths="calm",
        gaps="never looked at the certificate",
    )


def card_of_bo() -> Card:
    return Card(
        ratings=(
            rating("care", 2, "did not ask whose page it is", seen(200, "went on"), seen(60)),
            rating("debugging", 0, ""),
            rating("talk", 3, "thinks aloud"),
        ),
        recommendation=2,
        reason="too slow for this team",
    )


def card_of_cleo() -> Card:
    return Card(
        ratings=(
            rating("care", 3, "checked the page afterwards"),
            rating("debugging", 3, "one thing at a time"),
            rating("talk", 3, "clear"),
        ),
        recommendation=3,
        reason="as good as our last two",
    )


CARDS = {"ada": card_of_ada, "bo": card_of_bo, "cleo": card_of_cleo}


def submit(book: Book, *names: str) -> None:
    """Put these people's cards in, a minute apart."""
    for minutes, name in enumerate(names):
        book.submit(CARDS[name](), name, now=NOW + timedelta(minutes=minutes))


def asked(book: Book, *names: str) -> None:
    call(book.engine, book.session, "asked", names, "lead", now=NOW - timedelta(hours=1))


def opened_book(home: Home, engine: Engine) -> Book:
    """All three were asked, are in, and on the table."""
    book = recorded_book(home, engine)
    asked(book, *CARDS)
    submit(book, *CARDS)
    book.open("lead", now=NOW + timedelta(minutes=30))
    return book
