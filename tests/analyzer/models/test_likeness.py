"""Which sessions are alike, and what makes them so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.models.likeness import LEAST_OTHERS, Profile, most_alike, rare_signals


def test_what_few_have_makes_alike_and_what_all_have_does_not() -> None:
    everybody = {"used-sudo": 3}
    here = Profile(session="a", signals={**everybody, "ghost-docker": 1})
    same = Profile(session="b", signals={**everybody, "ghost-docker": 2})
    other = Profile(session="c", signals={**everybody, "ghost-snap": 2})
    first, second = most_alike(here, [other, same])
    assert (first.session, second.session) == ("b", "c")
    assert first.alike[0].name == "ghost-docker"
    assert (first.alike[0].here, first.alike[0].there) == (1, 2)
    assert {each.name for each in second.different[:2]} == {"ghost-docker", "ghost-snap"}


def test_where_the_time_went_counts_too() -> None:
    signals = {"used-sudo": 1}
    work = {"database": 600.0, "web": 600.0}
    here = Profile(session="a", signals=signals, topics=work, activities={"reading": 1200.0})
    near = Profile(session="b", signals=signals, topics=work, activities={"reading": 60.0})
    far = Profile(
        session="c", signals=signals, topics={"ssh": 60.0}, activities={"installing": 60.0}
    )
    first, second = most_alike(here, [far, near])
    assert (first.session, first.likeness) == ("b", pytest.approx(1.0))
    assert second.likeness == pytest.approx(0.6)
    assert ("topic", "database", 0.5, 0.5) in [
        (each.kind, each.name, each.here, each.there) for each in first.alike
    ]
    assert all(each.by_phases for each in (first, second))


def test_without_phases_of_one_the_tags_decide() -> None:
    here = Profile(session="a", signals={"x": 1}, topics={"web": 5.0}, activities={"idle": 5.0})
    (found,) = most_alike(here, [Profile(session="b", signals={"x": 1})])
    assert (found.likeness, found.by_phases) == (pytest.approx(1.0), False)


def test_a_session_is_not_compared_with_itself_and_strangers_are_left_out() -> None:
    here = Profile(session="a", signals={"x": 1})
    assert most_alike(here, [here, Profile(session="b", signals={"y": 1})]) == ()
    assert most_alike(Profile(session="a"), [Profile(session="b")]) == ()


def test_what_hardly_anybody_else_has_is_rare() -> None:
    others = [
        Profile(session=f"s{n}", signals={"used-sudo": 1, **({"x": 1} if n < 2 else {})})
        for n in range(10)
    ]
    here = Profile(session="a", signals={"x": 2, "used-sudo": 1, "never-else": 1})
    assert [(each.signal, each.elsewhere, each.others) for each in rare_signals(here, others)] == [
        ("never-else", 0, 10),
        ("x", 2, 10),
    ]
    assert rare_signals(here, others[: LEAST_OTHERS - 1]) == ()


names = st.sampled_from(["a", "b", "c", "d"])
profiles = st.builds(
    lambda session, signals, topics: Profile(
        session=session, signals=signals, topics=topics, activities=topics
    ),
    st.sampled_from([f"s{n}" for n in range(6)]),
    st.dictionaries(names, st.integers(1, 10_000)),
    st.dictionaries(names, st.floats(0.1, 1e6)),
)


@given(profiles, st.lists(profiles, max_size=6))
def test_likeness_lies_between_0_and_1_and_its_parts_make_it_up(
    here: Profile, others: list[Profile]
) -> None:
    for found in most_alike(here, others, limit=100, parts=100):
        assert 0 < found.likeness <= 1
        assert sum(each.weight for each in found.alike) == pytest.approx(found.likeness, abs=1e-4)


@given(profiles, profiles)
def test_likeness_is_the_same_from_both_sides(one: Profile, other: Profile) -> None:
    forth = {each.session: each.likeness for each in most_alike(one, [other])}
    back = {each.session: each.likeness for each in most_alike(other, [one])}
    assert list(forth.values()) == pytest.approx(list(back.values()), abs=1e-5)
