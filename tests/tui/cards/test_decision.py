from __future__ import annotations

import pytest

from tui.cards.decision import parted


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("Hire", "beside somebody", ("Hire", ": beside somebody")),
        ("Hire", "Hire, beside somebody", ("Hire", ", beside somebody")),
        ("No hire", "no hire", ("no hire", "")),
        ("Hire", "Hired hands help", ("Hire", ": Hired hands help")),
        ("", "we could not agree", ("", "we could not agree")),
    ],
)
def test_a_recommendation_is_not_said_twice(name: str, text: str, shown: tuple[str, str]) -> None:
    assert parted(name, text) == shown
