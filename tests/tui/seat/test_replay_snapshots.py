"""What an hour's replay looks like with its timeline, at the sizes that it is made for."""

from __future__ import annotations

import pytest

from tests.tui.pictures import SNAPSHOTS, check_picture
from tests.tui.seat.hour import hour_feed
from tests.tui.seat.support import run_replay


@pytest.mark.usefixtures("universal_time")
@pytest.mark.parametrize(
    ("size", "keys"),
    [((80, 24), ()), ((120, 40), ("E", "E")), ((200, 60), ("I",))],
    ids=["80x24", "120x40-evidence", "200x60-shortened"],
)
async def test_an_hours_replay_looks_as_it_did(
    size: tuple[int, int],
    keys: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    path = SNAPSHOTS / f"hour-{request.node.callspec.id}.svg"
    async with run_replay(hour_feed(), size=size, ready=False) as seat:
        app = seat.app
        await seat.until(lambda: app.timeline.data.ticks and app.timeline.data.activity.outputs)
        await seat.press("colon", *"33:21", "enter")
        await seat.at(2001.0)
        await seat.press(*keys)
        await seat.at(2001.0)
        # Short messages go by themselves; whether they have is not what is looked at.
        app.clear_notifications()
        await seat.until(lambda: "shortened on the timeline" not in seat.text)
        await seat.pass_time(0)
        check_picture(app, path)
