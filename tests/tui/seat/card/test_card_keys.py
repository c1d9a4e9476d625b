"""The card's table of keys: what it names is there, and the help tells of all of it."""

from __future__ import annotations

from collections import Counter

import pytest

from tui.seat.card.keys import ACTIONS, card_help
from tui.seat.card.screen import CardScreen
from tui.seat.keys.action import Action, footer_hints
from tui.seat.words import hints_text


def test_no_key_means_two_things() -> None:
    keys = Counter(key for action in ACTIONS for key in action.keys)
    assert {key for key, count in keys.items() if count > 1} == set()


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_every_name_is_something_that_the_card_does(action: Action) -> None:
    assert callable(getattr(CardScreen, f"action_{action.name}"))


def test_the_help_tells_of_every_key_and_fits_80_by_24() -> None:
    lines = card_help(columns=1).split("\n")
    assert len(lines) + 2 <= 24
    assert max(line.cell_len for line in lines) + 8 <= 80
    told = ""
    for action in ACTIONS:
        told = told if action.row == ("", "") else (action.row or (action.shown, ""))[0]
        assert action.shown in told, action.name
        assert told in card_help(columns=1).plain


def test_the_row_of_keys_fits_80_columns_whole() -> None:
    hints = footer_hints(ACTIONS)
    row = hints_text(78, hints).plain
    assert all(f"{key} {words}" in row for key, words in hints)
