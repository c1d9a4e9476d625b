from __future__ import annotations

from collections import Counter

import pytest

from tests.tui.seat.support import make_feed, run_replay
from tui.seat.app import ReplayApp
from tui.seat.help_screen import help_text
from tui.seat.keys.action import Action, footer_hints
from tui.seat.keys.replay import ACTIONS
from tui.seat.words import hints_text


def test_no_key_means_two_things() -> None:
    keys = Counter(key for action in ACTIONS for key in action.keys)
    assert {key for key, count in keys.items() if count > 1} == set()


@pytest.mark.parametrize("columns", [1, 2])
def test_the_help_names_every_action_and_its_key(columns: int) -> None:
    lines = help_text(columns=columns).plain.split("\n")
    for action in ACTIONS:
        keys, words = action.row or (action.shown, action.words)
        assert any(f"{keys}  {words}" in line for line in lines), action.name
    told = ""
    for action in ACTIONS:
        # Some tell of several: those that follow have no row of their own.
        told = told if action.row == ("", "") else (action.row or (action.shown, ""))[0]
        assert action.shown in told, action.name


def test_the_row_of_keys_is_made_from_the_table() -> None:
    for key, words in footer_hints(ACTIONS):
        assert f"{key} {words}" in hints_text(200).plain


@pytest.mark.parametrize("width", [20, 60, 80, 120])
def test_a_narrow_row_of_keys_keeps_whole_words_and_the_help(width: int) -> None:
    row = hints_text(width)
    assert row.cell_len <= max(width, 22)
    assert row.plain.endswith("? help   q leave   ")


def test_the_help_fits_a_terminal_of_80_by_24() -> None:
    lines = help_text(columns=2).split("\n")
    assert len(lines) + 2 <= 24
    assert max(line.cell_len for line in lines) + 8 <= 80


async def test_where_the_help_is_taller_than_the_terminal_it_says_so_and_scrolls() -> None:
    async with run_replay(size=(80, 20)) as seat:
        await seat.press("question_mark")
        await seat.until(lambda: "↓ more" in seat.text)
        await seat.press("end")
        await seat.until(lambda: "announced" in seat.text)


async def test_the_palette_offers_every_action_of_the_table() -> None:
    async with run_replay() as seat:
        offered = [each.title for each in seat.app.get_system_commands(seat.app.screen)]
    assert offered == [action.words for action in ACTIONS]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
async def test_each_key_runs_its_action(action: Action, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(
        ReplayApp, f"action_{action.name}", lambda _app, *_which: ran.append(action.name)
    )
    async with run_replay(make_feed()) as seat:
        await seat.press(*action.keys)
    assert ran == [action.name] * len(action.keys)
