"""What the comparison looks like, at a fixed clock and size. Behaviour is tested beside this."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.pictures import check_picture
from tests.tui.seat.beside.support import run_two

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
        check_picture(two.app, path)
