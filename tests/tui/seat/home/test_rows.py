from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.seat.home.support import a_live_one, a_sitting, some_sittings
from tui.seat.home.rows import ORDERS, in_order, matching, next_order, searchable
from tui.seat.home.sittings import Sitting


def found(query: str, rows: list[Sitting]) -> list[str]:
    texts = {row.id: searchable(row) for row in rows}
    return [row.id for row in matching(rows, query, texts)]


def test_live_sessions_come_first_then_the_youngest() -> None:
    rows = [a_sitting("old", 9), a_sitting("young", 1), a_live_one("live", 5)]
    assert [row.id for row in in_order(rows)] == ["live", "young", "old"]


def test_every_order_keeps_live_sessions_first_and_loses_none() -> None:
    rows = some_sittings()
    for order in ORDERS:
        ordered = in_order(rows, order.name)
        assert sorted(row.id for row in ordered) == sorted(row.id for row in rows)
        assert [row.live for row in ordered] == sorted([row.live for row in rows], reverse=True)


def test_sessions_are_sorted_by_candidate_tags_or_target() -> None:
    rows = [
        a_sitting("b", 1, candidate="bea", topics=(("web", 1),), target="x"),
        a_sitting("a", 2, candidate="Ada", topics=(("web", 5), ("ssh", 5)), target="z"),
        a_sitting("n", 3, candidate=None, topics=(), target="y"),
    ]
    assert [row.id for row in in_order(rows, "candidate")] == ["a", "b", "n"]
    assert [row.id for row in in_order(rows, "tags")] == ["a", "b", "n"]
    assert [row.id for row in in_order(rows, "target")] == ["b", "n", "a"]
    assert [row.id for row in in_order(rows, "what nobody knows")] == ["b", "a", "n"]


def test_orders_go_round() -> None:
    name = ORDERS[0].name
    for _ in ORDERS:
        name = next_order(name).name
    assert name == ORDERS[0].name


@pytest.mark.parametrize(
    "query", ["ada", "ADA web-1", "20261120", "closed", "firewall", "locked out", " ada  ssh "]
)
def test_a_session_is_found_by_each_of_its_words(query: str) -> None:
    row = a_sitting(
        "20261120-1", topics=(("firewall", 1), ("ssh", 2)), words="Locked out\nUsed sudo"
    )
    other = a_sitting("other", candidate="Bo", target="t", topics=(), words="", state="failed")
    assert found(query, [other, row]) == ["20261120-1"]
    assert found("", [other, row]) == ["other", "20261120-1"]
    assert found("ada failed", [other, row]) == []


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_words_can_be_looked_for_in_any_words(query: str, name: str) -> None:
    rows = [a_sitting("s", candidate=name)]
    assert found(query, rows) in (["s"], [])
    assert found(" ".join(searchable(rows[0]).split()[:2]), rows) == ["s"]
