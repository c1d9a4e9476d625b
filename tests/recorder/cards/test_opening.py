"""Cards are opened together and as they were sealed; what cannot be opened is told, and kept."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, update

from recorder.cards.book import Book
from recorder.cards.calls import call
from recorder.cards.card import Card
from recorder.cards.debriefing import (
    Entering,
    put_entry,
)
from recorder.cards.keeping import envelopes
from recorder.cards.sealing import SealError, load_card_key, unseal
from recorder.cards.seeing import BlindError
from recorder.cards.tables import CardRow
from recorder.errors import StoreError, UsageError
from recorder.home import Home
from recorder.store.belongings import read_rows, write_rows
from recorder.trace.keeping import entries
from tests.recorder.cards.staging import SECRET, a_card, exercise


def test_an_exported_card_stays_sealed_where_it_is_imported(
    book: Book, engine: Engine, tmp_path: Path
) -> None:
    book.submit(a_card(), "ada")
    rows = read_rows(engine, "s1")
    with engine.begin() as connection:
        assert write_rows(connection, "s1", rows) == []
    assert book.own("ada").card == a_card()
    elsewhere = load_card_key(Home(tmp_path / "other").ensure())
    with pytest.raises(SealError, match="another key"):
        Book(engine, elsewhere, "s1", book.plan).open("eve")
    there = Book(engine, elsewhere, "s1", book.plan).own("ada")
    assert (there.submitted, there.card, there.is_lost) == ((), Card(), True)


def test_a_card_put_in_anothers_place_is_found_out(book: Book, engine: Engine) -> None:
    book.submit(a_card(1), "ada")
    with engine.begin() as connection:
        connection.execute(update(CardRow).values(who="grace"))
    own = book.own("grace")
    assert (own.submitted, own.is_in, own.is_lost) == ((), True, True)
    with pytest.raises(SealError, match="not the one that was sealed"):
        book.open("lead")


@pytest.fixture
def anew(book: Book, tmp_path: Path) -> Book:
    """Return the same book after the home's key was lost, and another was made."""
    key = load_card_key(Home(tmp_path / "after the loss").ensure())
    return Book(book.engine, key, book.session, book.plan)


def test_beside_a_card_whose_key_is_lost_its_author_puts_another(
    book: Book, anew: Book, engine: Engine
) -> None:
    first = book.submit(a_card(1), "ada")
    sealed = read_rows(engine, "s1")["cards"]
    with pytest.raises(UsageError, match="in already"):
        anew.submit(a_card(2), "ada")
    with pytest.raises(UsageError, match="with a reason"):
        anew.change(a_card(1), "ada", "")
    changed = anew.change(a_card(1), "ada", "the key was lost")
    assert read_rows(engine, "s1")["cards"][:1] == sealed
    assert [each.number for each in anew.own("ada").lost] == [first.number]
    assert anew.own("ada").submitted == (changed,)
    assert not anew.own("ada").is_lost
    with pytest.raises(UsageError, match="nothing differs"):
        anew.change(a_card(1), "ada", "again")
    told = [(each.action, each.detail) for each in entries(engine)]
    assert told[-1] == ("card-changed", "card 2, as the author's home cannot open 1")
    # Whoever finds the key again has the original in its place.
    assert book.own("ada").submitted == (first,)


def test_a_lost_state_holds_nothing_back_once_another_stands_beside_it(
    book: Book, anew: Book
) -> None:
    book.submit(a_card(1), "ada")
    with pytest.raises(SealError, match="the card of ada"):
        anew.open("lead")
    anew.change(a_card(2), "ada", "the key was lost")
    assert anew.open("lead").text == ""
    assert [each.card for each in anew.sheets("lead")[0].states] == [a_card(2)]
    with pytest.raises(UsageError, match="open already"):
        anew.open("lead", early=True)
    book.open("lead")
    assert [each.card for each in anew.sheets("lead")[0].states] == [a_card(1), a_card(2)]


def test_a_change_that_is_lost_holds_the_others_back_though_the_first_state_opens(
    book: Book, anew: Book
) -> None:
    book.submit(a_card(1), "ada")
    anew.change(a_card(2), "ada", "the key was lost")
    assert book.own("ada").is_lost
    assert book.own("ada").card == a_card(1)
    with pytest.raises(SealError, match="the card of ada"):
        book.open("lead")
    assert book.open("lead", early=True).text == "ada (cannot be opened)"


def test_a_draft_whose_key_is_lost_is_given_up_by_its_author_alone(book: Book, anew: Book) -> None:
    book.save_draft(a_card(1), "ada")
    with pytest.raises(SealError, match=r"your draft cannot be read.*jumpseat card discard s1"):
        anew.own("ada")
    assert book.own("ada").card == a_card(1)
    assert anew.discard_draft("ada")
    assert anew.own("ada").card == Card()


def test_a_card_that_cannot_be_opened_holds_the_others_back_only_until_somebody_opens_early(
    book: Book, engine: Engine
) -> None:
    book.submit(a_card(1), "ada")
    book.submit(a_card(2), "grace")
    with engine.begin() as connection:
        sealed = connection.execute(select(CardRow.sealed).where(CardRow.who == "ada")).scalar_one()
        connection.execute(update(CardRow).where(CardRow.who == "ada").values(sealed=b"broken"))
    with pytest.raises(SealError, match=r"card of ada: .*--early"):
        book.open("lead")
    assert book.open("lead", early=True).text == "ada (cannot be opened)"
    assert [each.who for each in book.sheets("lead")] == ["grace"]
    with engine.begin() as connection:
        connection.execute(update(CardRow).where(CardRow.who == "ada").values(sealed=sealed))
    book.open("lead")
    assert [each.who for each in book.sheets("lead")] == ["ada", "grace"]
    with pytest.raises(UsageError, match="open already"):
        book.open("lead")


def test_an_opening_that_nobody_made_shows_no_card_and_keeps_none_sealed_for_ever(
    book: Book, engine: Engine
) -> None:
    book.submit(a_card(1), "ada")
    with engine.begin() as connection:
        put_entry(connection, "s1", Entering(kind="opened"), "eve")
    book.submit(a_card(2), "bo")
    assert book.sheets("lead") == ()
    assert SECRET not in str(read_rows(engine, "s1"))
    call(engine, "s1", "asked", ["grace"], "lead")
    with pytest.raises(BlindError, match="missing: grace"):
        book.open("lead")
    book.open("lead", early=True)
    assert [each.who for each in book.sheets("lead")] == ["ada", "bo"]


@pytest.mark.parametrize("stamp", [{}, {"stamp": "0" * 64}, {"stamp": 7}], ids=str)
def test_a_card_that_was_forged_onto_the_table_opens_no_other(
    book: Book, engine: Engine, stamp: dict[str, object]
) -> None:
    """Whoever may write the store has the key that cards are sealed to, as everybody has."""
    book.submit(a_card(1), "ada")
    book.submit(a_card(2), "eve")
    with engine.begin() as connection:
        put_entry(connection, "s1", Entering(kind="opened"), "eve")
        (found,) = (each for each in envelopes(connection, "s1") if each.who == "eve")
        content = unseal(book.key, found.sealed) | stamp
        connection.execute(update(CardRow).where(CardRow.who == "eve").values(opened=content))
    late = a_card(3, "zzLateHeron")
    book.submit(late, "bo")
    book.change(a_card(2, "zzLateHeron"), "ada", "zzLateHeron")
    assert "zzLateHeron" not in str(read_rows(engine, "s1"))
    assert book.sheets("lead") == ()
    book.open("lead")
    assert [each.who for each in book.sheets("lead")] == ["ada", "bo", "eve"]


@pytest.mark.parametrize(
    "disguise",
    [{}, {"kind": "draft"}, {"purpose": "training"}, {"who": "ivan"}],
    ids=["as it is", "as a draft", "as training", "as another's"],
)
def test_what_was_opened_in_another_session_opens_none_here(
    book: Book, engine: Engine, disguise: dict[str, str]
) -> None:
    """Its stamp is genuine, and whoever may write the store can copy it."""
    other = Book(engine, book.key, "s2", book.plan)
    other.submit(a_card(1), "eve")
    other.open("lead")
    book.submit(a_card(2), "ada")
    with engine.begin() as connection:
        put_entry(connection, "s1", Entering(kind="opened"), "eve")
        (opened,) = connection.execute(
            select(CardRow.__table__).where(CardRow.session == "s2")
        ).mappings()
        copied = dict(opened) | {"session": "s1", "number": 9} | disguise
        connection.execute(insert(CardRow).values(copied))
    book.submit(a_card(3, "zzLateHeron"), "bo")
    assert "zzLateHeron" not in str(read_rows(engine, "s1"))
    with contextlib.suppress(SealError):
        assert book.sheets("lead") == ()


def test_a_late_card_of_another_home_stays_sealed_and_is_on_the_table_where_the_key_is(
    engine: Engine, home: Home, tmp_path: Path
) -> None:
    team = load_card_key(home)
    mine = load_card_key(Home(tmp_path / "mine").ensure(), team.public)
    remote, central = (Book(engine, key, "s1", exercise(home)) for key in (mine, team))
    central.submit(a_card(1), "ada")
    central.open("lead")
    remote.submit(a_card(2, "zzLateHeron"), "grace")
    assert "zzLateHeron" not in str(read_rows(engine, "s1"))
    for book in (central, remote):
        assert [each.who for each in book.sheets("grace")] == ["ada", "grace"]
    central.change(a_card(4, "zzAdasChange"), "ada", "saw it")
    assert "zzAdasChange" in str(read_rows(engine, "s1"))
    other = load_card_key(Home(tmp_path / "other").ensure(), team.public)
    third = Book(engine, other, "s1", remote.plan)
    assert [each.who for each in third.sheets("lead")] == ["ada"]
    central.open("lead")
    assert [each.who for each in third.sheets("lead")] == ["ada", "grace"]


@pytest.mark.parametrize("forged", [{"level": 4}, {}, None], ids=["level", "no card", "not read"])
def test_an_opened_card_that_was_altered_is_noticed_and_opened_anew(
    book: Book, engine: Engine, forged: dict[str, int] | None
) -> None:
    book.submit(a_card(1), "ada")
    book.open("lead")
    with engine.begin() as connection:
        opened = connection.execute(select(CardRow.opened)).scalar_one()
        assert opened is not None
        card = a_card(4).model_dump(mode="json") if forged else {"ratings": 7}
        altered = [] if forged is None else opened | {"card": card}
        connection.execute(update(CardRow).values(opened=altered))
    with pytest.raises(SealError, match="not the one that was sealed"):
        book.sheets("lead")
    book.open("lead")
    assert book.sheets("lead")[0].latest.card == a_card(1)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "column",
    ["cards.said", "cards.opened", "card_calls.said", "debrief_entries.said"],
)
def test_rows_that_somebody_else_wrote_are_told_of_in_words(
    book: Book, engine: Engine, column: str
) -> None:
    """SQLite keeps whatever is written into a column; PostgreSQL refuses it."""
    call(engine, "s1", "asked", ["ada"], "lead")
    book.submit(a_card(1), "ada")
    book.open("lead")
    table, name = column.split(".")
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {table} SET {name} = '{{{{'")  # noqa: S608 - names above
    with pytest.raises(StoreError, match="never wrote"):
        book.sheets("lead")


def test_training_cards_are_not_opened_with_the_others(book: Book) -> None:
    book.submit(a_card(1), "ada", "training")
    book.submit(a_card(3), "grace")
    book.open("lead")
    assert [each.who for each in book.sheets("lead")] == ["grace"]
    assert book.own("ada", "training").card == a_card(1)
    assert book.own("ada").submitted == ()
