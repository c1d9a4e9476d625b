"""What one viewer may know of a debrief, on every kind of store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from recorder.cards.debriefing import Entering
from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from tests.tui.debrief.support import CARDS, NOW, SECRET, asked, recorded_book, submit
from tui.debrief.meeting import read_meeting, stamp_of
from tui.debrief.saying import change_mind, say, withdraw


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    made = open_engine(store_url)
    prepare(made)
    yield made
    made.dispose()


def test_it_is_told_by_its_state_and_only_of_what_its_viewer_may_see(
    home: Home, engine: Engine
) -> None:
    book = recorded_book(home, engine)
    asked(book, *CARDS)
    submit(book, "ada", "bo")
    before = read_meeting(book, "ada")
    assert (before.state, before.table, before.entries) == ("waiting", None, ())
    assert (before.are_in, before.waited_for) == (("ada", "bo"), ("cleo",))
    assert before.heading.candidate == "Ada Example"
    assert before.heading.duration == 300.0
    first = stamp_of(book)
    book.open("lead", early=True, now=NOW + timedelta(minutes=30))
    assert stamp_of(book) != first
    say(book, Entering(kind="question", text=f"why {SECRET}?", subject="care"), "ada")
    for viewer, state in (("ada", "open"), ("lead", "open"), ("cleo", "owed")):
        seen = read_meeting(book, viewer)
        assert seen.state == state
        assert (SECRET in repr(seen)) == (state == "open")
    owed = read_meeting(book, "cleo")
    assert owed.opened is not None
    assert owed.opened.text == "cleo"
    assert "your own card is not in" in owed.hidden
    change_mind(book, "bo", "care", 3, "ada is right")
    closing = say(book, Entering(kind="closed"), "lead")
    seen = read_meeting(book, "bo")
    assert seen.state == "closed"
    assert [each.number for each in seen.unanswered] == [2]
    assert seen.table is not None
    care = seen.table.matter("care")
    assert care is not None
    assert [each.who for each in care.changed] == ["bo"]
    withdraw(book, closing.number, "lead")
    assert read_meeting(book, "bo").state == "open"
