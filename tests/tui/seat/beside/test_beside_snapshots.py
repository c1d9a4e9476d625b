"""What the comparison looks like, at a fixed clock and size. Behaviour is tested beside this.

After a change that is wanted, write them anew with ``UPDATE_SNAPSHOTS=1 pytest`` on this file, and
look at the pictures before keeping them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.tui.seat.beside.support import run_two
from tests.tui.seat.test_snapshots import normalised

SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.mark.parametrize(
    "size", [(80, 24), (120, 40), (200, 60)], ids=["80x24", "120x40", "200x60"]
)
@pytest.mark.parametrize("shown", ["screens", "table"])
async def test_the_comparison_looks_as_it_did(
    size: tuple[int, int], shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    path = SNAPSHOTS / f"{shown}-{size[0]}x{size[1]}.svg"
    async with run_two(size=size) as two:
        await two.press("2", ">", "n")
        await two.settled()
        if shown == "table":
            await two.press("t")
            await two.shows("Only right")
        seen = normalised(two.app.export_screenshot(title="jumpseat"))
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOTS.mkdir(exist_ok=True)
        path.write_text(seen)
    assert seen == path.read_text(), f"{path.name} differs; see this file's docstring"
