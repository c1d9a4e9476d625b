"""Cards are kept, sealed until they are opened together, and nobody's is changed in silence."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Engine

from recorder.cards.book import Book
from recorder.cards.calls import call
from recorder.cards.card import Card, Rating, checked
from recorder.cards.debriefing import (
    Entering,
    add_entry,
    entries_of,
    standing_entries,
)
from recorder.cards.seeing import BlindError
from recorder.errors import UsageError
from recorder.purge import erase_rows
from recorder.store.belongings import read_rows
from recorder.trace.keeping import entries
from tests.recorder.cards.staging import SECRET, a_card


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


def test_edits_that_come_at_once_are_both_kept(book: Book) -> None:
    book.save_draft(a_card(1), "ada")
    seats = [
        threading.Thread(target=book.edit, args=("ada", partial(checked, **{name: name})))
        for name in ("strengths", "gaps", "reason")
    ]

    def edit_and_let_the_others_come(card: Card) -> Card:
        for each in seats:
            each.start()
        return checked(card, recommendation=4)

    book.edit("ada", edit_and_let_the_others_come)
    for each in seats:
        each.join()
    card = book.own("ada").card
    assert (card.recommendation, card.strengths, card.gaps, card.reason) == (
        4, "strengths", "gaps", "reason",
    )  # fmt: skip


def test_an_edit_back_to_what_is_in_leaves_no_draft(book: Book) -> None:
    assert book.edit("ada", lambda card: card).draft is None
    own = book.edit("ada", lambda _: a_card(2))
    assert own == book.own("ada")
    assert own.card == a_card(2)
    assert book.edit("ada", lambda card: card) == own, "the draft of before"
    with pytest.raises(UsageError, match="no competency 'luck'"):
        book.edit("ada", lambda _: Card(ratings=(Rating(competency="luck"),)))
    book.submit(None, "ada")
    assert book.edit("ada", lambda _: a_card(4)).draft is not None
    own = book.edit("ada", lambda _: a_card(2))
    assert (own.draft, own.card) == (None, a_card(2))
    assert own == book.own("ada")
    with pytest.raises(UsageError, match="nothing differs"):
        book.change(None, "ada", "hm")
    book.edit("ada", lambda _: a_card(4))
    assert book.change(None, "ada", "saw 12:30").card == a_card(4)


def test_a_training_card_that_says_nothing_is_begun_all_the_same(book: Book) -> None:
    assert book.edit("ada", lambda card: card, "training").draft is not None


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
