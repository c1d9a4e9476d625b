"""Home for interviewers over SSH: everything to see, and nothing to steer."""

from __future__ import annotations

from tests.tui.seat.home.support import run_home
from tui.seat.home.keys import ACTIONS, STEERING, help_text


async def test_who_may_only_look_has_no_key_no_palette_and_no_help_for_orders() -> None:
    steering = {each.words for each in ACTIONS if each.name in STEERING}
    assert len(steering) == len(STEERING)
    async with run_home(steers=False, size=(120, 40)) as desk:
        first = desk.app.screen
        await desk.press("n", "A", "s", "plus", "c")
        assert desk.app.screen is first
        assert (desk.feed.orders, desk.feed.drafts) == ([], [])
        assert "new" not in desk.text.splitlines()[-1].split()
        offered = {command.title for command in desk.app.get_system_commands(first)}
        assert offered == {each.words for each in ACTIONS if each.name not in desk.app.hidden}
        assert not offered & steering
        await desk.press("question_mark")
        await desk.shows("Sessions", "Moving")
        assert not any(words in desk.text for words in steering)


def test_whoever_steers_has_all_keys_in_the_help_in_one_column_and_in_two() -> None:
    for columns in (1, 2):
        whole = help_text(columns=columns).plain
        looking = help_text(columns=columns, hidden=STEERING).plain
        for each in ACTIONS:
            assert each.words in whole
            assert (each.words in looking) == (each.name not in STEERING)
