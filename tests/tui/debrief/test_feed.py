"""Cards that cannot be noted as seen are not shown; what is noted is that they were, once."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from recorder.cards.debriefing import Entering, entries_of
from recorder.cards.sealing import SealError
from recorder.cards.tables import CardRow
from recorder.errors import RoleError, StoreError, TraceError, UsageError
from recorder.home import Home
from tests.tui.debrief.running import feed_of, run_debrief
from tests.tui.debrief.support import (
    CARDS,
    SECRET,
    asked,
    card_of_bo,
    opened_book,
    rating,
    recorded_book,
    submit,
)
from tui import person as people
from tui.debrief.meeting import read_meeting, stamp_of
from tui.debrief.saying import change_mind, open_debrief, say


def refuse(_where: str) -> None:
    raise TraceError("this could not be noted in the trace, and is not done", "make room")


async def test_what_cannot_be_noted_is_not_shown(home: Home, engine: Engine) -> None:
    book = recorded_book(home, engine)
    asked(book, *CARDS)
    submit(book, *CARDS)
    async with run_debrief(book, "ada", note=refuse) as table:
        await table.shows("All who were asked are in")
        book.open("lead")
        await table.shows("could not be noted in the trace")
        assert SECRET not in table.text
        assert table.app.meeting is not None
        assert table.app.meeting.table is None


def test_that_cards_are_seen_is_noted_once_and_the_minutes_each_time(
    home: Home, engine: Engine, tmp_path: Path
) -> None:
    noted: list[str] = []
    feed = feed_of(opened_book(home, engine), "ada", note=noted.append)
    for _ in range(3):
        feed.read()
    for name in ("one.md", "two.md"):
        feed.write_minutes(str(tmp_path / name))
    assert noted == ["screen", "minutes", "minutes"]


def test_nothing_is_noted_while_nothing_is_to_be_seen(home: Home, engine: Engine) -> None:
    book = recorded_book(home, engine)
    asked(book, "bo")
    submit(book, "ada")
    assert feed_of(book, "ada", note=refuse).read().state == "waiting"
    book.open("lead", early=True)
    assert feed_of(book, "bo", note=refuse).read().state == "owed"


def test_the_stamp_is_another_one_after_whatever_is_said_or_put_in(
    home: Home, engine: Engine
) -> None:
    book = recorded_book(home, engine)
    stamps = [stamp_of(book)]
    for deed in (
        lambda: asked(book, *CARDS),
        lambda: book.save_draft(card_of_bo(), "bo"),
        lambda: book.discard_draft("bo"),
        lambda: submit(book, *CARDS),
        lambda: book.open("lead"),
        lambda: say(book, Entering(kind="minute", text="x"), "ada"),
        lambda: change_mind(book, "bo", "care", 3, "saw it"),
    ):
        deed()
        stamps.append(stamp_of(book))
    assert all(one != other for one, other in pairwise(stamps))


def test_a_change_that_was_begun_elsewhere_is_not_lost(home: Home, engine: Engine) -> None:
    book = opened_book(home, engine)
    draft = book.own("bo").card.rated(rating("talk", 1, "half a thought"))
    book.save_draft(draft, "bo")
    with pytest.raises(UsageError, match="begun already"):
        change_mind(book, "bo", "care", 3, "saw it")
    kept = book.own("bo").draft
    assert kept is not None
    assert kept.card == draft


@pytest.mark.parametrize(
    ("matter", "level", "why", "told"),
    [
        ("care", 2, "x", "the level that you gave"),
        ("care", 3, "  ", "changes with a reason"),
        ("care", 9, "x", "less than or equal"),
        ("", 0, "x", "greater than or equal"),
        ("luck", 3, "x", "no competency 'luck'"),
        ("care", 3, "x" * 5000, "at most 4000"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_and_the_card_stays(
    home: Home, engine: Engine, matter: str, level: int, why: str, told: str
) -> None:
    book = opened_book(home, engine)
    with pytest.raises(UsageError, match=told):
        change_mind(book, "bo", matter, level, why)
    assert len(book.own("bo").submitted) == 1


def test_a_recommendation_can_be_changed_too(home: Home, engine: Engine) -> None:
    book = opened_book(home, engine)
    change_mind(book, "bo", "", 3, "the other two convinced me")
    card = book.own("bo").card
    assert (card.recommendation, card.reason) == (3, "the other two convinced me")
    assert book.own("bo").submitted[0].card.recommendation == 2


def test_a_card_that_cannot_be_opened_is_left_out_by_who_leads_alone(
    home: Home, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = recorded_book(home, engine)
    submit(book, "ada", "bo")
    with engine.begin() as connection:
        connection.execute(update(CardRow).where(CardRow.who == "bo").values(sealed=b"broken"))
    monkeypatch.setattr(people, "_interviewers", [("ada", "interviewer")])
    with pytest.raises(SealError, match="the card of bo"):
        open_debrief(book, "ada", early=True)
    monkeypatch.setattr(people, "_interviewers", [("lead", "facilitator")])
    open_debrief(book, "lead", early=True)
    opened = read_meeting(book, "lead").opened
    assert opened is not None
    assert opened.text == "bo (cannot be opened)"


def test_deciding_and_opening_early_are_for_who_leads(
    home: Home, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = recorded_book(home, engine)
    asked(book, "ada", "bo")
    submit(book, "ada")
    monkeypatch.setattr(people, "_interviewers", [("ada", "interviewer")])
    with pytest.raises(RoleError, match="open the debrief early"):
        open_debrief(book, "ada", early=True)
    submit(book, "bo")
    # All are in: nothing of that is early, whatever was said.
    open_debrief(book, "ada", early=True)
    with pytest.raises(RoleError, match="record a decision"):
        say(book, Entering(kind="decision", text="hire", subject="3"), "ada")
    assert [each.kind for each in entries_of(engine, "s1")] == ["opened"]


def test_a_session_that_the_store_does_not_know_is_told_of(home: Home, engine: Engine) -> None:
    book = recorded_book(home, engine)
    stranger = feed_of(type(book)(engine, book.key, "s9", book.plan), "ada")
    with pytest.raises(StoreError, match="does not know session s9"):
        stranger.read()
