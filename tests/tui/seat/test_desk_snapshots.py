"""What the live seat and the sidebar look like, at a fixed clock and size."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.tui.pictures import SNAPSHOTS, check_picture
from tests.tui.seat.scene import live_feed
from tests.tui.seat.test_desk_seat import watching


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same time of day wherever the test runs, and colours."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("name", "size", "sidebar", "now"),
    [
        ("live-80x24", (80, 24), False, 2400.0),
        ("live-120x40", (120, 40), False, 2400.0),
        ("live-200x60", (200, 60), False, 2400.0),
        ("sidebar-40x50", (40, 50), True, 2400.0),
        ("sidebar-40x24-announcement", (40, 24), True, 2850.0),
    ],
)
async def test_the_live_seat_looks_as_it_did(
    name: str, size: tuple[int, int], sidebar: bool, now: float
) -> None:
    path = SNAPSHOTS / f"{name}.svg"
    async with watching(live_feed(now), size=size, sidebar=sidebar) as seat:
        shown = "marketing-page down" if now < 2500 else "say so, then press s"
        await seat.until(lambda: shown in seat.text)
        if size[1] > 30 and not sidebar:
            await seat.until(lambda: "Commands 3" in seat.text and "14:34" in seat.text)
            await seat.until(lambda: "14:07 ● cat" in seat.text)
        await seat.pass_time(0)
        check_picture(seat.app, path)
