"""Cards are kept, sealed until they are opened together, and nobody's is changed in silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select, update

from recorder.cards.book import Book
from recorder.cards.calls import call
from recorder.cards.card import Card, Evidence, Rating, card_data, card_of, checked
from recorder.cards.debriefing import (
    Entering,
    add_entry,
    entries_of,
    put_entry,
    standing_entries,
)
from recorder.cards.sealing import CardKey, SealError, load_card_key
from recorder.cards.seeing import BlindError
from recorder.cards.tables import CardRow
from recorder.errors import HomeError, UsageError
from recorder.exercise.loader import load_exercise
from recorder.exercise.schema import Competency, Exercise
from recorder.home import Home
from recorder.purge import erase_rows
from recorder.store.belongings import read_rows, write_rows
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from recorder.store.tables import SessionRow
from recorder.trace.keeping import entries

LEVELS = ("nothing seen", "weak", "fair", "good", "exceptional")
SECRET = "zzQuartzOwl"


def exercise(home: Home) -> Exercise:
    plan = load_exercise(home, "ghost").plan
    known = tuple(
        Competency(id=name, title=name.title(), question="How?", levels=LEVELS)
        for name in ("debugging", "care")
    )
    return plan.model_copy(update={"competency": known})


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    made = open_engine(store_url)
    prepare(made)
    with made.begin() as connection:
        for session in ("s1", "s2"):
            connection.execute(
                insert(SessionRow).values(
                    id=session, state="closed", target="t", started=datetime.now(UTC)
                )
            )
    yield made
    made.dispose()


@pytest.fixture
def book(engine: Engine, home: Home) -> Book:
    return Book(engine, load_card_key(home), "s1", exercise(home))


def a_card(level: int = 3, words: str = SECRET) -> Card:
    return Card(
        ratings=(
            Rating(
                competency="debugging",
                level=level,
                reason=f"read the log first {words}",
                evidence=(Evidence(kind="tag", t=12.5, subject="abc", text="apache-stopped"),),
            ),
            Rating(competency="care", level=0),
        ),
        recommendation=level,
        reason=f"solid {words}",
        strengths=words,
    )


def test_a_draft_is_kept_and_gone_when_the_card_is_in(book: Book) -> None:
    book.save_draft(a_card(1), "ada")
    book.save_draft(a_card(2), "ada")
    own = book.own("ada")
    assert own.draft is not None
    assert own.card == a_card(2)
    assert own.submitted == ()
    kept = book.submit(own.card, "ada")
    assert book.own("ada").draft is None
    assert book.own("ada").submitted == (kept,)
    assert not book.discard_draft("ada")


def test_a_change_stands_beside_what_was_submitted_with_reason_and_time(book: Book) -> None:
    at = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
    first = book.submit(a_card(2), "ada", now=at)
    with pytest.raises(UsageError, match="in already"):
        book.submit(a_card(4), "ada")
    with pytest.raises(UsageError, match="with a reason"):
        book.change(a_card(4), "ada", " ")
    with pytest.raises(UsageError, match="nothing differs"):
        book.change(a_card(2), "ada", "hm")
    changed = book.change(a_card(4), "ada", "saw 12:30", now=at + timedelta(hours=1))
    assert book.own("ada").submitted == (first, changed)
    assert (changed.reason, changed.said.hour) == ("saw 12:30", 10)
    with pytest.raises(UsageError, match="not in yet"):
        book.change(a_card(4), "grace", "why not")


def test_what_is_missing_is_said_before_a_card_goes_in(book: Book) -> None:
    with pytest.raises(UsageError, match=r"Debugging is not rated.*and 2 more"):
        book.submit(Card(), "ada")
    bare = Card(ratings=(Rating(competency="care", level=4),))
    with pytest.raises(UsageError, match=r"Debugging is not rated"):
        book.submit(bare, "ada")
    with pytest.raises(UsageError, match="no competency 'luck'"):
        book.save_draft(Card(ratings=(Rating(competency="luck"),)), "ada")


def test_nobody_sees_anything_before_the_debrief_and_then_only_who_is_in(
    book: Book, engine: Engine
) -> None:
    call(engine, "s1", "asked", ["ada", "grace"], "lead")
    book.submit(a_card(2), "ada")
    for viewer in ("ada", "grace", "lead"):
        with pytest.raises(BlindError, match="not opened"):
            book.sheets(viewer)
    with pytest.raises(BlindError, match="missing: grace"):
        book.open("lead")
    assert book.waited_for() == ("grace",)
    opened = book.open("lead", early=True)
    assert opened.text == "grace"
    assert [each.who for each in book.sheets("ada")] == ["ada"]
    with pytest.raises(BlindError, match="your own card is not in"):
        book.sheets("grace")
    book.submit(a_card(4), "grace")
    assert [each.latest.card.recommendation for each in book.sheets("grace")] == [2, 4]
    changed = book.change(a_card(3), "ada", "grace showed me 12:40")
    assert book.sheets("lead")[0].states[-1] == changed
    assert book.sheets("lead")[0].first.card == a_card(2)
    with pytest.raises(UsageError, match="open already"):
        book.open("lead")


def test_who_is_excused_is_not_waited_for(book: Book, engine: Engine) -> None:
    with pytest.raises(UsageError, match="was not asked"):
        call(engine, "s1", "excused", ["grace"], "lead")
    call(engine, "s1", "asked", ["ada", "grace"], "lead")
    call(engine, "s1", "excused", ["grace"], "lead")
    with pytest.raises(BlindError, match="no card"):
        book.open("lead")
    book.submit(a_card(), "ada")
    assert book.open("lead").text == ""
    assert {each.who: each.excused for each in book.progress()} == {"ada": False, "grace": True}


def test_tags_are_hidden_where_somebody_chose_so_or_the_team_demands_it(
    book: Book, engine: Engine
) -> None:
    assert book.standing("ada").sees_tags
    call(engine, "s1", "blind", ["ada"], "ada")
    assert not book.standing("ada").sees_tags
    book.submit(a_card(), "ada")
    assert book.standing("ada").sees_tags
    assert book.plan is not None
    strict = book.plan.cards.model_copy(update={"blind_to_tags": True})
    team = Book(engine, book.key, "s1", book.plan.model_copy(update={"cards": strict}))
    assert not team.standing("grace").sees_tags
    call(engine, "s1", "asked", ["heidi"], "lead")
    assert [team.standing(who).sees_tags for who in ("grace", "heidi", "ada")] == [
        True,
        False,
        True,
    ]


def test_no_word_of_a_card_is_in_the_database_before_the_debrief(
    book: Book, engine: Engine
) -> None:
    book.save_draft(a_card(), "ada")
    book.submit(a_card(), "ada")
    book.save_draft(a_card(4), "ada")
    book.change(a_card(4), "ada", f"because {SECRET}")
    rows = str(read_rows(engine, "s1"))
    assert "ada" in rows
    assert SECRET not in rows
    sizes = [len(row["sealed"]["base64"]) for row in read_rows(engine, "s1")["cards"]]
    # age adds up to a few hundred bytes by chance; how much was said is not to be told.
    assert max(sizes) - min(sizes) < 1000
    book.open("ada")
    assert SECRET in str(read_rows(engine, "s1"))


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


def test_a_reason_for_a_change_is_kept_as_any_store_can_and_not_without_end(book: Book) -> None:
    book.submit(a_card(1), "ada")
    book.open("lead")
    with pytest.raises(UsageError, match="4001 characters"):
        book.change(a_card(2), "ada", "x" * 4001)
    book.change(a_card(2), "ada", "saw \0 and \udcff")
    assert book.sheets("lead")[0].latest.reason == "saw \ufffd and \ufffd"


@pytest.mark.parametrize("name", ["", " ", "ada ", " ada", "ada\n", "ada\u200b", "a" * 65])
def test_nobody_is_asked_by_a_name_that_nobody_has(engine: Engine, name: str) -> None:
    with pytest.raises(UsageError, match="is no name"):
        call(engine, "s1", "asked", [name], "lead")


def test_a_card_is_sealed_to_the_team_and_to_its_authors_home(
    engine: Engine, home: Home, tmp_path: Path
) -> None:
    team = load_card_key(home)
    mine = load_card_key(Home(tmp_path / "mine").ensure(), team.public)
    remote = Book(engine, mine, "s1", exercise(home))
    remote.submit(a_card(), "ada")
    assert remote.own("ada").card == a_card()
    central = Book(engine, team, "s1", remote.plan)
    central.open("lead")
    assert central.sheets("lead")[0].latest.card == a_card()


def test_a_key_that_is_none_is_told_of(home: Home) -> None:
    with pytest.raises(UsageError, match="no key that cards can be sealed to"):
        load_card_key(home, "age1nonsense")
    home.card_key.write_text("AGE-SECRET-KEY-1NONSENSE")
    with pytest.raises(HomeError, match="not an age identity"):
        load_card_key(home)


def test_training_cards_are_not_opened_with_the_others(book: Book) -> None:
    book.submit(a_card(1), "ada", "training")
    book.submit(a_card(3), "grace")
    book.open("lead")
    assert [each.who for each in book.sheets("lead")] == ["grace"]
    assert book.own("ada", "training").card == a_card(1)
    assert book.own("ada").submitted == ()


def test_a_debrief_keeps_questions_decision_and_what_replaced_them(
    book: Book, engine: Engine
) -> None:
    with pytest.raises(UsageError, match="not open"):
        add_entry(engine, "s1", Entering(kind="minute", text="hello"), "lead")
    book.submit(a_card(), "ada")
    book.open("lead")
    asked = add_entry(engine, "s1", Entering(kind="question", text="Did it reboot?"), "ada")
    with pytest.raises(UsageError, match="no question 99"):
        add_entry(engine, "s1", Entering(kind="answer", text="No", subject="99"), "ada")
    add_entry(engine, "s1", Entering(kind="answer", text="No", subject=str(asked.number)), "grace")
    add_entry(engine, "s1", Entering(kind="decision", text="hire", subject="3"), "lead")
    add_entry(engine, "s1", Entering(kind="decision", text="no hire", subject="2"), "lead")
    stands = standing_entries(entries_of(engine, "s1"))
    assert [(each.kind, each.text) for each in stands] == [
        ("opened", ""),
        ("question", "Did it reboot?"),
        ("answer", "No"),
        ("decision", "no hire"),
    ]
    assert len(entries_of(engine, "s1")) == 5


def test_all_of_it_goes_with_the_session(book: Book, engine: Engine) -> None:
    call(engine, "s1", "asked", ["ada"], "lead")
    book.submit(a_card(), "ada")
    book.open("lead")
    erase_rows(engine, ["s1"])
    assert read_rows(engine, "s1") == {}


def test_the_trace_tells_who_did_what_and_never_a_word_of_it(book: Book, engine: Engine) -> None:
    call(engine, "s1", "asked", ["ada"], "lead")
    call(engine, "s1", "asked", ["ada"], "lead")
    book.save_draft(a_card(), "ada")
    with pytest.raises(UsageError):
        book.change(a_card(), "ada", "too early")
    book.submit(a_card(), "ada")
    book.open("lead")
    book.change(a_card(4), "ada", SECRET)
    add_entry(engine, "s1", Entering(kind="decision", text=SECRET, subject="3"), "lead")
    book.submit(a_card(), "grace", "training")
    told = [(each.who, str(each.action), each.about) for each in entries(engine)]
    assert told == [
        ("lead", "raters-asked", "s1"),
        ("ada", "card-submitted", "s1"),
        ("lead", "cards-opened", "s1"),
        ("ada", "card-changed", "s1"),
        ("lead", "decided", "s1"),
        ("grace", "trained", "s1"),
    ]
    assert SECRET not in str(entries(engine))


def test_the_trace_tells_what_kind_of_thing_was_said_and_what_was_taken_back(
    book: Book, engine: Engine
) -> None:
    book.submit(a_card(), "ada")
    book.open("lead")
    for entering in (
        Entering(kind="question", text=SECRET),
        Entering(kind="answer", text=SECRET, subject="2"),
        Entering(kind="decision", text=SECRET, subject="3"),
        Entering(kind="decision", text=SECRET, subject="2"),
        Entering(kind="question", replaces=2, withdrawn=True),
        Entering(kind="closed"),
        Entering(kind="closed", replaces=7, withdrawn=True),
    ):
        add_entry(engine, "s1", entering, "lead")
    told = [(str(each.action), each.detail) for each in entries(engine) if each.who == "lead"]
    assert told == [
        ("cards-opened", "1 submission, no card missing"),
        ("said", "question 2"),
        ("said", "answer 3"),
        ("decided", "decision 4"),
        ("decided", "decision 5 in place of 4"),
        ("said", "question 2 taken back"),
        ("decided", "closed 7"),
        ("decided", "closed 7 taken back"),
    ]


@pytest.mark.parametrize("t", [-1.0, 1e308, float("inf"), float("nan")])
def test_no_moment_is_pointed_at_that_cannot_be_shown(t: float) -> None:
    seen = {"kind": "moment", "t": t}
    with pytest.raises(UsageError, match=r"ratings\.0\.evidence\.0\.t"):
        card_of({"ratings": [{"competency": "care", "evidence": [seen]}]})


words = st.text(max_size=40)


@given(
    level=st.none() | st.integers(0, 4),
    reason=words,
    t=st.floats(0, 1e6),
    subject=st.none() | st.text(max_size=20),
)
def test_a_card_is_the_same_after_json(
    level: int | None, reason: str, t: float, subject: str | None
) -> None:
    seen = Evidence(kind="moment", t=t, subject=subject, text=reason)
    card = checked(
        Card(), ratings=(Rating(competency="x", level=level, reason=reason, evidence=(seen,)),)
    )
    assert card_of(card_data(card)) == card


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=10,
)


@given(data=json_values | st.fixed_dictionaries({"ratings": json_values, "reason": json_values}))
def test_whatever_is_no_card_is_refused_in_words(data: object) -> None:
    try:
        found = card_data(card_of(data))
    except UsageError as error:
        found = {"refused": str(error).splitlines()}
    assert len(found.get("refused", [""])) == 1


def test_keys_are_private_and_made_once(home: Home) -> None:
    first: CardKey = load_card_key(home)
    assert load_card_key(home).public == first.public
    assert home.card_key.stat().st_mode & 0o777 == 0o600
