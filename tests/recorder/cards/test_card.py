"""A card as a value: whatever JSON holds is a card, the same one again, or is refused in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.cards.card import Card, Evidence, Rating, card_data, card_of, checked
from recorder.errors import UsageError


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
