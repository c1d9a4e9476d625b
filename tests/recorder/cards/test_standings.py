"""What lists of sessions hide is what each session hides: the one rule, asked for many at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, update

from recorder.cards.book import Book
from recorder.cards.calls import call
from recorder.cards.card import Card
from recorder.cards.progress import standing_of
from recorder.cards.sealing import load_card_key
from recorder.cards.standings import hidden_sessions
from recorder.cards.tables import CardRow
from recorder.exercise.loader import load_exercise
from recorder.exercise.schema import Exercise
from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from recorder.store.tables import SessionRow

WHOLE = Card(recommendation=3, reason="x")
NAMES = (
    "plain",
    "blind",
    "seeing",
    "asked",
    "excused",
    "other",
    "draft",
    "in",
    "trained",
    "learning",
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    made = open_engine(store_url)
    prepare(made)
    with made.begin() as connection:
        for name in NAMES:
            connection.execute(
                insert(SessionRow).values(
                    id=name, state="closed", target="practice", started=datetime.now(UTC)
                )
            )
    yield made
    made.dispose()


def plan(home: Home, *, required: bool) -> Exercise:
    ghost = load_exercise(home, "ghost").plan
    cards = ghost.cards.model_copy(update={"blind_to_tags": required})
    return ghost.model_copy(update={"cards": cards, "competency": ()})


@pytest.mark.parametrize("required", [False, True])
def test_many_sessions_hide_what_each_hides_alone(
    home: Home, engine: Engine, required: bool
) -> None:
    followed = plan(home, required=required)
    for session, kind, who in (
        ("blind", "blind", "ada"), ("seeing", "blind", "ada"), ("seeing", "seeing", "ada"),
        ("asked", "asked", "ada"), ("excused", "asked", "ada"), ("excused", "excused", "ada"),
        ("other", "asked", "ben"), ("in", "asked", "ada"), ("in", "blind", "ada"),
    ):  # fmt: skip
        call(engine, session, kind, [who], "lead")  # type: ignore[arg-type]  # one of the kinds
    books = {name: Book(engine, load_card_key(home), name, followed) for name in NAMES}
    books["draft"].save_draft(WHOLE, "ada")
    books["in"].submit(WHOLE, "ada")
    books["trained"].submit(WHOLE, "ada", "training")
    books["learning"].save_draft(WHOLE, "ada", "training")
    books["other"].submit(WHOLE, "ben")
    hidden = hidden_sessions(engine, "ada", NAMES, lambda _: required)
    alone = {n for n in NAMES if not standing_of(engine, n, followed, "ada").sees_tags}
    assert hidden == alone
    assert {"blind"} <= hidden
    assert "in" not in hidden
    assert ("draft" in hidden) is required


def test_nothing_is_asked_where_there_is_nothing_to_show(engine: Engine) -> None:
    engine.dispose()
    assert hidden_sessions(engine, "ada", (), lambda _: True) == set()


def test_a_card_for_a_purpose_that_nobody_knows_counts_for_nothing(
    engine: Engine, home: Home
) -> None:
    book = Book(engine, load_card_key(home), "plain", plan(home, required=True))
    book.save_draft(WHOLE, "ada")
    with engine.begin() as connection:
        connection.execute(update(CardRow).values(purpose="foreign"))
    assert hidden_sessions(engine, "ada", ["plain"], lambda _: True) == {"plain"}
    assert book.standing("ada").state == "none"
