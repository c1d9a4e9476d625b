"""Cards side by side: nobody is lost, differences come first, changes stand beside what was."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from recorder.cards.card import Card, Rating
from recorder.cards.keeping import Kept
from recorder.cards.opening import Sheet
from tests.tui.debrief.support import (
    CARDS,
    COMPETENCIES,
    NOW,
    card_of_ada,
    card_of_bo,
    card_of_cleo,
    rating,
)
from tui.debrief.table import RECOMMENDATION, Table, make_table


def sheet(who: str, first: Card, *later: tuple[Card, str]) -> Sheet:
    states = [
        Kept(number=1, purpose="interview", kind="submitted", who=who, said=NOW, card=first),
        *(
            Kept(
                number=number, purpose="interview", kind="changed", who=who,
                said=NOW + timedelta(minutes=number), card=card, reason=reason,
            )
            for number, (card, reason) in enumerate(later, start=2)
        ),
    ]  # fmt: skip
    return Sheet(who=who, states=tuple(states))


def three() -> Table:
    return make_table([sheet(who, make()) for who, make in CARDS.items()], COMPETENCIES)


def test_the_widest_difference_is_first_then_who_could_not_tell_then_agreement() -> None:
    table = three()
    assert [(each.id, each.spread, each.standing) for each in table.matters] == [
        ("care", 2, "differ"),
        ("debugging", 0, "unseen"),
        ("talk", 0, "agree"),
    ]
    assert table.matters[1].unseen == ("bo",)
    assert table.differing == 1
    assert table.recommendation.spread == 1


def test_levels_that_were_given_stand_together_with_whose_they_are() -> None:
    care = three().matters[0]
    assert [(level, [each.who for each in opinions]) for level, opinions in care.given()] == [
        (2, ["bo"]),
        (3, ["cleo"]),
        (4, ["ada"]),
    ]


def test_evidence_is_by_time_and_whose_it_is() -> None:
    bo = three().matters[0].opinions[1]
    assert (bo.who, [piece.t for piece in bo.evidence]) == ("bo", [60, 200])


def test_a_change_stands_beside_what_was_submitted() -> None:
    first = card_of_bo()
    second = first.rated(rating("care", 3, "saw 1:15"))
    third = second.rated(rating("talk", 2, "no, on the second look"))
    table = make_table(
        [
            sheet("ada", card_of_ada()),
            sheet("bo", first, (second, "ada showed me 1:15"), (third, "heard it again")),
        ],
        COMPETENCIES,
    )
    care = table.matter("care")
    assert care is not None
    (bo,) = care.changed
    assert (bo.first, bo.level, bo.moved) == (2, 3, True)
    assert bo.first_reason == "did not ask whose page it is"
    (change,) = bo.changes
    assert (change.before, change.after, change.why) == (2, 3, "ada showed me 1:15")
    assert change.said == NOW + timedelta(minutes=2)
    debugging = table.matter("debugging")
    assert debugging is not None
    assert debugging.changed == ()
    assert table.recommendation.changed == ()


def test_only_the_words_may_change() -> None:
    first = card_of_cleo()
    later = first.rated(rating("talk", 3, "clearer than I wrote"))
    table = make_table([sheet("cleo", first, (later, "wording"))], COMPETENCIES)
    talk = table.matter("talk")
    assert talk is not None
    assert (talk.changed[0].moved, talk.changed[0].changes[0].why) == (False, "wording")


def test_strengths_and_gaps_are_listed_of_those_who_wrote_any() -> None:
    (voice,) = three().voices
    assert (voice.who, voice.strengths) == ("ada", "calm")


def test_what_the_exercise_does_not_know_is_shown_under_its_id() -> None:
    table = make_table([sheet(who, make()) for who, make in CARDS.items()], ())
    assert {each.title for each in table.matters} == {"care", "debugging", "talk"}
    assert table.matters[0].levels == ()


levels = st.none() | st.integers(0, 4)


@st.composite
def sheets(draw: st.DrawFn) -> list[Sheet]:
    names = draw(st.lists(st.text("abcdef", min_size=1, max_size=3), unique=True, max_size=6))

    def card() -> Card:
        rated = tuple(
            Rating(competency=each.id, level=draw(levels), reason=draw(st.text(max_size=3)))
            for each in COMPETENCIES
            if draw(st.booleans())
        )
        return Card(ratings=rated, recommendation=draw(st.none() | st.integers(1, 4)))

    return [
        sheet(name, card(), *((card(), "why") for _ in range(draw(st.integers(0, 2)))))
        for name in names
    ]


@given(found=sheets())
def test_no_rater_is_lost_and_differences_never_grow(found: list[Sheet]) -> None:
    table = make_table(found, COMPETENCIES)
    names = sorted(each.who for each in found)
    assert list(table.raters) == names
    for matter in (*table.matters, table.recommendation):
        assert [each.who for each in matter.opinions] == names
        assert sorted(who for _, some in matter.given() for who in (e.who for e in some)) == names
        for opinion in matter.opinions:
            latest = next(each for each in found if each.who == opinion.who).latest.card
            expected = (
                latest.recommendation
                if matter.id == RECOMMENDATION
                else latest.rating(matter.id).level
            )
            assert opinion.level == expected
            if not opinion.changes:
                assert not opinion.moved
    assert sorted(each.id for each in table.matters) == sorted(each.id for each in COMPETENCIES)
    spreads = [each.spread for each in table.matters]
    assert spreads == sorted(spreads, reverse=True)
    kinds = ["differ", "unseen", "agree"]
    places = [kinds.index(each.standing) for each in table.matters]
    assert places == sorted(places)
