"""What an hour's replay looks like with its timeline, at the sizes that it is made for.

After a change that is wanted, write them anew with ``UPDATE_SNAPSHOTS=1 pytest`` on this file, and
look at the pictures before keeping them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from tests.tui.seat.hour import hour_feed
from tests.tui.seat.support import run_replay
from tests.tui.seat.test_snapshots import SNAPSHOTS, normalised


@pytest.fixture
def universal_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The title tells when the session began, in the viewer's time."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


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
        seen = normalised(app.export_screenshot(title="jumpseat"))
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(seen)
    assert seen == path.read_text(), f"{path.name} differs; see this file's docstring"
