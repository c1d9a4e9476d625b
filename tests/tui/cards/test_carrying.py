"""A form that was filled while the same card was filled elsewhere."""

from __future__ import annotations

from typing import Any

from recorder.cards.card import Card, Evidence, Rating
from tui.cards.carrying import carried_over


def at(t: float) -> Evidence:
    return Evidence(kind="moment", t=t)


def rating(competency: str = "care", **said: Any) -> Rating:
    return Rating(competency=competency, **said)


def card(*ratings: Rating, **said: Any) -> Card:
    return Card(ratings=ratings, **said)


def test_what_was_said_on_either_side_stays() -> None:
    before = card(rating(level=2))
    said = card(rating(level=2, reason="in the form"), recommendation=3, gaps="tests")
    newest = card(rating(level=4), rating("debugging", level=1), strengths="calm")
    assert carried_over(before, said, newest) == card(
        rating(level=4, reason="in the form"),
        rating("debugging", level=1),
        recommendation=3,
        gaps="tests",
        strengths="calm",
    )


def test_where_both_said_something_the_form_was_said_last() -> None:
    before, newest = card(reason="before"), card(rating(level=1), reason="in the seat")
    said = card(rating(level=3), reason="in the form")
    assert carried_over(before, said, newest) == said


def test_evidence_that_came_stays_and_what_was_taken_off_is_gone() -> None:
    before = card(rating(evidence=(at(1), at(2), at(3))))
    said = card(rating(evidence=(at(1), at(2), at(4))))
    newest = card(rating(evidence=(at(1), at(3), at(5))))
    found = carried_over(before, said, newest).rating("care").evidence
    assert [each.t for each in found] == [1, 4, 5]


def test_a_form_that_says_nothing_new_changes_nothing() -> None:
    before = card(rating(level=2, evidence=(at(1),)), reason="why")
    assert carried_over(before, before, Card()) == Card()
    assert carried_over(before, before, newest := card(rating(level=4))) == newest
    assert carried_over(Card(), before, Card()) == before
