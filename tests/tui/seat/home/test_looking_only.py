"""Home for interviewers over SSH: everything to see, and nothing to steer."""

from __future__ import annotations

from tests.tui.seat.home.support import run_home
from tui.seat.home.keys import STEERING, help_text


async def test_who_may_only_look_has_no_key_no_palette_and_no_help_for_orders() -> None:
    async with run_home(can_steer=False, size=(120, 40)) as desk:
        first = desk.app.screen
        await desk.press("n", "A", "s", "plus", "c")
        assert desk.app.screen is first
        assert (desk.feed.orders, desk.feed.drafts) == ([], [])
        assert "new" not in desk.text.splitlines()[-1].split()
        offered = {command.title for command in desk.app.get_system_commands(first)}
        assert "Open: live, or its replay" in offered
        assert not offered & {"New session", "Let an address in", "Close it", "Screenshot"}
        await desk.press("question_mark")
        await desk.shows("Sessions", "Moving")
        assert "New session" not in desk.text
        assert "while it is live" not in desk.text


def test_whoever_steers_has_all_keys_in_the_help_in_one_column_and_in_two() -> None:
    for columns in (1, 2):
        whole = help_text(columns=columns).plain
        looking = help_text(columns=columns, hidden=STEERING).plain
        assert "Close it" in whole
        assert "Close it" not in looking
        assert "Side by side".lower() in looking.lower()
