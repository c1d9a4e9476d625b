"""A replay that begins at a moment begins where a jump to it lands, and knows what it is about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tui.seat.support import make_feed
from tui.seat.player import Player
from tui.seat.transport import landing


@pytest.mark.parametrize("t", [0.0, 1.0, 60.0])
def test_it_begins_shortly_before_the_moment(t: float) -> None:
    player = Player()
    player.starts_at = t
    player.take_overview(make_feed().overview)
    assert player.transport.position == landing(t)
    assert player.lead == pytest.approx(t - landing(t))


def test_a_moment_behind_the_end_begins_at_the_end() -> None:
    player = Player()
    player.starts_at = 1e9
    overview = make_feed().overview
    player.take_overview(overview)
    assert player.transport.position == overview.duration


def test_it_begins_there_once_and_goes_on_by_itself() -> None:
    player = Player()
    player.starts_at = 60.0
    overview = make_feed().overview
    player.take_overview(overview)
    player.seek(10.0)
    player.take_overview(replace(overview, duration=130.0))
    assert player.transport.position == 10.0
