from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.recording.journal import (
    ConnectionClosed,
    ConnectionOpened,
    ConnectionRefused,
    JournalEntry,
    ProbingStopped,
    SessionClosed,
)
from tests.tui.seat.scene import NOW, attempt, findings, journal, note, opening, page
from tui.seat.desk.book import Book
from tui.seat.desk.chronicle import Chronicle
from tui.seat.desk.values import Desk
from tui.seat.feed import Findings


def desk_of(entries: list[JournalEntry], t: float, *, live: bool = True) -> Desk:
    book = Book()
    book.fold(entries)
    book.take(findings())
    return book.desk(t, live=live)


@st.composite
def entries_of_any_kind(draw: st.DrawFn) -> list[JournalEntry]:
    """Journals with damage: times that go back, connections that were never opened."""
    times = st.floats(0, 4000)
    number = st.integers(1, 4)
    text = st.text(max_size=8)
    one: st.SearchStrategy[Any] = st.one_of(
        st.builds(ConnectionOpened, t=times, connection=number, peer=text),
        st.builds(ConnectionClosed, t=times, connection=number, reason=text),
        st.builds(
            attempt,
            times,
            number,
            outcome=st.sampled_from(["accepted", "partial", "refused", "error"]),
            user=text,
        ),
        st.builds(page, times, outcome=st.sampled_from(["answered", "refused", "timeout"])),
        st.builds(ConnectionRefused, t=times, peer=text, reason=st.just("address")),
        st.sampled_from(journal()),
    )
    return draw(st.lists(one, max_size=25))


@given(entries_of_any_kind(), st.lists(st.integers(0, 25), max_size=5), st.floats(0, 4000))
def test_however_the_journal_is_portioned_the_desk_is_the_same(
    entries: list[JournalEntry], cuts: list[int], t: float
) -> None:
    whole = desk_of(entries, t)
    book = Book()
    book.take(findings())
    edges = [0, *sorted(cuts), len(entries)]
    for start, end in pairwise(edges):
        book.fold(entries[start:end])
        book.desk(t, live=True)
    assert book.desk(t, live=True) == whole


@given(st.floats(0, NOW))
def test_a_replay_shows_of_a_moment_what_was_known_then(t: float) -> None:
    known = [each for each in journal() if each.t <= t]
    assert desk_of(journal(), t) == desk_of(known, t)


def test_the_desk_is_made_anew_only_where_it_may_differ() -> None:
    book = Book()
    book.fold(opening())
    desk = book.desk(100.2, live=True)
    assert book.desk(100.9, live=True) is desk
    assert book.desk(101.0, live=True) is not desk
    book.fold([page(100.5, outcome="refused")])
    assert book.desk(101.0, live=True).alarms


def test_what_comes_within_a_second_is_told_and_gone_again_before_it() -> None:
    book = Book()
    book.fold([*journal(), SessionClosed(t=3000.7, reason="closed")])
    book.take(findings())
    assert book.desk(3000.1, live=False).clock.ended is None
    assert book.desk(3000.7, live=False).clock.ended == 3000.7
    assert book.desk(3000.3, live=False).clock.ended is None
    book.take(replace(findings(), notes=(note(1, "question", 1300.5, "now?"),)))
    assert book.desk(1300.1, live=False).asked == ()
    assert [each.text for each in book.desk(1300.6, live=False).asked] == ["now?"]


def test_a_session_without_an_exercise_has_a_desk_too() -> None:
    desk = desk_of(opening()[:1], 10.0)
    assert (desk.title, desk.tasks, desk.closing, desk.clock.length) == ("", (), (), None)


def test_a_plan_of_another_version_is_none() -> None:
    broken = opening()[1].model_copy(update={"plan": {"format": 99}})
    assert desk_of([opening()[0], broken], 10.0).tasks == ()


def test_the_end_of_a_session_ends_its_clock() -> None:
    desk = desk_of([*journal(), SessionClosed(t=3000.0, reason="closed")], 3100.0)
    assert desk.clock.ended == 3000.0
    assert not any(alarm.words.startswith("nobody") for alarm in desk.alarms)


def test_what_nobody_looks_at_any_more_is_no_alarm() -> None:
    stopped = ProbingStopped(t=2000.0, reason="it crashed")
    desk = desk_of([*journal(), stopped], 2100.0)
    assert not any(probe.alarm for probe in desk.probes)
    assert desk.probes[0].words == "down, last seen"


def test_an_unreadable_start_leaves_the_desk_without_a_time_of_day() -> None:
    chronicle = Chronicle()
    chronicle.fold([opening()[0].model_copy(update={"started": "yesterday"})])
    assert chronicle.started is None


@pytest.mark.parametrize("count", [10, 2000])
def test_who_is_inside_is_told_of_however_many_others_knock(count: int) -> None:
    knocks: list[JournalEntry] = []
    for number in range(2, count):
        knocks.append(ConnectionOpened(t=400.0 + number / 100, connection=number, peer="::1"))
        knocks.append(attempt(400.0 + number / 100, number, outcome="refused"))
    desk = desk_of([*journal()[:12], *knocks], 1000.0)
    assert [each.number for each in desk.connections if each.open] == [1]
    assert len(desk.connections) <= 7
    assert desk.tried == count - 1
    assert desk.refused == count - 2


def test_findings_are_told_as_of_the_moment() -> None:
    book = Book()
    book.fold(journal())
    book.take(findings())
    assert [tag.id for tag in book.desk(1000.0, live=False).tags] == ["t2", "t1"]
    assert book.desk(1000.0, live=False).asked == ()
    assert [each.text for each in book.desk(1300.0, live=False).asked] == [
        "May I restart the web server?"
    ]
    book.take(Findings())
    assert book.desk(1300.0, live=False).tags == ()
