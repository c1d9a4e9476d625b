"""Who rates high, where people differ, how minds changed, what went with decisions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.calibration.bootstrap import interval, resamples
from analyzer.calibration.deciding import bearings
from analyzer.calibration.differing import changes, differing, distribution, spread
from analyzer.calibration.judged import (
    RECOMMENDATION,
    Judged,
    Scores,
    rated_things,
    ratings_of,
    scores,
    totals,
)
from analyzer.calibration.leniency import leniencies
from analyzer.calibration.overview import overview
from analyzer.calibration.training import compare
from recorder.cards.card import Card, Evidence, Rating


def judged(
    session: str,
    first: Mapping[str, Scores],
    latest: Mapping[str, Scores] | None = None,
    decision: int | None = None,
    signals: set[str] | None = None,
    exercise: str = "ghost",
) -> Judged:
    return Judged(
        session=session,
        exercise=exercise,
        first=first,
        latest=first if latest is None else latest,
        decision=decision,
        signals=None if signals is None else frozenset(signals),
    )


def card(recommendation: int | None = None, **levels: int | None) -> Card:
    ratings = tuple(
        Rating(
            competency=name,
            level=level,
            reason=f"because {name}",
            evidence=(Evidence(kind="moment", t=7.0, text=name),),
        )
        for name, level in levels.items()
    )
    return Card(ratings=ratings, recommendation=recommendation)


def test_scores_are_what_a_card_says_and_not_what_it_leaves_open() -> None:
    assert scores(card(3, care=0, web=4, talking=None)) == {"care": 0, "web": 4, RECOMMENDATION: 3}


def test_not_enough_to_see_is_missing_and_no_level() -> None:
    sessions = [judged("a", {"ada": {"care": 0}, "grace": {"care": 2}})]
    assert ratings_of(sessions, ("ghost", "care")) == {"grace": {"a": 2}}
    assert distribution(sessions, ("ghost", "care")) == (1, 0, 1, 0, 0)
    assert totals(sessions) == {"grace": {"a": 2}}


def test_the_same_word_in_two_exercises_is_two_things() -> None:
    both = {"ada": {"care": 1, RECOMMENDATION: 2}}
    sessions = [judged("a", both), judged("b", both, exercise="outage")]
    assert rated_things(sessions) == [("ghost", "care"), ("outage", "care"), (None, RECOMMENDATION)]
    assert ratings_of(sessions, ("outage", "care")) == {"ada": {"b": 1}}
    assert ratings_of(sessions, (None, RECOMMENDATION)) == {"ada": {"a": 2, "b": 2}}


def test_a_total_does_not_fall_where_somebody_saw_less_and_needs_half_of_what_others_saw() -> None:
    full = {"care": 4, "web": 2, "talking": 3, "shell": 3}
    given = {"ada": full, "grace": full | {"web": 0}, "heidi": {"care": 1}}
    assert totals([judged("a", given)]) == {"ada": {"a": 3}, "grace": {"a": pytest.approx(10 / 3)}}


def test_leniency_is_against_those_who_sat_in_the_same_sessions() -> None:
    strong = {"care": 4, "web": 3}
    weak = {"care": 1, "web": 1}
    lower = {name: level - 1 for name, level in strong.items()}
    sessions = [judged(f"s{n}", {"ada": strong, "grace": lower}) for n in range(5)]
    # Heidi saw only weak candidates, and rated them as ada did.
    sessions += [judged(f"w{n}", {"ada": weak, "heidi": weak}) for n in range(5)]
    found = {each.rater: each for each in leniencies(sessions)}
    assert found["grace"].figure.value == -1
    assert found["grace"].sided
    assert found["heidi"].figure.value == 0
    assert not found["heidi"].sided
    assert found["ada"].figure.value == 0.5
    assert (found["ada"].figure.cases, found["grace"].figure.cases) == (10, 5)


def test_leniency_of_few_sessions_is_not_told() -> None:
    sessions = [judged(f"s{n}", {"ada": {"care": 4}, "grace": {"care": 1}}) for n in range(4)]
    sessions.append(judged("alone", {"ada": {"care": 4}}))
    assert [each.figure.why for each in leniencies(sessions)] == ["too few: 4 of 5 needed"] * 2


def test_sessions_are_told_by_how_far_their_raters_are_apart() -> None:
    sessions = [
        judged("near", {"ada": {"care": 3, RECOMMENDATION: 3}, "grace": {"care": 3}}),
        judged(
            "far",
            {
                "ada": {"care": 1, "web": 2, RECOMMENDATION: 2},
                "grace": {"care": 4, "web": 2, RECOMMENDATION: 3},
            },
        ),
        judged("alone", {"ada": {"care": 1}}),
    ]
    found = differing(sessions)
    assert [each.session for each in found] == ["far", "near"]
    assert found[0].widest == ("care", 3)
    assert found[0].distance == pytest.approx(4 / 3)
    assert found[0].recommendations == (2, 3)


def test_spread_is_the_mean_distance_of_two_and_has_a_minimum() -> None:
    ratings = {"ada": {f"s{n}": 1.0 for n in range(8)}, "grace": {f"s{n}": 3.0 for n in range(8)}}
    assert spread(ratings).value == 2
    assert spread({"ada": {"a": 1}, "grace": {"a": 2}}).why == "too few: 1 of 8 needed"


def test_changed_minds_are_counted_by_direction_and_not_by_what_was_seen_later() -> None:
    first = {
        "ada": {"care": 1, "web": 3, "talking": 0, RECOMMENDATION: 2},
        "grace": {"care": 3, "web": 3, "talking": 2, RECOMMENDATION: 3},
    }
    latest = {
        "ada": {"care": 2, "web": 2, "talking": 2, RECOMMENDATION: 3},
        "grace": first["grace"],
    }
    found = changes([judged("a", first, latest)])
    assert (found.cards, found.changed, found.up, found.down) == (2, 1, 2, 1)
    assert (found.towards, found.away, found.across) == (2, 1, 1)


def decided(signal: str, hired: int, rejected: int) -> list[Judged]:
    return [
        judged(f"{side}{n}", {}, decision=decision, signals={signal} if n < count else set())
        for side, decision, count in (("h", 3, hired), ("r", 2, rejected))
        for n in range(6)
    ]


def test_a_signal_that_goes_with_decisions_is_told_with_ratio_and_chance() -> None:
    found = bearings(decided("tested-config", 5, 1))
    assert (found.hired, found.rejected, found.undecided) == (6, 6, 0)
    (only,) = found.signals
    # Fisher's exact, two-sided, of [[5, 1], [1, 5]]: 2 * (36 + 1) / C(12, 6).
    assert only.p == pytest.approx(74 / 924)
    assert only.ratio == pytest.approx(5)
    assert only.adjusted == only.p


def test_nothing_is_told_of_few_decisions_or_of_a_signal_that_nearly_all_have() -> None:
    few = bearings(decided("tested-config", 3, 3)[3:])
    assert few.why == "too few: 3 for and 6 against, 4 of each needed"
    assert bearings(decided("tested-config", 6, 3)).signals == ()
    assert bearings(decided("tested-config", 6, 3)).left_out == 1
    unknown = [judged("u", {}, decision=3), judged("o", {}, signals=set())]
    assert bearings([*decided("tested-config", 5, 1), *unknown]).undecided == 2
    assert bearings(decided("tested-config", 4, 0)).signals[0].ratio is None


def test_draws_are_always_the_same_and_always_as_many_as_there_are() -> None:
    assert (resamples(7) == resamples(7)).all()
    assert (resamples(7).sum(axis=1) == 7).all()
    with pytest.raises(ValueError, match="nothing"):
        resamples(0)


def test_an_interval_of_draws_that_mostly_have_no_value_is_none() -> None:
    draws = resamples(1)[:, 0]
    assert interval(draws) == (1, 1)
    draws[: len(draws) // 2 + 1] = float("nan")
    assert interval(draws) == (None, None)


def test_the_whole_overview_is_json_also_of_nothing() -> None:
    assert json.loads(json.dumps(overview([]).as_json()))["sessions"] == 0
    told: list[float] = []
    found = overview([judged("a", {"ada": {"care": 1}})], told.append)
    assert [each.name for each in found.agreement] == ["care", RECOMMENDATION]
    assert told == [0.5, 1]


card_scores = st.dictionaries(
    st.sampled_from(["care", "web", RECOMMENDATION]), st.integers(0, 4), max_size=3
)
hands = st.dictionaries(st.sampled_from(["ada", "grace", "heidi"]), card_scores, max_size=3)


@settings(max_examples=60)
@given(
    st.lists(
        st.builds(
            Judged,
            session=st.uuids().map(str),
            exercise=st.sampled_from([None, "ghost", "outage"]),
            first=hands,
            latest=hands,
            decision=st.none() | st.integers(1, 4),
            signals=st.none() | st.frozensets(st.sampled_from("abc")),
        ),
        max_size=24,
    )
)
def test_whatever_the_cards_every_figure_is_a_number_or_says_why_not(
    sessions: list[Judged],
) -> None:
    found = overview(sessions).as_json()
    json.dumps(found, allow_nan=False)
    for figure in _figures(found):
        assert (figure["value"] is None) == bool(figure["why"])


def _figures(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.keys() >= {"value", "why"}:
            yield value
        for each in value.values():
            yield from _figures(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _figures(each)


def test_a_trainee_is_held_against_what_stands_and_led_to_where_they_differ() -> None:
    own = card(2, care=4, web=2, talking=0)
    others = {
        "grace": (card(3, care=2, web=2, talking=3), card(3, care=3, web=2, talking=3)),
        "ada": (card(3, care=2, web=2, talking=3),) * 2,
    }
    found = compare("ivan", own, others, ["care", "web", "talking"])
    care, web, talking, recommendation = found.compared
    assert (care.distance, care.far) == (1.5, True)
    assert [(each.who, each.first, each.level) for each in care.others] == [
        ("ada", 2, 2),
        ("grace", 2, 3),
    ]
    assert care.others[0].evidence[0].t == 7
    assert (web.distance, web.far) == (0, False)
    assert talking.distance is None
    assert recommendation.distance == -1
    assert (found.apart, found.above) == (0.75, 0.75)
